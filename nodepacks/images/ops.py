"""Pictures, by way of Pillow: open, save, change, combine and measure them.

An input takes an image of another node, a data URL (what an Image variable gives) or the array of a video's frame.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

import adjusting
import channels
import composing
import drawing
import files
import pictures
import shaping
from pictures import Image
from pydantic import Field, SkipValidation, WithJsonSchema

import psynapse

# The schema gives the input a field for an image; what arrives by wire is looked at in pictures.py.
_Image = Annotated[Image.Image | str, SkipValidation, WithJsonSchema({"type": "string", "format": "image"})]
_Images = Annotated[list[Any], Field(strict=False)]
_Size = Annotated[int, Field(ge=1, le=100_000, description="In pixels")]
_Length = Annotated[int, Field(ge=0, le=100_000, description="In pixels")]
_Part = Annotated[float, Field(ge=0, le=1)]
_Factor = Annotated[float, Field(ge=0, le=10, description="1 changes nothing")]
_Color = Annotated[str, Field(description="A name such as teal, or #rrggbb, or #rrggbbaa")]
_Corner = Literal["top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right"]


def open_image(path: Path) -> Image.Image:
    """Open an image file. It is turned upright, as the camera noted it."""
    return files.opened(path)


@psynapse.node(cache=False)
def save_image(
    image: _Image, path: Path, quality: Annotated[int, Field(ge=1, le=100)] = 90, replace: bool = True
) -> Path:
    """Save an image and pass on its path; the ending says of which kind: .png, .jpg, .webp, .gif, .bmp, .tiff.

    ``quality`` is for JPEG and WebP. JPEG has no transparency: what is behind it becomes white.
    """
    return files.saved(pictures.opened(image), path, quality, replace=replace)


def image_from_url(url: _Image) -> Image.Image:
    """The image in a data URL, such as an Image variable gives, ready for the other nodes."""
    return pictures.opened(url)


def image_to_url(
    image: _Image, kind: Literal["png", "jpeg", "webp"] = "png", quality: Annotated[int, Field(ge=1, le=100)] = 90
) -> str:
    """An image as a data URL, the form in which it goes to a language model or into a web page."""
    return files.data_url(pictures.opened(image), kind, quality)


def image_from_array(array: Any) -> Image.Image:
    """The image that an array of height, width and colour is; whole numbers count to 255, fractions to 1."""
    return pictures.from_array(array)


def image_to_array(image: _Image) -> Any:
    """An image as an array of height, width and colour, from 0 to 255. Needs NumPy."""
    return pictures.to_array(pictures.opened(image))


def new_image(width: _Size = 640, height: _Size = 480, color: _Color = "white") -> Image.Image:
    """An image of one colour."""
    return drawing.plain(width, height, color)


def gradient_image(
    width: _Size = 640, height: _Size = 480, start: _Color = "navy", end: _Color = "orange", angle: float = 0.0
) -> Image.Image:
    """An image that goes from one colour to another: from left to right, or turned by an angle in degrees."""
    return drawing.gradient(width, height, start, end, angle)


def image_details(image: _Image) -> psynapse.AnnotatedDict[Literal["width", "height", "mode", "format", "megapixels"]]:
    """Width, height and kind of an image. The mode is RGB for colours, RGBA with transparency, L for grey."""
    return psynapse.AnnotatedDict(pictures.details(pictures.opened(image)))


def resize_image(
    image: _Image,
    width: _Length = 800,
    height: _Length = 0,
    fit: Literal["inside", "fill and crop", "pad", "stretch"] = "inside",
    background: _Color = "white",
) -> Image.Image:
    """Make an image smaller or larger; a width or height of 0 follows from the other.

    With both, ``inside`` keeps the whole image within them, ``fill and crop`` cuts off what is too much, ``pad`` fills
    up with the background, and ``stretch`` distorts.
    """
    return shaping.resized(pictures.opened(image), width, height, fit, background)


def crop_image(
    image: _Image, left: _Length = 0, top: _Length = 0, width: _Length = 0, height: _Length = 0
) -> Image.Image:
    """Cut a rectangle out of an image; a width or height of 0 reaches to the edge."""
    return shaping.cropped(pictures.opened(image), left, top, width, height)


def crop_center(image: _Image, shape: Literal["1:1", "4:3", "3:2", "16:9", "9:16", "3:4"] = "1:1") -> Image.Image:
    """The largest middle part of an image that has a certain shape."""
    return shaping.cropped_to(pictures.opened(image), shape)


def rotate_image(
    image: _Image,
    degrees: Annotated[float, Field(ge=-360, le=360)] = 90.0,
    enlarge: bool = True,
    background: _Color = "#00000000",
) -> Image.Image:
    """Turn an image against the clock; with ``enlarge`` its corners are not cut off."""
    return shaping.rotated(pictures.opened(image), degrees, background, enlarge=enlarge)


def flip_image(image: _Image, direction: Literal["left to right", "top to bottom"] = "left to right") -> Image.Image:
    """Mirror an image."""
    return shaping.flipped(pictures.opened(image), direction)


def filter_image(
    image: _Image,
    filter: Literal["blur", "sharpen", "edges", "emboss", "median", "pixelate", "contour", "smooth"] = "blur",
    strength: Annotated[float, Field(ge=0, le=100)] = 2.0,
) -> Image.Image:
    """Blur, sharpen, or find edges; the strength is in pixels where the filter has a size, and 0 changes nothing."""
    return adjusting.filtered(pictures.opened(image), filter, strength)


def adjust_image(
    image: _Image, brightness: _Factor = 1.0, contrast: _Factor = 1.0, color: _Factor = 1.0, sharpness: _Factor = 1.0
) -> Image.Image:
    """Change brightness, contrast, colour and sharpness: 0.5 halves, 2 doubles, a colour of 0 is grey."""
    return adjusting.adjusted(pictures.opened(image), brightness, contrast, color, sharpness)


def recolor_image(
    image: _Image,
    how: Literal["grey", "invert", "sepia", "more contrast", "even out", "poster", "black and white"] = "grey",
) -> Image.Image:
    """Give an image other colours."""
    return adjusting.recolored(pictures.opened(image), how)


def blend_images(
    first: _Image,
    second: _Image,
    amount: _Part = 0.5,
    mode: Literal["mix", "multiply", "screen", "add", "subtract", "difference", "lighter", "darker"] = "mix",
) -> Image.Image:
    """Lay a second image over the first and mix them; it is made as large as the first.

    ``amount`` is how much of the result is taken, from 0 for the first image alone to 1.
    """
    return composing.blended(pictures.opened(first), pictures.opened(second), amount, mode)


def paste_image(
    background: _Image, image: _Image, position: _Corner = "center", margin: _Length = 0, opacity: _Part = 1.0
) -> Image.Image:
    """Put an image onto another, such as a logo into a corner. What is transparent shows the background."""
    return composing.pasted(pictures.opened(background), pictures.opened(image), position, margin, opacity)


def mask_image(image: _Image, mask: _Image) -> Image.Image:
    """Make an image transparent where a grey mask is black, and keep it where the mask is white."""
    return composing.masked(pictures.opened(image), pictures.opened(mask))


def draw_text(
    image: _Image,
    text: str = "Hello",
    *,
    size: Annotated[float, Field(ge=1, le=5000, description="Height of the letters in pixels")] = 48.0,
    color: _Color = "white",
    position: _Corner = "bottom",
    margin: _Length = 20,
    outline: _Color = "black",
    font: Path | None = None,
) -> Image.Image:
    """Write on an image. Without a font file the letters are those of Pillow, which has Latin ones only."""
    style = drawing.Style(size, color, outline, position, margin, font)
    return drawing.lettered(pictures.opened(image), text, style)


def image_grid(
    images: _Images,
    columns: Annotated[int, Field(ge=0, le=1000, description="0 makes it about square")] = 0,
    cell: _Size = 320,
    gap: _Length = 8,
    background: _Color = "white",
) -> Image.Image:
    """Several images in rows and columns, each fitted into a square cell, as on a contact sheet."""
    return composing.grid([pictures.opened(image) for image in images], columns, cell, gap, background)


def split_channels(image: _Image) -> psynapse.AnnotatedDict[Literal["red", "green", "blue", "alpha"]]:
    """The red, green and blue of an image and its transparency, as grey images."""
    return psynapse.AnnotatedDict(channels.split(pictures.opened(image)))


def join_channels(red: _Image, green: _Image, blue: _Image, alpha: _Image | None = None) -> Image.Image:
    """One image in colour from grey ones for red, green and blue, and for how opaque it is."""
    parts = [pictures.opened(part) for part in (red, green, blue, *([alpha] if alpha is not None else []))]
    return channels.joined(parts)


def image_histogram(image: _Image, bins: Literal[8, 16, 32, 64, 128, 256] = 32) -> list[dict[str, Any]]:
    """How many pixels are how bright, as a table with a row for each range from 0 to 255 and a column per colour."""
    return channels.histogram(pictures.opened(image), bins)


def image_colors(image: _Image, count: Annotated[int, Field(ge=1, le=64)] = 5) -> list[dict[str, Any]]:
    """The colours that an image has most of, as a table of colour and part of the image."""
    return channels.palette(pictures.opened(image), count)


def compare_images(first: _Image, second: _Image) -> psynapse.AnnotatedDict[Literal["same", "difference", "picture"]]:
    """How much two images of the same size differ, from 0 to 1, and a picture of where: the brighter, the more."""
    return psynapse.AnnotatedDict(channels.compared(pictures.opened(first), pictures.opened(second)))
