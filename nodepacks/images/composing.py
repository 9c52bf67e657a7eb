"""Several images as one."""

import math
from collections.abc import Callable, Mapping, Sequence

import pictures
from pictures import Image
from PIL import ImageChops, ImageOps

_MODES: Mapping[str, Callable[[Image.Image, Image.Image], Image.Image]] = {
    "mix": lambda _, second: second,
    "multiply": ImageChops.multiply,
    "screen": ImageChops.screen,
    "add": ImageChops.add,
    "subtract": ImageChops.subtract,
    "difference": ImageChops.difference,
    "lighter": ImageChops.lighter,
    "darker": ImageChops.darker,
}


def place(room: tuple[int, int], size: tuple[int, int], position: str, margin: int) -> tuple[int, int]:
    """Where the left top corner of something of that size comes to be."""
    low_x, low_y, high_x, high_y = margin, margin, room[0] - size[0] - margin, room[1] - size[1] - margin
    x = low_x if "left" in position else high_x if "right" in position else (room[0] - size[0]) // 2
    y = low_y if "top" in position else high_y if "bottom" in position else (room[1] - size[1]) // 2
    return x, y


def blended(first: Image.Image, second: Image.Image, amount: float, mode: str) -> Image.Image:
    """The mixture, as large as the first."""
    below = first.convert("RGBA")
    above = second.convert("RGBA")
    if above.size != below.size:
        above = ImageOps.fit(above, below.size, Image.Resampling.LANCZOS)
    colors = _MODES[mode](below.convert("RGB"), above.convert("RGB")).convert("RGBA")
    colors.putalpha(above.getchannel("A").point(lambda level: round(level * amount)))
    result = Image.alpha_composite(below, colors)
    return result if first.has_transparency_data else result.convert("RGB")


def pasted(background: Image.Image, image: Image.Image, position: str, margin: int, opacity: float) -> Image.Image:
    """The background with the image on it; what lies beyond its edges is cut off."""
    result = background.convert("RGBA")
    layer = Image.new("RGBA", result.size)
    above = image.convert("RGBA")
    if opacity < 1:
        above.putalpha(above.getchannel("A").point(lambda level: round(level * opacity)))
    layer.paste(above, place(result.size, image.size, position, margin))
    result = Image.alpha_composite(result, layer)
    return result if background.has_transparency_data else result.convert("RGB")


def masked(image: Image.Image, mask: Image.Image) -> Image.Image:
    """The image, as opaque as the mask is bright."""
    result = image.convert("RGBA")
    grey = mask.convert("L")
    if grey.size != result.size:
        grey = grey.resize(result.size, Image.Resampling.LANCZOS)
    result.putalpha(ImageChops.multiply(result.getchannel("A"), grey))
    return result


def grid(images: Sequence[Image.Image], columns: int, cell: int, gap: int, background: str) -> Image.Image:
    """The contact sheet. Raises ValueError for no images, and for too many pixels."""
    if not images:
        raise ValueError("there are no images; connect a list of at least one")
    across = columns or math.ceil(math.sqrt(len(images)))
    down = math.ceil(len(images) / across)
    size = (across * (cell + gap) + gap, down * (cell + gap) + gap)
    pictures.check_size(*size)
    sheet = Image.new("RGBA", size, pictures.color(background))
    for index, image in enumerate(images):
        small = ImageOps.contain(image.convert("RGBA"), (cell, cell), Image.Resampling.LANCZOS)
        x, y = (gap + place * (cell + gap) for place in (index % across, index // across))
        sheet.alpha_composite(small, (x + (cell - small.width) // 2, y + (cell - small.height) // 2))
    return sheet if pictures.color(background)[3] < 255 else sheet.convert("RGB")  # noqa: PLR2004 -- opaque
