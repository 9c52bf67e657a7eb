"""The base of configs; an earlier home of the name."""

from scope.core.pipelines.base_schema import BasePipelineConfig

__all__ = ["BasePipelineConfig"]
