"""What a worker imports when it starts: its node packages, then its nodepacks."""

import sys
from pathlib import Path

from psynapse.catalog.distributions import find_packages
from psynapse.catalog.registry import Registry, load_registry
from psynapse.model.packages import DisabledPackage
from psynapse.model.schema import Origin
from psynapse.worker.framing import FrameSocket
from psynapse.worker.process import Instructions
from psynapse.worker.protocol import IMPORTING


def import_all(instructions: Instructions, work: FrameSocket) -> Registry:
    """Import all there is. Before each node package its name is sent to the server: it may end the process."""
    folders: list[tuple[Path, Origin]] = [(Path(path), origin) for path, origin in instructions["roots"]]
    found = find_packages(sys.path) if instructions["packages"] else ()
    if not found:
        return load_registry(folders)
    # Not for nothing: where there is no node package, this would be most of what a worker imports.
    from psynapse.catalog.packages import load_packages  # noqa: PLC0415

    def announce(package: str) -> None:
        work.send(IMPORTING, package.encode())

    disabled = (DisabledPackage(name, tuple(nodepacks)) for name, nodepacks in instructions["disabled"])
    packages = load_packages(found, instructions["skip_packages"], announce, disabled)
    announce("")
    return load_registry(folders, packages)
