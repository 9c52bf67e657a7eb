"""Where models lie."""

import os
from pathlib import Path
from typing import Final

DEFAULT_MODELS_DIR: Final = "~/.daydream-scope/models"
MODELS_DIR_ENV_VAR: Final = "DAYDREAM_SCOPE_MODELS_DIR"


def get_models_dir() -> Path:
    """The folder of models: ``DAYDREAM_SCOPE_MODELS_DIR``, else ``~/.daydream-scope/models``. It may not exist yet."""
    return Path(os.environ.get(MODELS_DIR_ENV_VAR) or DEFAULT_MODELS_DIR).expanduser().resolve()


def get_model_file_path(relative_path: str) -> Path:
    """The path of a file below the folder of models."""
    return get_models_dir() / relative_path


def get_images_dir() -> Path:
    """The folder of images, beside that of models."""
    return get_models_dir().parent / "images"
