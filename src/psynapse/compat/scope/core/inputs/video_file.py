"""A video file as a source of frames, again and again from its start. Needs PyAV."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from scope.core.inputs.interface import InputSource, InputSourceInfo, SourceUnavailableError
from scope.server.models_config import get_assets_dir

_SUFFIXES = frozenset({".mp4", ".mov", ".mkv", ".webm", ".avi", ".gif"})


class VideoFileInputSource(InputSource):
    """Frames of a video file: its path, or its name in the folder of uploaded files."""

    source_id: ClassVar[str] = "video_file"
    source_name: ClassVar[str] = "Video file"
    source_description: ClassVar[str] = "Frames of a video file, again and again from its start"

    def __init__(self) -> None:
        self._path = Path()
        self._frames: Iterator[Any] = iter(())

    def list_sources(self, timeout_ms: int = 5000) -> list[InputSourceInfo]:
        """The video files in the folder of uploaded files."""
        del timeout_ms
        folder = get_assets_dir()
        paths = sorted(folder.iterdir()) if folder.is_dir() else []
        return [InputSourceInfo(path.name, str(path)) for path in paths if path.suffix.lower() in _SUFFIXES]

    def connect(self, identifier: str) -> bool:
        """Whether there is such a file."""
        self._path = get_assets_dir() / Path(identifier).expanduser()
        self._frames = self._endless()
        return self._path.is_file()

    def receive_frame(self, timeout_ms: int = 100) -> Any:
        """The next frame; None when there is no connection. Raises SourceUnavailableError without PyAV."""
        del timeout_ms
        return next(self._frames, None)

    def disconnect(self) -> None:
        """Let go of the file."""
        self._frames = iter(())

    def get_source_resolution(self, identifier: str, timeout_ms: int = 5000) -> tuple[int, int] | None:
        """Width and height of the video; None when it cannot be read."""
        if not self.connect(identifier):
            return None
        frame = self.receive_frame(timeout_ms)
        self.disconnect()
        return None if frame is None else (frame.shape[1], frame.shape[0])

    def _endless(self) -> Iterator[Any]:
        try:
            av: Any = import_module("av")
        except ImportError as error:
            raise SourceUnavailableError("reading video files needs PyAV: install the package av") from error
        shown = True
        while shown:
            shown = False
            with av.open(str(self._path)) as container:
                for frame in container.decode(video=0):
                    shown = True
                    yield frame.to_ndarray(format="rgb24")
