"""``kill -9`` of a server that changes node packages, of its uv, or of both: the next server has the old or the new."""

import random
from itertools import islice
from pathlib import Path

import pytest
from breaking import break_often
from generation_breaker import Kill
from server_breaker import ServerBreaker
from server_kills import KINDS, VICTIMS, named_kills, random_kills

from psynapse.environments.steps import STEPS

STEP_KILLS = [
    Kill("install", "server", "resolve"),
    Kill("install", "uv", "resolve"),
    Kill("install", "server and uv", "build"),
    Kill("install", "server", "seal"),
    Kill("install", "server", "end"),
    Kill("update", "server", "probe"),
    Kill("update", "uv", "build"),
    Kill("update", "server", "activate"),
    Kill("update", "server", "project"),
    Kill("uninstall", "server and uv", "resolve"),
    Kill("uninstall", "server", "build"),
    Kill("uninstall", "server", "collect"),
    Kill("rollback", "server", "activate"),
    Kill("rollback", "server", "use"),
]
RANDOM_KILLS = 4
# Each kill costs a change, a server that starts, and a look at everything.
pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("unchanged_base")]


def test_the_kills_are_of_every_kind_at_every_step_and_of_every_victim():
    assert {kill.at for kill in STEP_KILLS} == {*STEPS, "use", "end"}
    assert {kill.kind for kill in STEP_KILLS} == KINDS.keys()
    assert {kill.how for kill in STEP_KILLS} == set(VICTIMS)
    assert set(STEP_KILLS) < set(named_kills())


def test_a_server_killed_at_a_step_is_followed_by_one_with_the_old_or_the_new_packages(tmp_path: Path):
    report = break_often(ServerBreaker, STEP_KILLS, len(STEP_KILLS), 1, tmp_path)
    # A uv may have ended before it was found; a server never has.
    assert report.kills + report.too_late == len(STEP_KILLS)
    assert report.too_late <= sum("uv" in kill.how for kill in STEP_KILLS)
    # What is killed after the commit point is there, and what is killed long before is not.
    assert report.changed >= sum(kill.at in {"project", "collect", "use", "end"} for kill in STEP_KILLS)
    assert report.kept > 0


@pytest.mark.parametrize("seed", [1])
def test_a_server_killed_at_any_instant_is_followed_by_one_with_the_old_or_the_new_packages(seed: int, tmp_path: Path):
    report = break_often(
        ServerBreaker, islice(random_kills(random.Random(seed)), RANDOM_KILLS), RANDOM_KILLS, seed, tmp_path
    )
    assert report.kills + report.too_late == RANDOM_KILLS
    assert report.kept + report.changed == report.kills
