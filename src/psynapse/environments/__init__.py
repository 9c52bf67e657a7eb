"""Which packages the worker sees: the base, and generations of node packages layered on it."""
