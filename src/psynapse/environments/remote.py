"""What a Git repository has now, asked without fetching it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from psynapse.environments.requirement import Requirement
from psynapse.environments.running import run_program

_COMMIT_LIKE: Final = re.compile(r"[0-9a-f]{7,40}")


async def newest_commit(requirement: Requirement, env: Mapping[str, str], cwd: Path) -> str:
    """The commit that the branch or tag (or default branch) is at, or "" when that cannot be told.

    A requirement for one commit stays at it.
    """
    wanted = requirement.ref or "HEAD"
    command = ["git", "ls-remote", "--", requirement.url, wanted, f"{wanted}^{{}}"]
    try:
        ended = await run_program(command, env=env, cwd=cwd)
    except OSError:
        return ""
    if ended.exit_code:
        return ""
    rows = (line.split("\t", 1) for line in ended.stdout.splitlines() if "\t" in line)
    found = {name: commit for commit, name in rows}
    # As uv does: a branch before a tag. A tag with a message has a commit of its own, behind ^{}.
    names = (wanted, f"refs/heads/{wanted}", f"refs/tags/{wanted}^{{}}", f"refs/tags/{wanted}")
    commit = next((found[name] for name in names if name in found), "")
    return commit or (requirement.commit if _COMMIT_LIKE.fullmatch(wanted) else "")
