"""``kill -9`` of a change of node packages, of uv, or of both, at any step and instant: nothing is ever half done."""

import random
from pathlib import Path

import pytest
from breaking import break_often
from generation_breaker import Breaker
from generation_kills import KINDS, named_kills, random_kills

from psynapse.environments.steps import STEPS

RANDOM_KILLS = 24
# Each kill costs a change, a recovery and a look at everything.
pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("unchanged_base")]


def test_every_step_of_every_kind_of_change_is_among_the_named_kills():
    places = {(kill.kind, kill.at) for kill in named_kills()}
    for kind in ("install", "update", "uninstall"):
        assert {(kind, step) for step in (*STEPS, "end")} <= places
    assert {("rollback", step) for step in ("activate", "project", "collect", "end")} <= places
    assert len(places) == sum(map(len, KINDS.values()))


@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_the_beginning_of_any_step_the_old_or_the_new_state_is_there_whole(kind: str, tmp_path: Path):
    kills = [kill for kill in named_kills() if kill.kind == kind]
    report = break_often(Breaker, kills, len(kills), 1, tmp_path)
    assert report.kills == len(kills)
    assert report.too_late == 0
    # All but the last few steps leave what was there.
    assert report.changed == 3
    assert report.kept == len(kills) - 3


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_at_any_file_operation_or_instant_the_old_or_the_new_state_is_there_whole(seed: int, tmp_path: Path):
    report = break_often(Breaker, random_kills(random.Random(seed)), RANDOM_KILLS, seed, tmp_path)
    assert report.kills == RANDOM_KILLS
    assert report.kept > 0
    assert report.changed > 0
