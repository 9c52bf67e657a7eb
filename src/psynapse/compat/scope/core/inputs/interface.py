"""The base of sources of frames."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from types import TracebackType
from typing import Any, ClassVar, Self


class InputSourceError(Exception):
    """A source cannot be used."""


class InvalidSourceURLError(InputSourceError):
    """What is meant to name a source does not."""


class SourceUnavailableError(InputSourceError):
    """The source is there, but not for us."""


@dataclass
class InputSourceInfo:
    """A source that was found: its name, and what ``connect`` takes."""

    name: str
    identifier: str
    metadata: dict[str, Any] | None = None


class InputSource(ABC):
    """Somewhere that frames come from, one at a time."""

    source_id: ClassVar[str]
    source_name: ClassVar[str]
    source_description: ClassVar[str]

    @classmethod
    def is_available(cls) -> bool:
        """Whether it works on this machine."""
        return True

    @abstractmethod
    def list_sources(self, timeout_ms: int = 5000) -> list[InputSourceInfo]:
        """What it could be connected to."""

    @abstractmethod
    def connect(self, identifier: str) -> bool:
        """Whether it is connected now."""

    @abstractmethod
    def receive_frame(self, timeout_ms: int = 100) -> Any:
        """The next frame, an array of shape (H, W, 3) from 0 to 255; None when none has come."""

    @abstractmethod
    def disconnect(self) -> None:
        """End the connection."""

    def get_source_resolution(self, identifier: str, timeout_ms: int = 5000) -> tuple[int, int] | None:
        """Width and height of its frames, where they can be known."""
        del identifier, timeout_ms
        return None

    def close(self) -> None:
        """Let go of everything."""
        self.disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
