"""The colours of images, apart and counted."""

from collections.abc import Sequence
from typing import Any

import pictures
from pictures import Image
from PIL import ImageChops, ImageStat

_LEVELS = 256
_ENOUGH = 256
_NAMES = ("red", "green", "blue")


def split(image: Image.Image) -> dict[str, Image.Image]:
    """Grey images by name."""
    parts = image.convert("RGBA").split()
    return dict(zip((*_NAMES, "alpha"), parts, strict=True))


def joined(parts: Sequence[Image.Image]) -> Image.Image:
    """One image. Raises ValueError when the parts differ in size."""
    sizes = {part.size for part in parts}
    if len(sizes) > 1:
        shown = " and ".join(f"{width} x {height}" for width, height in sorted(sizes))
        raise ValueError(f"the parts have different sizes: {shown}; resize them first")
    return Image.merge("RGB" if len(parts) == len(_NAMES) else "RGBA", [part.convert("L") for part in parts])


def histogram(image: Image.Image, bins: int) -> list[dict[str, Any]]:
    """One row for each range of brightness."""
    counts = image.convert("RGB").histogram()
    step = _LEVELS // bins
    rows = ({"from": low, "to": low + step - 1} for low in range(0, _LEVELS, step))
    return [row | {name: _sum(counts, index, row["from"], step) for index, name in enumerate(_NAMES)} for row in rows]


def _sum(counts: Sequence[int], channel: int, low: int, step: int) -> int:
    start = channel * _LEVELS + low
    return sum(counts[start : start + step])


def palette(image: Image.Image, count: int) -> list[dict[str, Any]]:
    """One row for each colour, the most frequent first."""
    # A smaller image has the same colours, and they are found at once.
    small = image.convert("RGB")
    small.thumbnail((_ENOUGH, _ENOUGH), Image.Resampling.BOX)
    reduced = small.quantize(count)
    colors, total = reduced.getpalette() or [], small.width * small.height
    found = sorted(reduced.getcolors() or [], reverse=True)
    places = [(amount, int(str(index)) * 3) for amount, index in found]
    return [
        {"color": "#{:02x}{:02x}{:02x}".format(*colors[at : at + 3]), "part": amount / total} for amount, at in places
    ]


def compared(first: Image.Image, second: Image.Image) -> dict[str, Any]:
    """Whether they are the same, how much they differ, and where. Raises ValueError for different sizes."""
    if first.size != second.size:
        shown = " and ".join(f"{image.width} x {image.height}" for image in (first, second))
        raise ValueError(f"images of {shown} pixels cannot be compared; resize one first")
    difference = ImageChops.difference(pictures.plain(first).convert("RGBA"), pictures.plain(second).convert("RGBA"))
    mean = sum(ImageStat.Stat(difference).mean) / len(difference.getbands()) / (_LEVELS - 1)
    return {
        "same": not any(high for _, high in difference.getextrema()),
        "difference": mean,
        "picture": difference.convert("RGB"),
    }
