"""What arrives at a node as an image, or an error that says what is wrong with it."""

import base64
import binascii
import io
from importlib import import_module
from typing import Any

try:
    from PIL import Image, ImageColor, UnidentifiedImageError
except ImportError as error:
    raise ImportError('the nodes for images need Pillow; add it with: pip install "psynapse[images]"') from error

_MOST_PIXELS = 250_000_000
_PLANE, _COLORS = 2, 3
_MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def opened(value: Any) -> Image.Image:
    """The image itself if it is one, without a copy. Raises TypeError, or ValueError for a URL of no image."""
    if isinstance(value, Image.Image):
        return value
    if isinstance(value, str):
        return _from_url(value)
    if hasattr(value, "shape") or hasattr(value, "__array__"):
        return from_array(value)
    kind = "nothing" if value is None else f"a value of type {type(value).__name__}"
    raise TypeError(f"this is {kind}, not an image; connect a node such as open_image, or an Image variable")


def _from_url(url: str) -> Image.Image:
    header, comma, content = url.partition(",")
    if not header.startswith("data:") or not comma:
        hint = "use open_image for a file" if url else "connect an image"
        raise ValueError(f"{url[:60]!r} is not an image but text; {hint}")
    try:
        return read(io.BytesIO(base64.b64decode(content)), "the data URL")
    except binascii.Error:
        raise ValueError("the data URL of the image is damaged; choose the image again") from None


def read(source: Any, name: str) -> Image.Image:
    """The image in a file or stream, with all of its pixels. Raises ValueError for what is none."""
    try:
        with Image.open(source) as image:
            check_size(*image.size)
            image.load()
    except UnidentifiedImageError:
        raise ValueError(f"{name} is not an image that can be read; it may be damaged, or of another kind") from None
    except (OSError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise ValueError(f"{name} is damaged or too large: {error}") from None
    return image


def check_size(width: int, height: int) -> None:
    """Raises ValueError for an image that would not fit into memory beside others."""
    if width * height > _MOST_PIXELS:
        raise ValueError(f"{width:,} x {height:,} pixels are too many; the most is {_MOST_PIXELS:,}")


def color(text: str) -> tuple[int, int, int, int]:
    """Red, green, blue and opacity from 0 to 255. Raises ValueError for what is no colour."""
    try:
        found = ImageColor.getcolor(text.strip(), "RGBA")
    except ValueError:
        raise ValueError(f"{text[:60]!r} is not a colour; write a name such as teal, or #rrggbb") from None
    return found if isinstance(found, tuple) and len(found) > _COLORS else (0, 0, 0, 255)


def plain(image: Image.Image) -> Image.Image:
    """The image as RGB, or RGBA if it can be transparent; itself if it is one of these."""
    if image.mode in ("RGB", "RGBA"):
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def details(image: Image.Image) -> dict[str, Any]:
    """What is known of it."""
    width, height = image.size
    form = image.format or ""
    return {"width": width, "height": height, "mode": image.mode, "format": form, "megapixels": width * height / 1e6}


def from_array(value: Any) -> Image.Image:
    """The image that an array is. Raises ImportError without NumPy, TypeError or ValueError for another array."""
    numpy = _numpy()
    array = numpy.asarray(value)
    if array.ndim == _COLORS + 1 and len(array) == 1:
        array = array[0]
    depth = 1 if array.ndim == _PLANE else array.shape[-1] if array.ndim == _COLORS else 0
    if depth not in _MODES or not array.size or array.dtype.kind not in "iufb":
        raise ValueError(f"an array of shape {array.shape} is no image; it needs height, width and 1, 3 or 4 colours")
    if array.dtype.kind in "fb":
        array = numpy.clip(numpy.nan_to_num(array.astype(numpy.float32)), 0, 1) * 255
    pixels = numpy.clip(array, 0, 255).astype(numpy.uint8)
    return Image.fromarray(pixels[..., 0] if array.ndim == _COLORS and depth == 1 else pixels)


def to_array(image: Image.Image) -> Any:
    """The pixels, of height, width and colour. Raises ImportError without NumPy."""
    return _numpy().asarray(plain(image))


def _numpy() -> Any:
    try:
        return import_module("numpy")
    except ImportError as error:
        raise ImportError('arrays need NumPy; add it with: pip install "psynapse[numbers]"') from error
