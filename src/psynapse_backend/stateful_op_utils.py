"""The reporters, under the name that existing nodepacks import."""

from psynapse.model.authoring import ProgressReporter, StreamReporter

__all__ = ["ProgressReporter", "StreamReporter"]
