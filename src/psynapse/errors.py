"""Everything that psynapse raises on purpose.

::

    PsynapseError
    ├── SettingError            an option or environment variable has a value that cannot be used
    ├── WorkflowFileError       a file cannot be read as a workflow at all
    ├── InvalidWorkflow         a workflow whose graph cannot run; carries every finding
    ├── UnknownNode             a node id, parameter or target that the workflow does not have
    ├── TypeSyntaxError         a type written in a way that cannot be parsed
    ├── ConversionError         a value does not fit the port it arrives at
    ├── MissingKeyError         an edge selects a key that the value does not have
    ├── ExecutorError           a call could not be carried out (its process died, its values cannot be sent)
    │   └── CancelledCall       a call in another process was cancelled
    ├── EnvironmentsError       a node package cannot be installed, updated or removed (environments/errors.py)
    ├── StorageError            the data directory or the run log cannot be used
    ├── WorkerError             a worker process died, or said something that cannot be understood
    ├── UnknownRun              a run id that this server does not know
    ├── ExpiredValue            a value that is not kept any more
    ├── InvalidTransition       the scheduler was told something impossible; carries the task's story
    └── RunFailed               raised by ``psynapse.run`` when nodes failed; carries the result
        └── RunCancelled        the run was stopped before it finished

Each carries ``code`` (stable, kebab-case), ``message`` (what happened and where) and ``hint`` (what to do).
"""

from collections.abc import Mapping
from typing import ClassVar


class PsynapseError(Exception):
    """Base of every error that psynapse raises on purpose."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, hint: str = "", **context: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.context: Mapping[str, object] = context

    def __str__(self) -> str:
        return f"{self.message}\nhint: {self.hint}" if self.hint else self.message


class SettingError(PsynapseError):
    """An option or environment variable has a value that cannot be used."""

    code = "bad-setting"


class WorkflowFileError(PsynapseError):
    """A file cannot be read as a workflow at all: missing, unreadable, not JSON, not an object."""

    code = "bad-workflow-file"


class InvalidWorkflow(PsynapseError):
    """A workflow whose graph cannot run. ``diagnostics`` holds every finding, not only the first."""

    code = "invalid-workflow"

    def __init__(self, message: str, *, diagnostics: tuple[object, ...] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.diagnostics = diagnostics


class UnknownNode(PsynapseError):
    """A node id, parameter or target that the workflow does not have."""

    code = "unknown-node"


class TypeSyntaxError(PsynapseError):
    """A type written in a way that cannot be parsed."""

    code = "bad-type"


class ConversionError(PsynapseError):
    """A value does not fit the port it arrives at. ``port`` is filled in by whoever knows it."""

    code = "conversion"

    def __init__(self, message: str, *, port: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.port = port


class MissingKeyError(PsynapseError):
    """An edge selects a key that the value does not have; the message lists the keys it has."""

    code = "missing-key"


class ExecutorError(PsynapseError):
    """A call could not be carried out: its process died, or its values cannot be sent there."""

    code = "executor"


class WorkerError(PsynapseError):
    """A worker process died, or said something that cannot be understood."""

    code = "worker"


class UnknownRun(PsynapseError):
    """A run id that this server does not know."""

    code = "unknown-run"


class ExpiredValue(PsynapseError):
    """A value that is not kept any more."""

    code = "expired-value"


class StorageError(PsynapseError):
    """The data directory or the run log cannot be used, or was asked for something that cannot be."""

    code = "storage"


class InvalidTransition(PsynapseError):
    """The scheduler was told something impossible. A bug of ours; the message holds the task's story."""

    code = "invalid-transition"


class RunFailed(PsynapseError):
    """Nodes of a run failed. ``result`` is the run's result with everything that did succeed.

    ``__cause__`` is the exception of the first failed node, so a printed traceback starts with the user's own.
    """

    code = "run-failed"

    def __init__(self, message: str, *, result: object, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.result = result


class RunCancelled(RunFailed):
    """The run was stopped before it finished."""

    code = "run-cancelled"
