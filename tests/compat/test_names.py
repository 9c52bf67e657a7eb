"""Every name that node packages import, and what each stands for."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

COMPAT = Path(__file__).parents[2] / "src" / "psynapse" / "compat"
NAMES = {
    "scope.core": ["hookimpl"],
    "scope.core.plugins": ["hookimpl"],
    "scope.core.plugins.hookspecs": ["hookimpl"],
    "scope.core.pipelines.interface": ["Pipeline", "Requirements"],
    "scope.core.pipelines.requirements": ["Requirements"],
    "scope.core.pipelines.base_schema": [
        *("BasePipelineConfig", "ModeDefaults", "UsageType", "ui_field_config", "CtrlInput"),
        *("height_field", "width_field", "input_size_field"),
    ],
    "scope.core.pipelines.schema": ["BasePipelineConfig"],
    "scope.core.pipelines.artifacts": ["Artifact", "HuggingfaceRepoArtifact", "GoogleDriveArtifact"],
    "scope.core.pipelines.controller": ["CtrlInput", "convert_to_win_keycodes"],
    "scope.core.config": ["get_models_dir", "get_model_file_path"],
    "scope.core.nodes": ["BaseNode", "Node", "NodeDefinition", "NodeParam", "NodePort"],
    "scope.core.nodes.base": ["BaseNode", "Node", "NodeDefinition", "NodeParam", "NodePort"],
    "scope.core.inputs.interface": ["InputSource", "InputSourceInfo"],
    "scope.core.inputs.video_file": ["VideoFileInputSource"],
    "scope.server.models_config": ["get_assets_dir"],
    "scope.server.artifacts": ["HuggingfaceRepoArtifact"],
}


@pytest.mark.parametrize("module", NAMES)
def test_names_that_packages_import_are_there(module: str):
    found = import_module(module)
    assert [name for name in NAMES[module] if not hasattr(found, name)] == []


def test_importing_them_needs_no_torch_and_none_of_our_own_modules():
    code = f"import sys; sys.path.append({str(COMPAT)!r})\n" + "".join(f"import {name}\n" for name in NAMES)
    code += "print([name for name in ('torch', 'numpy', 'av', 'psynapse') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_scope_that_is_installed_comes_first(tmp_path: Path):
    (tmp_path / "scope").mkdir()
    (tmp_path / "scope" / "__init__.py").write_text("REAL = True\n")
    code = f"import sys; sys.path[:0] = [{str(tmp_path)!r}]; sys.path.append({str(COMPAT)!r}); import scope; scope.REAL"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_both_markers_mark_hooks_alike():
    from psynapse import hookimpl

    ours: Any = hookimpl(lambda: None)
    theirs: Any = import_module("scope.core").hookimpl(lambda: None)
    assert ours.scope_impl == theirs.scope_impl


def test_models_lie_in_the_users_folder_or_where_the_variable_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    config, server = import_module("scope.core.config"), import_module("scope.server.models_config")
    monkeypatch.delenv("DAYDREAM_SCOPE_MODELS_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert config.get_models_dir() == tmp_path / ".daydream-scope" / "models"
    monkeypatch.setenv("DAYDREAM_SCOPE_MODELS_DIR", str(tmp_path / "elsewhere" / "models"))
    assert config.get_model_file_path("a/b.safetensors") == tmp_path / "elsewhere" / "models" / "a" / "b.safetensors"
    assert server.get_assets_dir() == tmp_path / "elsewhere" / "assets"
    monkeypatch.setenv("DAYDREAM_SCOPE_ASSETS_DIR", str(tmp_path / "files"))
    assert server.get_assets_dir() == tmp_path / "files"
