"""Pictures and videos on their way into pipelines and out of them, without torch or with it."""

import base64
import gc
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from installed_packages import array_of
from PIL import Image

from psynapse.catalog.frames import forward, forwarded, frames_of, has_torch, joined, local, video_of
from psynapse.errors import ConversionError

RED = np.zeros((2, 3, 3), np.uint8)
RED[..., 0] = 200


def arrays(value: object) -> list[Any]:
    frames = frames_of(value)
    assert {type(frame).__module__ for frame in frames} <= {"torch" if has_torch() else "numpy"}
    return [array_of(frame) for frame in frames]


def same(frames: list[Any], *expected: Any) -> bool:
    return len(frames) == len(expected) and all(
        frame.dtype == np.uint8 and np.array_equal(frame, picture[None])
        for frame, picture in zip(frames, expected, strict=True)
    )


def test_an_array_of_a_picture_is_one_frame_and_of_a_video_as_many_as_it_has():
    assert same(arrays(RED), RED)
    assert same(arrays(np.stack([RED, RED // 2])), RED, RED // 2)


def test_lists_of_anything_are_one_video_whose_frames_may_differ_in_size():
    small = np.full((1, 1, 3), 7, np.uint8)
    assert same(arrays([RED, [small], np.stack([RED])]), RED, small, RED)


def test_nothing_is_no_frames():
    assert frames_of([]) == []
    assert frames_of(np.zeros((0, 2, 3, 3), np.uint8)) == []


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1"])
def test_images_are_frames_of_three_channels_or_four(mode: str):
    (frame,) = arrays(Image.fromarray(RED).convert(mode))
    assert frame.shape == (1, 2, 3, 4 if mode == "RGBA" else 3)


def test_data_urls_and_paths_are_opened(tmp_path: Path):
    stream = io.BytesIO()
    Image.fromarray(RED).save(stream, "PNG")
    url = "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()
    (tmp_path / "red.png").write_bytes(stream.getvalue())
    assert same(arrays([url, str(tmp_path / "red.png"), tmp_path / "red.png"]), RED, RED, RED)


@given(st.lists(st.floats(min_value=-2, max_value=3, width=32), min_size=3, max_size=30))
def test_floats_count_from_0_to_1_and_fractions_are_cut(numbers: list[float]):
    values = np.array(numbers[: len(numbers) // 3 * 3], np.float32).reshape(1, -1, 3)
    expected = np.clip(values * np.float32(255), 0, 255).astype(np.uint8)
    assert same(arrays(values), expected)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_whole_numbers_survive_a_way_through_a_pipeline(dtype: str):
    numbers = np.arange(256, dtype=np.uint8).reshape(1, -1, 1).repeat(3, axis=2)
    assert same(arrays(numbers.astype(dtype) / np.dtype(dtype).type(255)), numbers)


def test_numbers_that_are_none_are_black_and_infinite_ones_are_white():
    values = np.array([np.nan, np.inf, -np.inf], np.float32).reshape(1, 1, 3)
    assert arrays(values)[0].ravel().tolist() == [0, 255, 0]


@pytest.mark.parametrize("dtype", ["int16", "int64", "uint16"])
def test_whole_numbers_of_other_sizes_count_from_0_to_255(dtype: str):
    values = np.array([[[0, 1, 300]]]).astype(dtype)
    assert arrays(values)[0].ravel().tolist() == [0, 1, 255]


def test_masks_are_black_and_white():
    assert arrays(np.array([[[False, True, True]]]))[0].ravel().tolist() == [0, 255, 255]


BAD = [
    7,
    None,
    {"a": 1},
    "nowhere.mp4",
    "data:image/png;base64,AAAA",
    "data:image/png;base64,A",
    np.zeros(3),
    np.zeros((2, 2)),
    np.zeros((2, 2, 2)),
    np.zeros((1, 2, 2, 9)),
    np.array([[["a", "b", "c"]]]),
]


@pytest.mark.parametrize("value", BAD, ids=lambda value: str(value)[:20])
def test_what_is_no_picture_is_refused_with_a_hint(value: object):
    with pytest.raises(ConversionError) as caught:
        frames_of(value)
    assert caught.value.hint


def test_frames_are_copies():
    picture = RED.copy()
    array_of(frames_of(picture)[0])[:] = 9
    assert np.array_equal(picture, RED)


def test_a_batch_is_flattened_and_rescaled_when_it_reaches_below_zero():
    batch = np.linspace(-1, 1, 2 * 3 * 4 * 5 * 6, dtype=np.float32).reshape(2, 3, 4, 5, 6)
    frames: Any = video_of(batch)
    assert frames.shape == (8, 5, 6, 3)
    assert frames[5, 2, 3, 1] == (batch[1, 1, 1, 2, 3] + 1) / 2
    positive: Any = video_of(np.abs(batch))
    assert positive[5, 2, 3, 1] == abs(batch[1, 1, 1, 2, 3])


def test_other_outputs_stay_what_they_are_but_a_picture_becomes_a_video():
    video = np.zeros((2, 2, 2, 3), np.float32)
    assert video_of(video) is video
    assert video_of("text") == "text"
    assert array_of(video_of(RED)).shape == (1, 2, 3, 3)
    assert local(video) is video


def test_outputs_are_joined_along_time_and_stay_apart_when_their_sizes_differ():
    one, two = np.zeros((1, 2, 2, 3)), np.ones((2, 2, 2, 3))
    assert np.array_equal(array_of(joined([one, two], 0)), np.concatenate([one, two]))
    assert joined([one], 0) is one
    other = np.ones((1, 9, 9, 3))
    assert joined([one, other], 0) == [one, other]
    sound: Any = joined([np.zeros((2, 5)), np.ones((2, 3))], -1)
    assert sound.shape == (2, 8)


def test_parameters_travel_with_a_video_and_end_with_it():
    video = np.zeros((1, 2, 2, 3))
    forward(video, {"beat": 3})
    assert forwarded(video) == {"beat": 3}
    assert forwarded(np.zeros((1, 2, 2, 3))) == {}
    assert forwarded("text") == {}
    key = id(video)
    del video
    gc.collect()
    from psynapse.catalog import frames

    assert key not in frames._FORWARDED


def test_tensors_are_taken_and_given():
    torch = pytest.importorskip("torch")
    values = torch.rand((2, 3, 4, 3), requires_grad=True)
    frames = frames_of(values)
    assert [(tuple(frame.shape), frame.dtype, frame.requires_grad) for frame in frames] == [
        ((1, 3, 4, 3), torch.uint8, False)
    ] * 2
    assert torch.equal(frames[1][0], (values[1] * 255).clamp(0, 255).to(torch.uint8))
    batch: Any = video_of(torch.zeros((1, 3, 4, 5, 6)) - 1)
    assert tuple(batch.shape) == (4, 5, 6, 3)
    assert float(batch.max()) == 0.0
    assert isinstance(frames_of(RED)[0], torch.Tensor)
    assert torch.equal(joined([torch.zeros(1, 2), torch.ones(1, 3)], -1), torch.tensor([[0.0, 0, 1, 1, 1]]))
