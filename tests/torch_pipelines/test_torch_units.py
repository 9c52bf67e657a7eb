"""The tests of frames and previews that need torch, run where it is."""

import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from checkout_environment import ROOT, plain_variables

FILES = (
    "tests/catalog/test_frames.py",
    "tests/compat/test_process.py",
    "tests/contract/test_node_packages.py",
    "tests/engine/test_array_previews.py",
)
NEED_TORCH = {
    "test_tensors_are_taken_and_given",
    "test_frames_are_tensors_where_torch_is_installed",
    "test_a_chunk_goes_from_0_to_255_to_minus_1_to_1_and_back",
    "test_a_tensor_shows_its_first_frame",
}
pytestmark = pytest.mark.timeout(300)


def test_the_tests_that_need_torch_pass_where_it_is(torch_python: Path, tmp_path: Path):
    report = tmp_path / "report.xml"
    options = ["-p", "no:cacheprovider", f"--basetemp={tmp_path / 'tests'}", f"--junitxml={report}"]
    command = [torch_python, "-m", "pytest", *options, *FILES]
    ran = subprocess.run(command, cwd=ROOT, env=plain_variables(), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    cases = list(ET.parse(report).getroot().iter("testcase"))
    assert [case.get("name") for case in cases if len(case)] == []
    assert {case.get("name") for case in cases} >= NEED_TORCH
