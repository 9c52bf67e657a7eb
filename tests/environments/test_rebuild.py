"""A base that its owner has upgraded: what a generation says of it, and how it is mended."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from local_index import LocalIndex
from packages import change, install, offer, versions

from psynapse.environments.base import Base, read_base
from psynapse.environments.condition import degradation
from psynapse.environments.edits import Rebuild, Rollback
from psynapse.environments.probing import WorkerProbe
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer
from psynapse.environments.uv import Uv


@pytest.fixture
def own_base(tmp_path: Path, index: LocalIndex, uv: Uv, base: Base) -> Base:
    """A base of the test's own, with a library in it: a virtual environment that leads to the one we run in."""
    python = make_own_base(tmp_path / "base", uv, base)
    offer(index, tmp_path, "host-lib")
    put_into(python, uv, "host-lib==1.0")
    return whole(python, base)


def make_own_base(folder: Path, uv: Uv, base: Base) -> str:
    asyncio.run(uv.run(["venv", "--no-project", "--python", base.python, str(folder)]))
    site = folder / "lib" / f"python{base.version}" / "site-packages"
    paths = "".join(f"import site; site.addsitedir({str(path)!r})\n" for path in base.site_dirs)
    (site / "host.pth").write_text(paths)
    return str(folder / "bin" / "python")


def put_into(python: str, uv: Uv, spec: str) -> None:
    asyncio.run(uv.run(["pip", "install", "--no-deps", "--python", python, spec]))


def whole(python: str, base: Base) -> Base:
    """The base of that Python, with what it leads to."""
    own = read_base(python)
    return replace(
        own,
        site_dirs=(*own.site_dirs, *base.site_dirs),
        distributions={**base.distributions, **own.distributions},
    )


def test_after_an_upgrade_of_the_base_a_generation_says_what_changed_and_is_rebuilt(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, uv: Uv, base: Base, own_base: Base
):
    offer(index, tmp_path, "idle-lib")
    offer(index, tmp_path, "scope-user", requires=["host-lib"])
    first = install(Changer(store, own_base, uv, WorkerProbe()), "scope-user").after
    assert dict(first.relies_on) == {"host-lib": "1.0"}
    assert versions(first, "scope_user", "host_lib") == ["1.0", "1.0"]
    put_into(own_base.python, uv, "idle-lib")
    unharmed = whole(own_base.python, base)
    assert unharmed.fingerprint() != own_base.fingerprint()
    assert degradation(store.current(), unharmed, store.folder_of(1)) == ""
    offer(index, tmp_path, "host-lib", "2.0")
    put_into(own_base.python, uv, "host-lib==2.0")
    upgraded = whole(own_base.python, base)
    assert "host-lib 1.0 is now 2.0" in degradation(store.current(), upgraded, store.folder_of(1))
    changer = Changer(store, upgraded, uv, WorkerProbe())
    rebuilt = change(changer, Rebuild()).after
    assert degradation(rebuilt, upgraded, store.folder_of(rebuilt.id)) == ""
    assert dict(rebuilt.relies_on) == {"host-lib": "2.0"}
    assert versions(rebuilt, "scope_user", "host_lib") == ["1.0", "2.0"]
    # Another change for the changed base takes nothing over from what was built for the one before.
    change(changer, Rollback(first.id))
    offer(index, tmp_path, "scope-other")
    assert versions(install(changer, "scope-other").after, "scope_user", "scope_other") == ["1.0", "1.0"]
