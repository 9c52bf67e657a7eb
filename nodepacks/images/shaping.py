"""Size and shape of images."""

import pictures
from pictures import Image
from PIL import ImageOps

_SMOOTH = Image.Resampling.LANCZOS


def resized(image: Image.Image, width: int, height: int, fit: str, background: str) -> Image.Image:
    """The image in that size. Raises ValueError without a width and a height."""
    if not width and not height:
        raise ValueError("give a width or a height, or both; 0 for one of them keeps the proportions")
    if not width or not height:
        width = width or max(1, round(image.width * height / image.height))
        height = height or max(1, round(image.height * width / image.width))
        fit = "stretch"
    pictures.check_size(width, height)
    smooth = image if image.mode in ("L", "RGB", "RGBA") else pictures.plain(image)
    size = (width, height)
    if fit == "inside":
        return ImageOps.contain(smooth, size, _SMOOTH)
    if fit == "fill and crop":
        return ImageOps.fit(smooth, size, _SMOOTH)
    if fit == "pad":
        return ImageOps.pad(pictures.plain(smooth), size, _SMOOTH, pictures.color(background))
    return smooth.resize(size, _SMOOTH)


def cropped(image: Image.Image, left: int, top: int, width: int, height: int) -> Image.Image:
    """The rectangle. Raises ValueError when it is not in the image."""
    right, bottom = (left + width if width else image.width), (top + height if height else image.height)
    if left >= image.width or top >= image.height or right > image.width or bottom > image.height:
        wanted = f"from {left}, {top} to {right}, {bottom}"
        raise ValueError(f"the rectangle {wanted} is not inside the image of {image.width} x {image.height} pixels")
    return image.crop((left, top, right, bottom))


def cropped_to(image: Image.Image, shape: str) -> Image.Image:
    """The largest middle part of that shape."""
    across, down = map(int, shape.split(":"))
    width = min(image.width, max(1, image.height * across // down))
    height = min(image.height, max(1, image.width * down // across))
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def rotated(image: Image.Image, degrees: float, background: str, *, enlarge: bool) -> Image.Image:
    """The image turned; by right angles without losing anything."""
    exact = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
    turn = degrees % 360
    if turn == 0:
        return image
    if turn in exact and (enlarge or image.width == image.height):
        return image.transpose(exact[turn])
    shade = pictures.color(background)
    # Corners that are to be transparent need an image that can be.
    source = image.convert("RGBA") if shade[3] < 255 else pictures.plain(image)  # noqa: PLR2004 -- opaque
    fill = shade if source.mode == "RGBA" else shade[:3]
    return source.rotate(degrees, Image.Resampling.BICUBIC, expand=enlarge, fillcolor=fill)


def flipped(image: Image.Image, direction: str) -> Image.Image:
    """The mirror image."""
    sideways = direction == "left to right"
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT if sideways else Image.Transpose.FLIP_TOP_BOTTOM)
