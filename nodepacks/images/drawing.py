"""New images, and letters on images."""

import math
from pathlib import Path
from typing import Any, NamedTuple

import pictures
from composing import place
from pictures import Image
from PIL import ImageDraw, ImageFont

_RAMP = 1024


class Style(NamedTuple):
    """How and where letters are written."""

    size: float
    color: str
    outline: str
    position: str
    margin: int
    font: Path | None


def plain(width: int, height: int, color: str) -> Image.Image:
    """One colour everywhere. Raises ValueError for what is no colour."""
    pictures.check_size(width, height)
    shade = pictures.color(color)
    return Image.new("RGBA", (width, height), shade) if shade[3] < 255 else Image.new("RGB", (width, height), shade[:3])  # noqa: PLR2004 -- opaque


def gradient(width: int, height: int, start: str, end: str, angle: float) -> Image.Image:
    """From one colour to the other."""
    pictures.check_size(width, height)
    first, last = pictures.color(start)[:3], pictures.color(end)[:3]
    ramp = Image.linear_gradient("L").rotate(90).resize((_RAMP, _RAMP))
    turned = math.radians(angle)
    # Turned within a square that still covers the image: its corners stay inside.
    reach = abs(math.cos(turned)) + abs(math.sin(turned))
    edge = round(_RAMP / reach)
    low = (_RAMP - edge) // 2
    amount = ramp.rotate(angle, Image.Resampling.BICUBIC).crop((low, low, low + edge, low + edge))
    mask = amount.resize((width, height), Image.Resampling.BICUBIC)
    return Image.composite(Image.new("RGB", mask.size, last), Image.new("RGB", mask.size, first), mask)


def lettered(image: Image.Image, text: str, style: Style) -> Image.Image:
    """A copy with letters. Raises OSError for a font that cannot be read."""
    result = pictures.plain(image).copy()
    if not text.strip():
        return result
    font, draw = _font(style), ImageDraw.Draw(result)
    width = max(1, round(style.size / 16))
    options: dict[str, Any] = {"font": font, "stroke_width": width, "align": "center", "spacing": style.size / 4}
    left, top, right, bottom = draw.multiline_textbbox((0, 0), text, **options)
    x, y = place(result.size, (math.ceil(right - left), math.ceil(bottom - top)), style.position, style.margin)
    fill, stroke = pictures.color(style.color), pictures.color(style.outline)
    draw.multiline_text((x - left, y - top), text, fill=fill, stroke_fill=stroke, **options)
    return result


def _font(style: Style) -> Any:
    if style.font is None:
        return ImageFont.load_default(style.size)
    try:
        return ImageFont.truetype(str(style.font.expanduser()), style.size)
    except OSError:
        raise ValueError(
            f"{style.font} is no font file that can be read; give the path of a .ttf or .otf file"
        ) from None
