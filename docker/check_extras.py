"""Fail a build that asks for an extra psynapse does not have: pip only warns. ``check_extras.py llm,images``."""  # noqa: INP001 -- a script beside the Dockerfile, no package

import re
import sys
from importlib.metadata import metadata


def unknown_extras(asked: str) -> list[str]:
    """The names in a list separated by commas that the installed psynapse has no extra for."""
    offered = {_normal(name) for name in metadata("psynapse").get_all("Provides-Extra", [])}
    names = (name.strip() for name in asked.split(","))
    return sorted(name for name in names if name and _normal(name) not in offered)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    unknown = unknown_extras(sys.argv[1])
    sys.exit(f"OPTIONAL_DEPS: psynapse has no extra {', '.join(unknown)}" if unknown else 0)
