"""HTTP. So far only how events look on the wire."""
