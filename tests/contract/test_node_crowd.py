"""Many who install node packages over HTTP at the same time: one change after the other, and each answer is true."""

import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from local_index import LocalIndex
from node_server import NodeServer
from package_project import build_wheel, make_package


@pytest.fixture
def specs(tmp_path: Path, index: LocalIndex) -> list[str]:
    """Eight packages, the last two of which exclude each other."""
    for version in ("1.0", "2.0"):
        index.add(build_wheel(make_package(tmp_path / version, "helper-lib", version, entry_point=None)))
    requires = {f"scope-{number}": [] for number in range(6)}
    requires |= {"scope-old": ["helper-lib<2"], "scope-new": ["helper-lib>=2"]}
    for name, wanted in requires.items():
        index.add(build_wheel(make_package(tmp_path, name, requires=wanted)))
    return list(requires)


class Crowd:
    """Everybody wants one package, and asks again while somebody else's is being installed."""

    def __init__(self, server: NodeServer) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        self.refusals: Counter[str] = Counter()
        self._server = server

    def ask(self, spec: str) -> None:
        while (answer := self._server.install(spec)).json().get("code") == "busy":
            self.refusals[spec] += 1
            time.sleep(0.05)
        self.answers[spec] = {"status": answer.status_code, **answer.json()}

    def ask_at_once(self, specs: list[str]) -> None:
        threads = [threading.Thread(target=self.ask, args=(spec,)) for spec in specs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def test_of_eight_at_once_each_is_installed_in_its_turn_but_for_what_cannot_be(
    node_server: NodeServer, specs: list[str]
):
    crowd = Crowd(node_server)
    crowd.ask_at_once(specs)
    done = {spec: answer for spec, answer in crowd.answers.items() if answer["status"] == 200}
    (refused,) = crowd.answers.keys() - done.keys()
    assert refused in {"scope-old", "scope-new"}
    assert (crowd.answers[refused]["status"], crowd.answers[refused]["code"]) == (409, "dependency-conflict")
    assert crowd.refusals
    assert node_server.versions() == dict.fromkeys(done, "1.0")
    # Each was made from the one before.
    assert sorted(answer["generation"] for answer in done.values()) == list(range(1, len(done) + 1))
    written = (node_server.folder / "scope" / "nodes" / "nodes.txt").read_text(encoding="utf-8")
    assert sorted(written.split()) == sorted(done)
