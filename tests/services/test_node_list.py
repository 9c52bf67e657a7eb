"""Extras of psynapse in a server: offered, installed and taken out like node packages."""

import asyncio
from dataclasses import replace
from pathlib import Path

from local_index import LocalIndex
from package_project import build_wheel, make_package, write_files

from psynapse.environments.base import read_base
from psynapse.environments.probing import WorkerProbe
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer
from psynapse.environments.updates import Updates
from psynapse.environments.uv import Uv
from psynapse.services.node_answers import Wish
from psynapse.services.node_parts import Changing, Used
from psynapse.services.nodes import Nodes
from psynapse.services.open import Services, open_services
from psynapse.settings import read_settings

SHINY = """
try:
    import shine_lib
except ImportError as error:
    raise ImportError('the shiny nodes need shine-lib; add it with: pip install "psynapse[shiny]"') from error


def shine(value: int = 1) -> str:
    return f"shines {value} of {shine_lib.VERSION}"
"""


def test_a_nodepack_that_lacks_an_extra_loads_once_its_libraries_are_installed(tmp_path: Path, index: LocalIndex):
    index.add(build_wheel(make_package(tmp_path, "shine-lib", "1.0")))
    write_files(tmp_path / "nodepacks" / "shiny", {"ops.py": SHINY})
    folders = {"DAYDREAM_SCOPE_DIR": "scope", "PSYNAPSE_DATA_DIR": "data", "NODEPACKS_DIR": "nodepacks"}
    environ = {name: str(tmp_path / folder) for name, folder in folders.items()}

    async def scene() -> None:
        services = await open_services(read_settings(environ=environ), "boot", "")
        try:
            nodes = with_an_extra(services, tmp_path / "scope" / "nodes", "shine-lib>=1 ; extra == 'shiny'")
            (failure,) = [one for one in services.workforce.catalog.failures if one.nodepack == "shiny"]
            assert failure.extra == "shiny"
            (offered,) = [one for one in (await nodes.list()).extras if one.name == "shiny"]
            assert (offered.spec, offered.missing) == ("psynapse[shiny]", ("shine-lib",))

            done = await nodes.install(Wish(spec=offered.spec))
            assert done.message == "the libraries for shiny are installed"
            assert done.node
            assert (done.node.name, done.node.extra) == ("psynapse[shiny]", "shiny")
            assert done.node.description == "Libraries for shiny: shine-lib 1.0"
            assert "shiny/ops.py:shine" in {str(schema.ref) for schema in services.workforce.catalog.schemas}
            listed = await nodes.list()
            assert [one.missing for one in listed.extras if one.name == "shiny"] == [()]
            again = await nodes.install(Wish(spec=offered.spec))
            assert again.message == "the libraries for shiny were there already"

            assert (await nodes.uninstall("psynapse[shiny]")).message == "uninstalled psynapse[shiny]"
            assert [one.nodepack for one in services.workforce.catalog.failures if one.extra] == ["shiny"]
            await nodes.rollback()
            assert not [one for one in services.workforce.catalog.failures if one.extra]
            await nodes.close()
        finally:
            await services.close()

    asyncio.run(scene())


def with_an_extra(services: Services, folder: Path, line: str) -> Nodes:
    """The node packages of a server whose psynapse requires one thing more."""
    there = read_base()
    product = there.distributions["psynapse"]
    richer = replace(product, requires=(*product.requires, line))
    base = replace(there, distributions={**there.distributions, "psynapse": richer})
    store, uv = GenerationStore(folder), Uv(folder / "cache")
    parts = Changing(store, base, Changer(store, base, uv, WorkerProbe()), Updates(uv, base))
    return Nodes(parts, services.workforce, Used(store.current(), ()))
