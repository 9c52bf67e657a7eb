"""What a preview of an array or tensor shows: figures, a corner of it, and of a video its first frame."""

import math
import sys
from importlib import import_module
from typing import Any, Final

from psynapse.engine.encoding import encode, to_json
from psynapse.engine.simplify import tensor_array
from psynapse.model.guarded import attempt
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps

_SAMPLE: Final = 16_384
_VIDEO: Final = 4
_COLOURS: Final = frozenset({3, 4})
_SMALLEST: Final = 16
_WHITE: Final = 255


def array_head(value: Any, shape: tuple[int, ...], room: int) -> dict[str, Json]:
    """Shape, type, figures and a corner of an array, as much of it as fits into ``room`` bytes."""
    head: dict[str, Json] = {"shape": shape, "dtype": str(value.dtype)[:80]}
    head |= attempt(_nothing(), _statistics, value, shape)
    for most in (256, 64, 16, 4, 1):
        corner, whole = encode(_local(value[_corner(shape, most)]), room - 500)
        if (whole or most == 1) and len(dumps(corner)) <= room - 500:
            head["corner"] = corner
            break
    return head


def looks_like_video(value: Any, shape: tuple[int, ...]) -> bool:
    """Whether an array is likely to be time, height, width and colour."""
    large = len(shape) == _VIDEO and min(shape[1:3]) >= _SMALLEST and shape[0] > 0
    return large and shape[3] in _COLOURS and ("float" in str(value.dtype) or str(value.dtype).endswith("uint8"))


def image_of(video: Any, shape: tuple[int, ...]) -> Any:
    """The first frame of a video as a PIL image; floats count from 0 to 1. Fails where Pillow is missing."""
    numpy = sys.modules["numpy"]
    # Of a large one every few pixels are enough, and on a GPU only those are fetched.
    step = max(1, max(shape[1:3]) // 1280)
    frame = _local(video[0, ::step, ::step, :3])
    if frame.dtype.kind == "f":
        frame = numpy.clip(numpy.nan_to_num(frame.astype("float32")), 0, 1) * _WHITE
    return import_module("PIL.Image").fromarray(numpy.ascontiguousarray(frame.astype("uint8")))


def _nothing() -> dict[str, Json]:
    return {}


def _local(part: Any) -> Any:
    return tensor_array(part) if hasattr(part, "detach") else part


def _corner(shape: tuple[int, ...], most: int) -> tuple[slice, ...]:
    return tuple(slice(max(1, int(most ** (1 / len(shape))))) for _ in shape)


def _statistics(value: Any, shape: tuple[int, ...]) -> dict[str, Json]:
    """Least, greatest and mean of the finite numbers in an evenly spaced sample."""
    steps = [1] * len(shape)
    counts = list(shape)
    while math.prod(counts) > _SAMPLE:
        axis = counts.index(max(counts))
        steps[axis] *= 2
        counts[axis] = -(-shape[axis] // steps[axis])
    sample = _local(value[tuple(slice(None, None, step) for step in steps)])
    if sample.dtype.kind not in "biuf" or not sample.size:
        return {}
    numbers = sample[sys.modules["numpy"].isfinite(sample)]
    found = [numbers.min(), numbers.max(), numbers.mean(dtype="float64")] if numbers.size else []
    return {
        **{name: to_json(number) for name, number in zip(("min", "max", "mean"), found, strict=False)},
        "sampled": max(steps, default=1) > 1,
    }
