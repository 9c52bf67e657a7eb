"""Tests of the documentation and of the code in it that makes pages."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What several test files share is a module beside them, and the code of the site is imported as MkDocs does it.
sys.path += [str(Path(__file__).parent), str(ROOT / "docs" / "from_code")]
