"""Frames of several sizes and the way to models and back, where torch is installed."""

from importlib import import_module
from typing import Any

import pytest

torch: Any = pytest.importorskip("torch")
process: Any = import_module("scope.core.pipelines.process")


def frames(*sizes: tuple[int, int]) -> list[Any]:
    return [torch.full((1, height, width, 3), 10 * height, dtype=torch.uint8) for height, width in sizes]


def test_frames_are_brought_to_the_size_of_the_first():
    normal = process.normalize_frame_sizes(frames((4, 6), (8, 2), (4, 6)))
    assert [tuple(frame.shape) for frame in normal] == [(1, 4, 6, 3)] * 3
    assert [int(frame.max()) for frame in normal] == [40, 80, 40]
    assert normal[1].dtype == torch.uint8
    assert process.normalize_frame_sizes([]) == []


def test_a_size_and_a_type_may_be_given():
    (frame,) = process.normalize_frame_sizes(frames((4, 6)), target_height=2, target_width=3, dtype=torch.float32)
    assert tuple(frame.shape) == (1, 2, 3, 3)
    assert frame.dtype == torch.float32


def test_resizing_is_bilinear():
    ramp = torch.tensor([0.0, 100.0]).reshape(1, 1, 2, 1)
    target = process.normalize_frame_sizes([torch.zeros(1, 1, 4, 1), ramp])[1]
    assert target.reshape(-1).tolist() == [0.0, 25.0, 75.0, 100.0]


def test_a_chunk_goes_from_0_to_255_to_minus_1_to_1_and_back():
    values = torch.tensor([0, 51, 255], dtype=torch.uint8).reshape(1, 1, 1, 3).repeat(1, 2, 4, 1)
    chunk = process.preprocess_chunk([values, values], torch.device("cpu"), torch.float32)
    assert tuple(chunk.shape) == (1, 3, 2, 2, 4)
    assert chunk[0, :, 0, 0, 0].tolist() == pytest.approx([-1.0, -0.6, 1.0])
    back = process.postprocess_chunk(chunk.permute(0, 2, 1, 3, 4))
    assert tuple(back.shape) == (2, 2, 4, 3)
    assert torch.allclose(back * 255, values.float())
