"""Previews of videos: the first frame beside shape and figures."""

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from psynapse.engine.previews import preview
from psynapse.model.json_text import dumps


def picture_in(value: Any, limit: int = 65_536) -> Image.Image | None:
    found = preview(value, limit=limit)
    assert len(dumps(found)) <= limit
    assert isinstance(found, dict)
    assert found["$preview"] == "array"
    head = found["head"]
    assert isinstance(head, dict)
    assert head["shape"] == tuple(value.shape)
    url = head.get("picture")
    if url is None:
        return None
    assert isinstance(url, str)
    return Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))


def colour(image: Image.Image | None) -> list[int]:
    assert image is not None
    return [round(float(level)) for level in np.asarray(image.convert("RGB")).mean(axis=(0, 1))]


def video(dtype: str = "float32", shape: tuple[int, ...] = (3, 64, 96, 3)) -> Any:
    frames = np.zeros(shape, dtype)
    frames[0, ..., 0] = 1 if "float" in dtype else 255
    return frames


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "uint8"])
def test_a_video_shows_its_first_frame(dtype: str):
    image = picture_in(video(dtype))
    assert image is not None
    assert image.size == (96, 64)
    assert colour(image) == pytest.approx([254, 0, 0], abs=3)


def test_numbers_beyond_white_and_those_that_are_none_do_no_harm():
    frames = video()
    frames[0] = [9.0, np.nan, -np.inf]
    assert colour(picture_in(frames)) == pytest.approx([254, 0, 0], abs=3)


def test_a_large_frame_is_made_smaller_until_it_fits():
    noise = np.random.default_rng(0).integers(0, 256, (2, 1500, 2600, 4), dtype=np.uint8)
    image = picture_in(noise, 16_384)
    assert image is not None
    assert max(image.size) <= 640


@pytest.mark.parametrize("shape", [(640, 96, 3), (3, 64, 96, 7), (300, 8, 96, 3), (3, 64, 96, 3, 2)])
def test_other_arrays_show_none(shape: tuple[int, ...]):
    assert picture_in(np.zeros(shape, np.float32)) is None


def test_whole_numbers_that_are_no_bytes_are_no_video():
    assert picture_in(video("int64")) is None


def test_a_tensor_shows_its_first_frame():
    torch = pytest.importorskip("torch")
    assert colour(picture_in(torch.from_numpy(video()).requires_grad_())) == pytest.approx([254, 0, 0], abs=3)
    assert colour(picture_in(torch.from_numpy(video()).bfloat16())) == pytest.approx([254, 0, 0], abs=3)
