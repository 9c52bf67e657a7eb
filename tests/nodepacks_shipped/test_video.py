"""The nodepack for video files."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import psynapse
from psynapse.catalog.loading import load_file
from psynapse.catalog.nodepacks import Nodepack, shipped_root
from psynapse.errors import RunFailed
from psynapse.model.events import RunEvent, TaskProgress

LEVELS = (30, 130, 230)


def run(function: str, **data: Any) -> Any:
    node = {"id": "it", "type": "functionNode", "data": {"functionName": function, **data}}
    return psynapse.run({"nodes": [node], "edges": []}, nodepacks=shipped_root(), targets=["it"])["it"]


def error_of(function: str, **data: Any) -> str:
    with pytest.raises(RunFailed) as caught:
        run(function, **data)
    return str(caught.value.__cause__)


def near(picture: Any, level: int) -> bool:
    return abs(float(np.asarray(picture).mean()) - level) < 6


@pytest.fixture
def grey(tmp_path: Path) -> str:
    """Three seconds of two frames each: dark, middle, bright; 32 by 16 pixels."""
    pytest.importorskip("av")
    video = np.array([[[[level] * 3] * 32] * 16 for level in LEVELS for _ in range(2)], np.uint8)
    return run("save_video", video=video, path=str(tmp_path / "grey.mp4"), frame_rate=2)


def test_a_video_that_is_not_there_is_an_error_of_its_path(tmp_path: Path):
    pytest.importorskip("av")
    for name in ("read_video", "video_details", "video_frame", "video_thumbnails", "ReadFrames"):
        assert "there is no file" in error_of(name, path=str(tmp_path / "no.mp4"))
    assert "is a folder" in error_of("video_details", path=str(tmp_path))


@pytest.mark.parametrize("content", [b"", b"this is no video" * 100])
def test_what_is_no_video_is_said_so(content: bytes, tmp_path: Path):
    pytest.importorskip("av")
    (tmp_path / "x.mp4").write_bytes(content)
    for name in ("video_details", "video_frame", "video_thumbnails", "ReadFrames"):
        assert "is no video that can be read" in error_of(name, path=str(tmp_path / "x.mp4"))


def test_frames_are_written_and_read_again(grey: str, tmp_path: Path):
    assert grey == str(tmp_path / "grey.mp4")
    frames = run("read_video", path=grey)
    assert frames.shape == (6, 16, 32, 3)
    assert all(near(frames[2 * index], level) for index, level in enumerate(LEVELS))
    assert run("read_video", path=grey, start=1, count=1).shape == (1, 16, 32, 3)


def test_what_is_known_of_a_video_is_shown(grey: str):
    found = run("video_details", path=grey)
    assert (found["width"], found["height"], found["frames"], found["has_sound"]) == (32, 16, 6, False)
    assert (found["frame_rate"], found["seconds"]) == (2, pytest.approx(3))


def test_pictures_are_taken_from_any_moment(grey: str):
    assert [near(run("video_frame", path=grey, second=second), level) for second, level in enumerate(LEVELS)] == [
        True
    ] * 3
    assert near(run("video_frame", path=grey, second=99), LEVELS[-1])
    small = run("video_thumbnails", path=grey, count=3, longest_edge=8)
    assert [image.size for image in small] == [(8, 4)] * 3
    assert [near(image, level) for image, level in zip(small, LEVELS, strict=True)] == [True] * 3


def test_frames_are_read_with_progress_and_as_few_as_wanted(grey: str):
    events: list[RunEvent] = []
    data = {"functionName": "ReadFrames", "path": grey, "every": 2, "longest_edge": 16}
    flow = {"nodes": [{"id": "it", "type": "functionNode", "data": data}], "edges": []}
    frames: Any = psynapse.run(flow, nodepacks=shipped_root(), targets=["it"], on_event=events.extend)["it"]
    assert frames.shape == (3, 8, 16, 3)
    assert [event.body.fraction for event in events if isinstance(event.body, TaskProgress)][-1] == 1
    assert run("ReadFrames", path=grey, most=1).shape == (1, 16, 32, 3)


def test_a_video_is_written_with_progress_and_never_over_another_without_leave(tmp_path: Path):
    pytest.importorskip("av")
    video = [np.zeros((16, 16, 3), np.uint8)[None]] * 3
    path = run("WriteVideo", video=video, path=str(tmp_path / "a.mp4"))
    assert run("read_video", path=str(path)).shape == (3, 16, 16, 3)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.mp4"]
    assert "switch replace on" in error_of("WriteVideo", video=video, path=str(path), replace=False)
    assert "there is no folder" in error_of("WriteVideo", video=video, path=str(tmp_path / "no" / "a.mp4"))
    assert "is no image or video" in error_of("WriteVideo", video=3, path=str(tmp_path / "b.mp4"))
    assert "cannot be written" in error_of("WriteVideo", video=video, path=str(tmp_path / "b.odd"))
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.mp4"]


def test_images_become_the_frames_of_a_video():
    pillow = pytest.importorskip("PIL.Image")
    image = pillow.new("RGB", (4, 2), "red")
    stack: Any = load_file(
        Nodepack("video", shipped_root() / "video", "shipped", ("ops.py",)), "ops.py"
    ).images_to_video
    assert stack([image, image]).shape == (2, 2, 4, 3)
    with pytest.raises(ValueError, match="different sizes: 1 x 1 and 4 x 2"):
        stack([image, pillow.new("RGB", (1, 1))])
    assert "there are no images" in error_of("images_to_video", images=[])


def test_without_the_package_for_videos_a_node_says_which_command_adds_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    assert error_of("video_details", path=str(tmp_path)) == (
        'video files need PyAV; add it with: pip install "psynapse[video]"'
    )
