from .ops import double

VERSION = "1.0"
