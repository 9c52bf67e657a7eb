"""The names of ``scope`` are on the path here, as they are in a worker that has node packages."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "src" / "psynapse" / "compat"))
