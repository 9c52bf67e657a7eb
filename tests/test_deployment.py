"""The files that deploy Psynapse, as far as they can be read without a container engine.

What they start is started in test_deployment_server.py.
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from psynapse.settings import read_settings

ROOT = Path(__file__).resolve().parent.parent
DOCKER = ROOT / "docker"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = cast("dict[str, Any]", PYPROJECT["project"])
TOKEN = "a-token-of-the-test"


def text_of(name: str) -> str:
    return (DOCKER / name).read_text(encoding="utf-8")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with what follows them, continued lines joined and comments left out."""
    lines = [line for line in text_of("Dockerfile").splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in joined.splitlines()) if word]


def of_kind(word: str) -> list[str]:
    return [rest for kind, rest in instructions() if kind == word]


def copied_sources() -> list[str]:
    copies = [shlex.split(rest) for rest in of_kind("COPY")]
    return [source for words in copies if not words[0].startswith("--from") for source in words[:-1]]


def is_sent(path: str) -> bool:
    """Whether the builder gets a file of the checkout: the last line of .dockerignore that matches decides."""
    sent = True
    for line in text_of("Dockerfile.dockerignore").splitlines():
        pattern = line.removeprefix("!").removeprefix("**/")
        anchored = not line.startswith("**/")
        parts = path.split("/")
        tails = ["/".join(parts[: end + 1]) for end in range(len(parts))] if anchored else parts
        if line and not line.startswith("#") and any(fnmatch(tail, pattern) for tail in tails):
            sent = line.startswith("!")
    return sent


def environment_of_image() -> dict[str, str]:
    pairs = [pair for rest in of_kind("ENV") for pair in shlex.split(rest)]
    return dict(pair.split("=", 1) for pair in pairs)


def compose() -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load(text_of("compose.yaml")))


def interpolated(text: str, environ: Mapping[str, str]) -> str:
    """A value as Compose sees it: ``${NAME:-default}`` is all that the file uses."""
    return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda found: environ.get(found[1]) or found[2], text)


def test_what_the_dockerfile_copies_exists_and_is_sent_to_the_builder():
    sources = copied_sources()
    assert len(sources) >= 9
    assert [name for name in sources if not (ROOT / name).exists()] == []
    assert [name for name in sources if not is_sent(name)] == []


@pytest.mark.parametrize(
    "name",
    [
        ".git/config",
        ".venv/bin/python",
        "tests/test_deployment.py",
        "frontend/node_modules/react/index.js",
        "src/psynapse/web/index.html",
        "src/psynapse/__pycache__/logs.cpython-311.pyc",
        "docker/nodepacks/mine/ops.py",
    ],
)
def test_what_is_made_or_private_is_not_sent_to_the_builder(name: str):
    assert is_sent(name) is False


def test_everything_that_the_wheel_is_packed_from_is_copied():
    wheel = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["force-include"], *(name.split("/")[0] for name in wheel["packages"])}
    needed |= {PROJECT["readme"], *PROJECT["license-files"], "pyproject.toml", "hatch_build.py", "frontend"}
    # Without it hatchling finds the editor that the build has just made a second time, and refuses.
    assert needed | {".gitignore"} <= set(copied_sources())


def test_the_stages_that_are_copied_from_are_built_before():
    built: list[str] = []
    for kind, rest in instructions():
        if kind == "FROM":
            built.append(rest.partition(" AS ")[2])
        elif kind == "COPY" and (source := re.match(r"--from=(\S+)", rest)):
            assert source[1] in built[:-1]
    assert built == ["wheel", "installed", ""]


def test_the_image_runs_as_a_user_of_its_own_who_owns_the_folder_of_the_data():
    (made,) = (rest for rest in of_kind("RUN") if "useradd" in rest)
    (user,) = of_kind("USER")
    number, _, group = user.partition(":")
    assert f"--uid {number} " in made
    assert f"groupadd --system --gid {group} " in made
    (volume,) = of_kind("VOLUME")
    assert f"install --directory --owner psynapse --group psynapse --mode 700 {volume}" in made
    kept = environment_of_image()
    assert Path(kept["PSYNAPSE_DATA_DIR"]).parent == Path(kept["DAYDREAM_SCOPE_DIR"]).parent == Path(volume)
    assert f"install --directory {kept['NODEPACKS_DIR']}" in made


def test_the_images_settings_are_settings(tmp_path: Path):
    nodepacks = tmp_path / "nodepacks"
    nodepacks.mkdir()
    settings = read_settings(environ={**environment_of_image(), "NODEPACKS_DIR": str(nodepacks)})
    assert (settings.data_dir.source, settings.nodes_dir.source, settings.nodepacks_dir.source) == ("env",) * 3


def test_compose_builds_this_dockerfile_and_hands_over_the_extras():
    build = compose()["services"]["backend"]["build"]
    assert (DOCKER / build["context"] / build["dockerfile"]).samefile(DOCKER / "Dockerfile")
    assert any(rest.startswith("OPTIONAL_DEPS=") for rest in of_kind("ARG"))
    assert interpolated(build["args"]["OPTIONAL_DEPS"], {"OPTIONAL_DEPS": "llm"}) == "llm"
    assert interpolated(build["args"]["OPTIONAL_DEPS"], {}) == ""


def test_compose_listens_for_this_machine_alone_unless_told_otherwise():
    (port,) = compose()["services"]["backend"]["ports"]
    (exposed,) = of_kind("EXPOSE")
    assert interpolated(port, {}) == f"127.0.0.1:8000:{exposed}"
    assert interpolated(port, {"PSYNAPSE_PUBLISH": "0.0.0.0:80"}) == f"0.0.0.0:80:{exposed}"


def test_compose_sets_what_the_server_reads_and_leaves_unset_what_nobody_gave():
    given = cast("dict[str, str]", compose()["services"]["backend"]["environment"])
    unset = read_settings(environ={name: interpolated(value, {}) for name, value in given.items()})
    assert {setting.source for setting in (unset.token, unset.allowed_hosts, unset.cors_origins)} == {"default"}
    named = {"PSYNAPSE_TOKEN": TOKEN, "PSYNAPSE_ALLOWED_HOSTS": "a.test", "CORS_ORIGINS": "https://b.test"}
    settings = read_settings(environ={name: interpolated(value, named) for name, value in given.items()})
    assert settings.token.value == TOKEN
    assert settings.allowed_hosts.value == {"a.test"}
    assert settings.cors_origins.value == {"https://b.test"}


def test_compose_keeps_what_the_image_keeps():
    file = compose()
    data, nodepacks = file["services"]["backend"]["volumes"]
    name, _, target = data.partition(":")
    assert name in file["volumes"]
    assert [target] == of_kind("VOLUME")
    assert nodepacks["target"] == environment_of_image()["NODEPACKS_DIR"]
    assert interpolated(nodepacks["source"], {}) == "./nodepacks"


def test_compose_has_nothing_that_compose_does_not_know():
    file = compose()
    assert set(file) == {"name", "services", "volumes"}
    known = {"build", "image", "init", "restart", "stop_grace_period", "ports", "environment", "volumes"}
    assert set(file["services"]["backend"]) <= known | {"cap_drop", "security_opt"}
    assert set(file["services"]["backend"]["volumes"][1]) == {"type", "source", "target", "read_only", "bind"}


def test_the_file_that_the_documentation_names_is_the_same_one():
    file = cast("dict[str, Any]", yaml.safe_load(text_of("docker-compose.yml")))
    assert file == {"name": compose()["name"], "include": ["compose.yaml"]}


def check_extras(asked: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(DOCKER / "check_extras.py"), asked]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("asked", ["", "dev", "Bench, dev"])
def test_extras_that_exist_pass_the_build(asked: str):
    done = check_extras(asked)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_extra_that_does_not_exist_fails_the_build():
    done = check_extras("dev,lllm")
    assert (done.returncode, done.stderr) == (1, "OPTIONAL_DEPS: psynapse has no extra lllm\n")


def test_the_extras_that_the_documents_name_exist():
    documents = [ROOT / "docs" / "deployment.md", *(ROOT / "nodepacks").rglob("*.py")]
    pattern = re.compile(r"(?:OPTIONAL_DEPS=\"?|psynapse\[)([a-z,]+)")
    named = {
        name for path in documents for found in pattern.findall(path.read_text("utf-8")) for name in found.split(",")
    }
    assert "llm" in named
    assert named - set(PROJECT["optional-dependencies"]) == set()


def unit() -> dict[str, list[str]]:
    """The unit's settings with all their values, sections aside."""
    found: dict[str, list[str]] = {}
    for line in text_of("psynapse.service").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def test_the_unit_keeps_its_data_in_the_folder_that_systemd_makes_for_it():
    settings = dict(pair.split("=", 1) for pair in unit()["Environment"])
    kept = f"/var/lib/{unit()['StateDirectory'][0]}"
    read = read_settings(environ=settings)
    assert (str(read.data_dir.value), str(read.nodes_dir.value)) == (f"{kept}/data", f"{kept}/scope/nodes")
    assert unit()["User"] != ["root"]
    assert unit()["ProtectSystem"] == ["strict"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path):
    program = Path(sysconfig.get_path("scripts"), "psynapse-backend")
    assert program.exists()
    copy = tmp_path / "psynapse.service"
    copy.write_text(text_of("psynapse.service").replace("/opt/psynapse/bin/psynapse-backend", str(program)), "utf-8")
    command = ["systemd-analyze", "verify", "--recursive-errors=no", str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def started_by() -> list[list[str]]:
    """The command lines of the image and of the unit."""
    return [cast("list[str]", json.loads(of_kind("CMD")[0])), shlex.split(unit()["ExecStart"][0])]


def test_what_is_started_is_a_program_of_the_distribution():
    assert {Path(command[0]).name for command in started_by()} <= set(PROJECT["scripts"])


def test_the_image_publishes_the_port_that_its_command_listens_on():
    command = started_by()[0]
    assert command[command.index("--host") + 1] == "0.0.0.0"
    assert [command[command.index("--port") + 1]] == of_kind("EXPOSE")
