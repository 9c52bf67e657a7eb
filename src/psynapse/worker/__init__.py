"""The process boundary: user code on one side, the server on the other, JSON in between."""
