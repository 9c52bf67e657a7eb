"""The app as a bundle in the user's own applications on macOS: links belong to bundles there."""

import plistlib
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from psynapse.desktop.deep_links import SCHEME

BUNDLE_ID: Final = "org.psynapse.desktop"
_LAUNCHER: Final = "psynapse"


def register(applications: Path, command: Sequence[str]) -> tuple[Path, ...]:
    """Write a bundle that runs ``command``; what was written. Raises OSError."""
    contents = _bundle(applications) / "Contents"
    (contents / "MacOS").mkdir(parents=True, exist_ok=True)
    information = contents / "Info.plist"
    information.write_bytes(plistlib.dumps(_information()))
    launcher = contents / "MacOS" / _LAUNCHER
    launcher.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
    launcher.chmod(0o755)
    return information, launcher


def unregister(applications: Path) -> tuple[Path, ...]:
    """Remove the bundle; what was removed. One of that name that is not ours stays. Raises OSError."""
    bundle = _bundle(applications)
    try:
        ours = plistlib.loads((bundle / "Contents" / "Info.plist").read_bytes())["CFBundleIdentifier"] == BUNDLE_ID
    except (OSError, plistlib.InvalidFileException, KeyError):
        return ()
    if not ours:
        return ()
    shutil.rmtree(bundle)
    return (bundle,)


def _bundle(applications: Path) -> Path:
    return applications / "Psynapse.app"


def _information() -> dict[str, object]:
    return {
        "CFBundleIdentifier": BUNDLE_ID,
        "CFBundleName": "Psynapse",
        "CFBundleDisplayName": "Psynapse",
        "CFBundleExecutable": _LAUNCHER,
        "CFBundlePackageType": "APPL",
        "CFBundleURLTypes": [{"CFBundleURLName": BUNDLE_ID, "CFBundleURLSchemes": [SCHEME]}],
        "LSMinimumSystemVersion": "11.0",
    }
