"""Filters and colours. What is transparent stays so."""

from collections.abc import Callable, Mapping

import pictures
from pictures import Image
from PIL import ImageEnhance, ImageFilter, ImageOps

_Change = Callable[[Image.Image], Image.Image]
_MIDDLE = 128


def filtered(image: Image.Image, name: str, strength: float) -> Image.Image:
    """The image after the filter; itself for a strength of 0."""
    if not strength:
        return image
    return _on_colors(image, lambda colors: _FILTERS[name](colors, strength))


def adjusted(image: Image.Image, brightness: float, contrast: float, color: float, sharpness: float) -> Image.Image:
    """The image with those factors; itself when all are 1."""
    steps = {
        ImageEnhance.Brightness: brightness,
        ImageEnhance.Contrast: contrast,
        ImageEnhance.Color: color,
        ImageEnhance.Sharpness: sharpness,
    }
    for enhance, factor in steps.items():
        if factor != 1:
            image = _on_colors(image, lambda colors, enhance=enhance, factor=factor: enhance(colors).enhance(factor))
    return image


def recolored(image: Image.Image, how: str) -> Image.Image:
    """The image in other colours."""
    return _on_colors(image, _COLORS[how])


def _on_colors(image: Image.Image, change: _Change) -> Image.Image:
    image = pictures.plain(image)
    if image.mode == "RGB":
        return change(image)
    result = change(image.convert("RGB")).convert("RGBA")
    result.putalpha(image.getchannel("A"))
    return result


def _pixelated(image: Image.Image, strength: float) -> Image.Image:
    block = max(1, round(strength))
    small = image.resize((max(1, image.width // block), max(1, image.height // block)), Image.Resampling.BOX)
    return small.resize(image.size, Image.Resampling.NEAREST)


def _sepia(image: Image.Image) -> Image.Image:
    return ImageOps.colorize(image.convert("L"), "#1b0f04", "#fff0d2", "#a5835a")


_FILTERS: Mapping[str, Callable[[Image.Image, float], Image.Image]] = {
    "blur": lambda image, strength: image.filter(ImageFilter.GaussianBlur(strength)),
    "sharpen": lambda image, strength: image.filter(ImageFilter.UnsharpMask(2, round(strength * 75))),
    "edges": lambda image, strength: Image.blend(image, image.filter(ImageFilter.FIND_EDGES), min(strength, 1)),
    "emboss": lambda image, strength: Image.blend(image, image.filter(ImageFilter.EMBOSS), min(strength, 1)),
    "contour": lambda image, strength: Image.blend(image, image.filter(ImageFilter.CONTOUR), min(strength, 1)),
    "smooth": lambda image, strength: Image.blend(image, image.filter(ImageFilter.SMOOTH_MORE), min(strength, 1)),
    # Its time grows with the square of its size.
    "median": lambda image, strength: image.filter(ImageFilter.MedianFilter(2 * min(round(strength), 10) + 1)),
    "pixelate": _pixelated,
}
_COLORS: Mapping[str, _Change] = {
    "grey": lambda image: ImageOps.grayscale(image).convert("RGB"),
    "invert": ImageOps.invert,
    "sepia": _sepia,
    "more contrast": lambda image: ImageOps.autocontrast(image, cutoff=1),
    "even out": ImageOps.equalize,
    "poster": lambda image: ImageOps.posterize(image, 2),
    "black and white": lambda image: image.convert("L").point(lambda level: 255 * (level >= _MIDDLE)).convert("RGB"),
}
