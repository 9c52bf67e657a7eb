"""The editor opens quickly: what the page fetches before its first picture stays small."""

import gzip
import re
from pathlib import Path

import pytest

WEB = Path(__file__).parent.parent / "src" / "psynapse" / "web"
LIMIT = 300_000
"""Bytes, as they travel. What is not needed at once is fetched later: see ``frontend/src/ui/later.tsx``."""
_LOADED_FIRST = re.compile(r'(?:src|href)="\./(assets/[^"]+)"')


def test_the_first_load_is_at_most_300_kb():
    page = WEB / "index.html"
    if not page.exists():
        pytest.skip("the editor is not built: python frontend/build.py")
    text = page.read_text(encoding="utf-8")
    sizes = {name: len(gzip.compress((WEB / name).read_bytes())) for name in _LOADED_FIRST.findall(text)}
    assert any(name.endswith(".js") for name in sizes)
    largest = sorted(sizes.items(), key=lambda one: -one[1])[:5]
    assert sum(sizes.values()) <= LIMIT, f"the largest are {largest}"
