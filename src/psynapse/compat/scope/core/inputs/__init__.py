"""Where frames come from."""

from scope.core.inputs.interface import InputSource, InputSourceInfo

__all__ = ["InputSource", "InputSourceInfo"]
