"""Where models and files that were uploaded lie."""

import os
from pathlib import Path

from scope.core.config import get_model_file_path, get_models_dir

__all__ = ["get_assets_dir", "get_model_file_path", "get_models_dir"]


def get_assets_dir() -> Path:
    """The folder of uploaded files: ``DAYDREAM_SCOPE_ASSETS_DIR``, else beside that of models. It may not exist yet."""
    chosen = os.environ.get("DAYDREAM_SCOPE_ASSETS_DIR")
    return Path(chosen).expanduser().resolve() if chosen else get_models_dir().parent / "assets"
