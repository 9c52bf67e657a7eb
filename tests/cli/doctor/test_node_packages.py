import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from local_index import LocalIndex
from package_project import make_package, write_files

from psynapse.cli.doctor.node_packages import node_packages
from psynapse.services.node_answers import Wish
from psynapse.services.open import opened_nodes
from psynapse.settings import Settings

Make = Callable[..., Settings]


@pytest.fixture
def installed(settings: Make, index: LocalIndex, tmp_path: Path) -> Settings:
    """Settings whose node packages are one that was installed in place."""
    found = settings(environ={"DAYDREAM_SCOPE_DIR": str(tmp_path / "scope")})

    async def install() -> None:
        async with opened_nodes(found) as nodes:
            await nodes.install(Wish(spec=str(make_package(tmp_path, "scope-glow"))))

    asyncio.run(install())
    return found


def test_without_node_packages_all_is_well(settings: Make, tmp_path: Path):
    finding = node_packages(settings(environ={"DAYDREAM_SCOPE_DIR": str(tmp_path / "scope")}))
    assert (finding.level, "no node packages" in finding.message) == ("ok", True)
    assert not (tmp_path / "scope").exists()


def test_what_is_installed_is_counted(installed: Settings):
    finding = node_packages(installed)
    assert (finding.level, finding.message) == ("ok", "generation 1: 1 node packages with 0 pipelines")


def test_a_package_that_cannot_be_imported_any_more_is_named(installed: Settings, tmp_path: Path):
    write_files(tmp_path / "scope-glow", {"scope_glow/__init__.py": "raise RuntimeError('edited')\n"})
    finding = node_packages(installed)
    assert finding.level == "problem"
    assert any(line.startswith("scope-glow: ") and "edited" in line for line in finding.details)
    write_files(tmp_path / "scope-glow", {"scope_glow/__init__.py": "import os\nos._exit(3)\n"})
    finding = node_packages(installed)
    assert finding.level == "problem"
    assert "scope-glow" in finding.message


def test_what_is_switched_off_is_a_note_and_not_imported(installed: Settings, tmp_path: Path):
    write_files(tmp_path / "scope-glow", {"scope_glow/__init__.py": "import os\nos._exit(3)\n"})
    assert "psynapse nodes disable scope-glow" in node_packages(installed).hint

    async def disable() -> None:
        async with opened_nodes(installed) as nodes:
            await nodes.disable("scope-glow")

    asyncio.run(disable())
    finding = node_packages(installed)
    assert finding.level == "ok"
    assert finding.details == ("scope-glow is disabled: psynapse nodes enable scope-glow",)


def test_an_upgraded_base_is_told(installed: Settings):
    manifest = installed.nodes_dir.value / "generations" / "1" / "psynapse.json"
    content = {**json.loads(manifest.read_text()), "base": "another", "closure": "another"}
    manifest.chmod(0o600)
    manifest.write_text(json.dumps(content))
    finding = node_packages(installed)
    assert (finding.level, "has changed" in finding.message) == ("problem", True)
    assert "rollback" in finding.hint


def test_a_folder_that_is_none_is_a_problem(settings: Make, tmp_path: Path):
    (tmp_path / "scope").mkdir()
    (tmp_path / "scope" / "nodes").write_text("a file")
    assert node_packages(settings(environ={"DAYDREAM_SCOPE_DIR": str(tmp_path / "scope")})).level == "problem"
