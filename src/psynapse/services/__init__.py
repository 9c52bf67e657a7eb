"""The verbs of the product, shared by command line, Python and HTTP."""
