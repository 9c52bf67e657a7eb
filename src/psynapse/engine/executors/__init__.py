"""How a task's call is carried out: by a thread of this process, on an event loop, or in another process."""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psynapse.engine.executors.aio import AioExecutor
    from psynapse.engine.executors.process import ProcessExecutor
    from psynapse.engine.executors.thread import HelperThreads


class Executors:
    """The executors of one process, shared by its runs; each is imported and started when it is first needed."""

    def __init__(self, processes: int | None = None) -> None:
        self._processes = processes

    @cached_property
    def threads(self) -> "HelperThreads":
        """Helper threads."""
        from psynapse.engine.executors.thread import HelperThreads  # noqa: PLC0415

        return HelperThreads()

    @cached_property
    def aio(self) -> "AioExecutor":
        """The event loop."""
        from psynapse.engine.executors.aio import AioExecutor  # noqa: PLC0415 -- asyncio takes 30 ms to import

        return AioExecutor()

    @cached_property
    def process(self) -> "ProcessExecutor":
        """Child processes."""
        from psynapse.engine.executors.process import ProcessExecutor  # noqa: PLC0415

        return ProcessExecutor(self._processes)

    def close(self) -> None:
        """End what was started."""
        for name in ("threads", "aio", "process"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()
