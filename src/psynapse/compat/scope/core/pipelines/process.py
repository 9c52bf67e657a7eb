"""Frames of several sizes, and to and from what models take. The one module of ``scope`` that needs torch."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

_torch: Any = import_module("torch")


def normalize_frame_sizes(
    frames: Sequence[Any],
    target_height: int | None = None,
    target_width: int | None = None,
    device: Any = None,
    dtype: Any = None,
) -> list[Any]:
    """Frames of shape (T, H, W, C), all of one size: the given one, else that of the first. Bilinear."""
    if not frames:
        return []
    size = (target_height or frames[0].shape[1], target_width or frames[0].shape[2])
    return [_sized(frame.to(device=device or frame.device, dtype=dtype or frames[0].dtype), size) for frame in frames]


def preprocess_chunk(
    chunk: Sequence[Any], device: Any, dtype: Any, height: int | None = None, width: int | None = None
) -> Any:
    """Frames of shape (1, H, W, C) from 0 to 255 as one tensor (1, C, T, H, W) from -1 to 1."""
    frames = normalize_frame_sizes(chunk, height, width, device, dtype)
    return _torch.stack(frames, dim=1).permute(0, 4, 1, 2, 3) / 255.0 * 2.0 - 1.0


def postprocess_chunk(chunk: Any) -> Any:
    """A tensor (1, T, C, H, W) from -1 to 1 as (T, H, W, C) from 0 to 1."""
    return (chunk.squeeze(0).permute(0, 2, 3, 1) / 2 + 0.5).clamp(0, 1).float()


def _sized(frame: Any, size: tuple[int, int]) -> Any:
    if tuple(frame.shape[1:3]) == size:
        return frame
    planes = frame.permute(0, 3, 1, 2).float()
    resized = _torch.nn.functional.interpolate(planes, size=size, mode="bilinear", align_corners=False)
    return resized.permute(0, 2, 3, 1).to(frame.dtype)
