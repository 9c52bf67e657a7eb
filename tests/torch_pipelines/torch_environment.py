"""An environment with this checkout and torch in it, from a wheel in a local folder."""

import os
import re
import sys
from pathlib import Path
from typing import Final

from checkout_environment import CheckoutEnvironment
from packaging.tags import sys_tags
from packaging.utils import parse_wheel_filename

TORCH: Final = "2.13.0"
_FOLDERS: Final = ("UV_FIND_LINKS", "PIP_FIND_LINKS")
# What this project's own tests need there.
_TESTING: Final = ("pytest", "pytest-timeout", "hypothesis", "httpx")


def find_wheels() -> str:
    """The folder of wheels that uv or pip is told to use and that has torch for this Python; empty when none has."""
    told = [folder for name in _FOLDERS for folder in re.split(r"[\s,]+", os.environ.get(name, "")) if folder]
    return next((folder for folder in told if _has_torch(Path(folder))), "")


def missing(wheels: str) -> str:
    """Why there can be no such environment here, or nothing when there can."""
    if wheels:
        return ""
    version = ".".join(map(str, sys.version_info[:2]))
    return f"no folder of {' or '.join(_FOLDERS)} has a wheel of torch {TORCH} for Python {version} on this machine"


def torch_environment(kept: Path, wheels: str) -> CheckoutEnvironment:
    """The environment, below ``kept``; what pipelines assume beside torch is in it as well."""
    return CheckoutEnvironment(kept, sys.executable, (f"torch=={TORCH}", *_TESTING), extra="video", wheels=wheels)


def _has_torch(folder: Path) -> bool:
    tags = set(sys_tags())
    return any(tags & parse_wheel_filename(path.name)[3] for path in folder.glob(f"torch-{TORCH}*.whl"))
