"""Wheels that hold nothing but the metadata of what the base has, so that uv resolves against it.

uv does not look at what is installed when it compiles a list, and what is installed may be in no index: a local
version (``2.13.0+cpu``), an editable folder, a direct address. A stub says to it that there is such a distribution and
what that requires. Stubs are never installed.
"""

import hashlib
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from psynapse.environments.base import PRODUCT, Base, Distribution, parse_version
from psynapse.environments.extras import EXTRA, product_lines

PART: Final = "part-"
"""How the names of folders begin that somebody is still working in."""
_KEPT: Final = 4
_ABANDONED_SECONDS: Final = 24 * 3600
_WHEEL: Final = "Wheel-Version: 1.0\nGenerator: psynapse\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def stub_name(distribution: Distribution) -> str:
    """The file name of a distribution's stub, or "" when its version is none that resolution knows."""
    version = parse_version(distribution.version)
    return f"{distribution.name.replace('-', '_')}-{version}-py3-none-any.whl" if version else ""


def make_stubs(base: Base, folder: Path) -> Path:
    """The stubs of that base, in a folder below ``folder`` named by its digest; made if they are not there.

    Raises OSError.
    """
    stubs = folder / _digest(base)
    if stubs.is_dir():
        return stubs
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=PART, dir=folder))
    try:
        for distribution in base.distributions.values():
            write_stub(unfinished, distribution, _lines(base, distribution))
        _forget_others(folder)
        unfinished.rename(stubs)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        # Another process that made the same ones was first.
        if not stubs.is_dir():
            raise
    return stubs


def _digest(base: Base) -> str:
    """Of psynapse what it requires counts as well: another state of the same version may have another extra."""
    lines = product_lines(base) if PRODUCT in base.distributions else ()
    return hashlib.sha256("\n".join([base.fingerprint(), *lines]).encode()).hexdigest()[:16]


def _lines(base: Base, distribution: Distribution) -> Iterable[str]:
    return product_lines(base) if distribution.name == PRODUCT else distribution.requires


def write_stub(folder: Path, distribution: Distribution, requires: Iterable[str]) -> None:
    """Write one stub, if resolution knows such a version. Raises OSError."""
    name = stub_name(distribution)
    if not name:
        return
    lines = [f"Requires-Dist: {line}" for line in requires]
    extras = sorted({extra for line in lines for extra in EXTRA.findall(line)})
    version = name.split("-")[1]
    metadata = ["Metadata-Version: 2.1", f"Name: {distribution.name}", f"Version: {version}"]
    metadata += [f"Provides-Extra: {extra}" for extra in extras] + lines
    inside = f"{name.removesuffix('-py3-none-any.whl')}.dist-info"
    with zipfile.ZipFile(folder / name, "w") as wheel:
        wheel.writestr(f"{inside}/METADATA", "\n".join(metadata) + "\n")
        wheel.writestr(f"{inside}/WHEEL", _WHEEL)
        wheel.writestr(f"{inside}/RECORD", "")


def _forget_others(folder: Path) -> None:
    """Keep the few newest: several installations of psynapse may use one data directory in turn."""
    with os.scandir(folder) as entries:
        aged = sorted((-entry.stat().st_mtime, entry.path, entry.name.startswith(PART)) for entry in entries)
    kept = [path for _, path, is_part in aged if not is_part][:_KEPT]
    abandoned = time.time() - _ABANDONED_SECONDS
    for age, path, is_part in aged:
        if path not in kept and (not is_part or -age < abandoned):
            shutil.rmtree(path, ignore_errors=True)
