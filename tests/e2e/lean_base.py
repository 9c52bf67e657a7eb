"""A Python with psynapse and all it needs, and without some libraries: what somebody has who asked for no extras."""

import base64
import csv
import hashlib
import io
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

from psynapse.environments.uv import find_uv


def make_lean_base(folder: Path, *left_out: str) -> Path:
    """Make a virtual environment in ``folder`` that has what this one has but for those; returns its interpreter."""
    subprocess.run([find_uv(), "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    here = Path(str(distribution("psynapse").locate_file(""))).resolve()
    (there,) = folder.glob("lib/python*/site-packages")
    absent = {path.parts[0] for name in left_out for path in distribution(name).files or ()}
    for entry in here.iterdir():
        if entry.name not in absent and not (there / entry.name).exists():
            (there / entry.name).symlink_to(entry)
    (folder / "bin" / "uv").symlink_to(find_uv())
    return folder / "bin" / "python"


def rebuild_wheel(name: str, into: Path) -> Path:
    """The wheel that an installed distribution came from, made again from its files."""
    found = distribution(name)
    into.mkdir(exist_ok=True)
    path = into / f"{name.replace('-', '_')}-{found.version}-{_tags(found)}.whl"
    # What lies elsewhere, or was made when it was installed, is not of the wheel.
    files = [file for file in found.files or () if ".." not in file.parts and file.suffix != ".pyc"]
    with zipfile.ZipFile(path, "w") as wheel:
        for file in files:
            if file.name not in {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"}:
                wheel.write(str(found.locate_file(file)), str(file))
        wheel.writestr(str(next(file for file in files if file.name == "RECORD")), _record(wheel))
    return path


def _tags(found: Distribution) -> str:
    lines = (found.read_text("WHEEL") or "").splitlines()
    tags = [line.removeprefix("Tag: ").split("-") for line in lines if line.startswith("Tag: ")]
    return "-".join(".".join(dict.fromkeys(parts)) for parts in zip(*tags, strict=True))


def _record(wheel: zipfile.ZipFile) -> str:
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    for name in wheel.namelist():
        content = wheel.read(name)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        rows.writerow([name, f"sha256={digest}", len(content)])
    return written.getvalue()
