"""Node packages imported in this process, each test's own."""

import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from installed_packages import write_package

from psynapse.catalog.distributions import find_packages
from psynapse.catalog.packages import LoadedPackages, load_packages
from psynapse.model.packages import DisabledPackage

Install = Callable[..., Path]


@contextmanager
def own_imports(site: Path) -> Generator[None]:
    """Modules of ``site`` can be imported, and are forgotten afterwards."""
    path = list(sys.path)
    sys.path.insert(0, str(site))
    try:
        yield
    finally:
        sys.path[:] = path
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(str(site)):
                del sys.modules[name]


def loaded(
    site: Path,
    skip: Sequence[str] = (),
    announced: list[str] | None = None,
    disabled: Sequence[DisabledPackage] = (),
) -> LoadedPackages:
    """All packages in ``site``."""
    heard: list[str] = [] if announced is None else announced
    return load_packages(find_packages([str(site)]), skip, heard.append, disabled)


def load_one(site: Path, name: str, source: str, others: Mapping[str, str] | None = None) -> LoadedPackages:
    """A package of one module, which is named like it."""
    write_package(site, name, {f"{name.replace('-', '_')}.py": source, **(others or {})})
    return loaded(site)
