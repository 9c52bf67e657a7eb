"""What a pipeline wants before its next call; an earlier home of the name."""

from scope.core.pipelines.interface import Requirements

__all__ = ["Requirements"]
