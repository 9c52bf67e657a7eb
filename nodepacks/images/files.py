"""Images in files and data URLs."""

import base64
import io
import os
import tempfile
from pathlib import Path
from typing import Any

import pictures
from pictures import Image
from PIL import ImageOps

_KINDS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".gif": "GIF",
    ".bmp": "BMP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}
_LARGEST = {"JPEG": 65_535, "WEBP": 16_383}
_OPAQUE = ("JPEG", "BMP")


def opened(path: Path) -> Image.Image:
    """The image, upright. Raises OSError, or ValueError for what is no image."""
    path = path.expanduser()
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; give the path of an image in it")
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path} (looked in {Path.cwd()}); check the path")
    image = pictures.read(path, str(path))
    upright = ImageOps.exif_transpose(image)
    upright.format = image.format
    return upright


def saved(image: Image.Image, path: Path, quality: int, *, replace: bool) -> Path:
    """The path, after writing the file as a whole. Raises OSError, or ValueError for an ending that is unknown."""
    path = path.expanduser()
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise ValueError(f"{path.name!r} does not end like an image; use one of {', '.join(_KINDS)}")
    if path.exists() and not replace:
        raise FileExistsError(f"there is a {path} already; choose another name, or switch replace on")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent}; make it first, or check the path")
    content = _encoded(image, kind, quality)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".image-", delete=False) as file:
        file.write(content)
    _put_in_place(Path(file.name), path)
    return path


def _put_in_place(unfinished: Path, path: Path) -> None:
    # Temporary files are made for the user only.
    mask = os.umask(0)
    os.umask(mask)
    try:
        unfinished.chmod(path.stat().st_mode if path.exists() else 0o666 & ~mask)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _encoded(image: Image.Image, kind: str, quality: int) -> bytes:
    if max(image.size) > _LARGEST.get(kind, max(image.size)):
        raise ValueError(f"a {kind} image has at most {_LARGEST[kind]:,} pixels a side; use .png or resize it first")
    options: dict[str, Any] = {"quality": quality} if kind in _LARGEST else {}
    stream = io.BytesIO()
    _storable(image, kind).save(stream, kind, **options)
    return stream.getvalue()


def _storable(image: Image.Image, kind: str) -> Image.Image:
    if kind == "JPEG" and image.mode in ("L", "CMYK"):
        return image
    image = image if image.mode in ("L", "P", "1", "I;16") and kind not in _OPAQUE else pictures.plain(image)
    if kind in _OPAQUE and image.mode == "RGBA":
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image


def data_url(image: Image.Image, kind: str, quality: int) -> str:
    """The image in a URL."""
    return f"data:image/{kind};base64,{base64.b64encode(_encoded(image, kind.upper(), quality)).decode()}"
