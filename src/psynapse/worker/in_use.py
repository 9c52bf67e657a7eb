"""No generation is taken away while it is used: each worker has a shared lock, whoever collects an exclusive one."""

import fcntl
import os
from pathlib import Path

from psynapse.errors import WorkerError


class GenerationGone(WorkerError):
    """The generation that a worker was to be made from is not there any more, or about to go."""

    code = "generation-gone"


class InUse:
    """A shared lock on a file, held until ``release`` or the end of this process."""

    def __init__(self, path: Path) -> None:
        """Take the lock. Raises GenerationGone when the file is not there, or somebody holds it exclusively."""
        hint = "try again: the current generation is another one by now"
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            message = f"the generation in {path.parent} is not there any more: {error.strerror}"
            raise GenerationGone(message, hint=hint) from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            there = os.path.samestat(os.fstat(self._descriptor), path.stat())
        except OSError as error:
            self.release()
            raise GenerationGone(f"the generation in {path.parent} is being removed", hint=hint) from error
        if not there:
            # Removed between opening and locking, and perhaps made anew.
            self.release()
            raise GenerationGone(f"the generation in {path.parent} was removed", hint=hint)

    def release(self) -> None:
        """Give the lock back; twice is once."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
