"""``hookimpl`` marks the hooks of a package."""

from scope.core.plugins.hookspecs import hookimpl

__all__ = ["hookimpl"]
