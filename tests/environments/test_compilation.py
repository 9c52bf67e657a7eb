from pathlib import Path

import pytest

from psynapse.environments.compilation import Chosen, _read
from psynapse.environments.errors import UvFailed


def test_what_uv_wrote_is_read(tmp_path: Path):
    commit = "0123456789" * 4
    (tmp_path / "chosen.txt").write_text(
        "plain==1.0\n"
        "needed==1.0+cpu           # via Scope_One, scope-two, -r asked.txt\n"
        f"scope-git @ git+https://h/u/r@{commit}#subdirectory=a  # via -r asked.txt\n"
        "\n"
    )
    assert list(_read(tmp_path / "chosen.txt")) == [
        Chosen(name="plain", version="1.0"),
        Chosen(name="needed", version="1.0+cpu", needed_by=("scope-one", "scope-two")),
        Chosen(name="scope-git", url=f"git+https://h/u/r@{commit}#subdirectory=a"),
    ]
    assert [one.commit for one in _read(tmp_path / "chosen.txt")] == ["", "", commit]


def test_a_line_that_is_not_known_is_not_passed_over(tmp_path: Path):
    (tmp_path / "chosen.txt").write_text("-e file:///srv/x\n")
    with pytest.raises(UvFailed, match="a line that psynapse does not know: -e file:///srv/x"):
        list(_read(tmp_path / "chosen.txt"))
