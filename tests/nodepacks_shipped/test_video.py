"""The nodepack for video files."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import psynapse
from psynapse.catalog.nodepacks import shipped_root
from psynapse.errors import RunFailed


def run(function: str, **data: Any) -> Any:
    node = {"id": "it", "type": "functionNode", "data": {"functionName": function, **data}}
    return psynapse.run({"nodes": [node], "edges": []}, nodepacks=shipped_root(), targets=["it"])["it"]


def error_of(function: str, **data: Any) -> str:
    with pytest.raises(RunFailed) as caught:
        run(function, **data)
    return str(caught.value.__cause__)


def test_a_video_that_is_not_there_is_an_error_of_its_path(tmp_path: Path):
    pytest.importorskip("av")
    assert "there is no file" in error_of("read_video", path=str(tmp_path / "no.mp4"))


def test_frames_are_written_and_read_again(tmp_path: Path):
    pytest.importorskip("av")
    levels = (30, 130, 230)
    video = [[[[level] * 3] * 32] * 16 for level in levels]
    path = run("save_video", video=np.array(video, np.uint8), path=str(tmp_path / "grey.mp4"))
    assert path == str(tmp_path / "grey.mp4")
    frames = run("read_video", path=path)
    assert frames.shape == (3, 16, 32, 3)
    assert [abs(float(frame.mean()) - level) < 6 for frame, level in zip(frames, levels, strict=True)] == [True] * 3
    assert run("read_video", path=path, start=1, count=1).shape == (1, 16, 32, 3)
