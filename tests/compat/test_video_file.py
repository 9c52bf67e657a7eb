"""A video file as a source of frames."""

from pathlib import Path

import pytest

from scope.core.inputs.interface import SourceUnavailableError
from scope.core.inputs.video_file import VideoFileInputSource


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VideoFileInputSource:
    monkeypatch.setenv("DAYDREAM_SCOPE_ASSETS_DIR", str(tmp_path))
    return VideoFileInputSource()


def test_video_files_among_the_uploaded_ones_are_listed(source: VideoFileInputSource, tmp_path: Path):
    for name in ("b.mp4", "a.webm", "note.txt"):
        (tmp_path / name).touch()
    assert [info.name for info in source.list_sources()] == ["a.webm", "b.mp4"]


def test_a_file_that_is_not_there_cannot_be_connected(source: VideoFileInputSource):
    assert source.connect("nothing.mp4") is False
    assert source.get_source_resolution("nothing.mp4") is None


def test_frames_come_again_and_again_from_the_start(source: VideoFileInputSource, tmp_path: Path):
    pytest.importorskip("av")
    import numpy as np

    from psynapse.catalog.video_files import write_video

    pictures = [np.full((16, 32, 3), level, np.uint8) for level in (20, 120, 220)]
    write_video(tmp_path / "three.mp4", pictures)
    with source:
        assert source.connect("three.mp4")
        levels = [round(float(source.receive_frame().mean()), -1) for _ in range(7)]
    assert levels == [20, 120, 220, 20, 120, 220, 20]
    assert source.receive_frame() is None
    assert source.get_source_resolution("three.mp4") == (32, 16)


def test_without_pyav_it_says_what_is_missing(source: VideoFileInputSource, tmp_path: Path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, "av", None)
        (tmp_path / "a.mp4").touch()
        source.connect("a.mp4")
        with pytest.raises(SourceUnavailableError, match="PyAV"):
            source.receive_frame()
