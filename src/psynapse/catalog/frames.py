"""Pictures and videos as pipelines take them, and what they return as values: tensors with torch, else NumPy arrays.

A frame that goes in has the shape (1, height, width, channels) and values from 0 to 255; a video that comes out has
(time, height, width, channels). Neither torch nor NumPy is imported before the first value comes.
"""

import base64
import binascii
import io
import sys
import weakref
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import Any, Final, TypeAlias, cast

from psynapse.catalog.video_files import read_video
from psynapse.errors import ConversionError

Array: TypeAlias = Any
"""A ``torch.Tensor`` or a ``numpy.ndarray``."""

_PICTURE: Final = 3
_VIDEO: Final = 4
_BATCH: Final = 5
_CHANNELS: Final = frozenset({1, 3, 4})
_HINT: Final = "give an image, a list of images, or an array or tensor (time, height, width, channels)"
_PICTURE_SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"})


def has_torch() -> bool:
    """Whether tensors can be made here."""
    return "torch" in sys.modules or find_spec("torch") is not None


def frames_of(value: object) -> list[Array]:
    """A value as frames: of an image, a list, an array or tensor, a data URL, or the path of an image or video file.

    Floats count from 0 to 1, integers from 0 to 255. Raises ConversionError for anything else.
    """
    arrays = [_bytes_of(part) for part in _videos(value, 0)]
    frames = [array[index : index + 1] for array in arrays for index in range(array.shape[0])]
    return [_tensor(frame) for frame in frames] if has_torch() else [_numpy(frame) for frame in frames]


def pictures_of(value: object) -> Iterator[Array]:
    """The same frames as arrays (H, W, 3), one after the other: grey ones in colour, transparency left out."""
    numpy = import_module("numpy")
    for part in _videos(value, 0):
        for frame in _bytes_of(part):
            picture = numpy.asarray(frame.cpu() if _is_tensor(frame) else frame)
            yield picture.repeat(3, axis=2) if picture.shape[2] == 1 else picture[..., :3]


def video_of(output: object) -> object:
    """What a pipeline returned for a video: a batch (B, C, T, H, W) as frames, from -1 to 1 as 0 to 1; else itself."""
    array: Any = output
    if _dimensions(output) == _PICTURE:
        return array[None]
    if _dimensions(output) != _BATCH:
        return output
    frames = array.permute(0, 2, 3, 4, 1) if _is_tensor(array) else array.transpose(0, 2, 3, 4, 1)
    frames = frames.reshape(-1, *frames.shape[2:])
    return (frames + 1.0) / 2.0 if frames.shape[0] and float(frames.min()) < 0 else frames


def local(output: object) -> object:
    """A tensor without its history and in the memory of the processor, so that a long video fits; else the value."""
    return cast("Any", output).detach().cpu() if _is_tensor(output) else output


def joined(parts: Sequence[object], axis: int) -> object:
    """The outputs of several calls as one, along ``axis``; a list of them when their shapes do not allow that."""
    if len(parts) == 1:
        return parts[0]
    shapes = {(_shape_without(part, axis), _is_tensor(part)) for part in parts}
    if len(shapes) != 1 or not _dimensions(parts[0]):
        return list(parts)
    if _is_tensor(parts[0]):
        return sys.modules["torch"].cat(list(parts), dim=axis)
    return sys.modules["numpy"].concatenate(list(parts), axis=axis)


def length_of(video: object) -> int | None:
    """How many frames a video has; None for what is none."""
    return int(cast("Any", video).shape[0]) if _dimensions(video) else None


# Parameters that travel with a video

_FORWARDED: Final[dict[int, Mapping[str, object]]] = {}


def forward(video: object, parameters: Mapping[str, object]) -> None:
    """Have ``parameters`` go with a video to the pipelines that it arrives at."""
    if not parameters or not _dimensions(video):
        return
    if id(video) not in _FORWARDED:
        weakref.finalize(video, _FORWARDED.pop, id(video), None)
    _FORWARDED[id(video)] = parameters


def forwarded(value: object) -> Mapping[str, object]:
    """The parameters that came with a video."""
    return _FORWARDED.get(id(value), {}) if _dimensions(value) else {}


# What a value is


def _is_tensor(value: object) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def _is_array(value: object) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def _dimensions(value: object) -> int:
    """How many dimensions an array or tensor has; 0 for anything else."""
    return len(cast("Any", value).shape) if _is_tensor(value) or _is_array(value) else 0


def _shape_without(part: object, axis: int) -> tuple[int, ...]:
    shape = [int(size) for size in cast("Any", part).shape] if _dimensions(part) else [0]
    del shape[axis]
    return tuple(shape)


# From values to arrays (T, H, W, C) of whole numbers from 0 to 255


def _videos(value: object, depth: int) -> Iterator[Array]:
    """The arrays (T, H, W, C) that a value stands for."""
    if isinstance(value, (list, tuple)) and depth < _BATCH:
        for item in cast("Sequence[object]", value):
            yield from _videos(item, depth + 1)
    elif _dimensions(value):
        yield _with_time(value)
    elif isinstance(value, (str, PurePath)):
        yield from _file(str(value))
    elif type(value).__module__.partition(".")[0] == "PIL":
        yield _picture(value)
    else:
        raise ConversionError(f"a {type(value).__name__} is no image or video", hint=_HINT)


def _with_time(array: Array) -> Array:
    array = video_of(array)
    shape = tuple(array.shape)
    if len(shape) == _VIDEO and shape[3] in _CHANNELS:
        return array
    raise ConversionError(f"an array of shape {shape} is no image or video", hint=_HINT)


def _picture(image: Any) -> Array:
    numpy = import_module("numpy")
    plain = image if image.mode in {"RGB", "RGBA"} else image.convert("RGB")
    return numpy.array(plain)[None]


def _file(text: str) -> Iterator[Array]:
    if text.startswith("data:image/"):
        yield _picture(_opened(io.BytesIO(_decoded(text.partition(",")[2])), "the data URL"))
        return
    path = Path(text).expanduser()
    if not path.is_file():
        raise ConversionError(f"there is no image or video file {text[:200]!r}", hint="give its whole path")
    if path.suffix.lower() in _PICTURE_SUFFIXES:
        yield _picture(_opened(path, text))
    else:
        yield from (frame[None] for frame in read_video(path))


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except binascii.Error as error:
        raise ConversionError("the data URL of an image cannot be read", hint="give it as base64") from error


def _opened(source: object, name: str) -> Any:
    try:
        return import_module("PIL.Image").open(source)
    except ImportError as error:
        raise ConversionError("images need Pillow", hint="install the package pillow") from error
    except OSError as error:
        raise ConversionError(f"{name[:200]} is no image that can be read", hint=_HINT) from error


def _bytes_of(array: Array) -> Array:
    """The array from 0 to 255; what is between two whole numbers becomes the lower one, and true is 255."""
    if _is_tensor(array):
        return _bytes_of_tensor(array.detach())
    numpy = sys.modules["numpy"]
    if array.dtype == numpy.uint8:
        return array
    if array.dtype.kind not in "fiub":
        raise ConversionError(f"an array of {array.dtype} is no image or video", hint=_HINT)
    if array.dtype.kind == "b":
        array = array.astype(numpy.float32)
    if array.dtype.kind == "f":
        array = numpy.clip(numpy.nan_to_num(array), 0, 1) * array.dtype.type(255)
    return numpy.clip(array, 0, 255).astype(numpy.uint8)


def _bytes_of_tensor(tensor: Any) -> Array:
    torch = sys.modules["torch"]
    if tensor.dtype == torch.uint8:
        return tensor
    if tensor.dtype == torch.bool:
        tensor = tensor.float()
    if tensor.is_floating_point():
        tensor = torch.nan_to_num(tensor).clamp(0, 1) * 255.0
    return tensor.clamp(0, 255).to(torch.uint8)


def _tensor(frame: Array) -> Array:
    torch = import_module("torch")
    # A copy: a pipeline may change its input, and arrays may be read-only.
    return frame.clone() if _is_tensor(frame) else torch.from_numpy(frame.copy())


def _numpy(frame: Array) -> Array:
    return frame.copy()
