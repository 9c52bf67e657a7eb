"""The bundle that makes macOS open the app's links."""

import os
import plistlib
import subprocess
import sys
from pathlib import Path

import pytest

from psynapse.desktop import macos_bundle


def test_the_bundle_has_the_scheme_and_a_program(tmp_path: Path):
    information, launcher = macos_bundle.register(tmp_path, ["/a b/python", "-m", "psynapse.cli", "desktop"])
    said = plistlib.loads(information.read_bytes())
    assert said["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["daydream-scope"]
    assert said["CFBundleExecutable"] == launcher.name
    assert launcher == tmp_path / "Psynapse.app" / "Contents" / "MacOS" / launcher.name


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_its_program_starts_the_command_with_the_arguments_it_gets(tmp_path: Path):
    _, launcher = macos_bundle.register(tmp_path, [sys.executable, "-c", "import sys; print(sys.argv[1:])", "a b"])
    done = subprocess.run([str(launcher), "c $d"], capture_output=True, text=True, check=True)
    assert done.stdout == "['a b', 'c $d']\n"


def test_only_our_own_bundle_is_removed(tmp_path: Path):
    assert macos_bundle.unregister(tmp_path) == ()
    information, _ = macos_bundle.register(tmp_path, ["py"])
    information.write_bytes(plistlib.dumps({"CFBundleIdentifier": "org.example"}))
    assert macos_bundle.unregister(tmp_path) == ()
    macos_bundle.register(tmp_path, ["py"])
    assert macos_bundle.unregister(tmp_path) == (tmp_path / "Psynapse.app",)
    assert list(tmp_path.iterdir()) == []
