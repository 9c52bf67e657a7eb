"""The pool's rules, one by one."""

from leases_bench import BLUE, RED, Carrying

from psynapse.worker.places import Place


def test_a_home_goes_back_to_its_worker_although_others_were_used_since():
    pool = Carrying(4)
    busy, _ = pool.served("a")
    other, place = pool.served("b")
    third, _ = pool.served()
    for request in (busy, other, third):
        pool.release(request)
    pool.used()
    assert pool.served("b")[1] is place


def test_a_busy_home_keeps_its_own_waiting_and_nobody_else():
    pool = Carrying(3)
    first, place = pool.served("a")
    second, third = pool.ask("a"), pool.ask("a")
    assert pool.positions() == {second: 1, third: 2}
    assert pool.served()[1] is not place
    assert pool.served("b")[1] is not place
    pool.release(first)
    assert pool.given[second] is place
    assert pool.positions() == {third: 1}


def test_runs_of_a_home_wait_for_its_worker_while_it_is_still_starting():
    pool = Carrying(3)
    first, second = pool.ask("a"), pool.ask("a")
    assert [place.request for place in pool.leases.places] == [first]
    pool.settle()
    assert first in pool.given
    assert second not in pool.given


def test_nobody_s_workers_are_taken_before_those_of_a_home():
    pool = Carrying(3)
    home = pool.used("a")
    anonymous, other = pool.served()
    pool.release(anonymous)
    assert pool.served()[1] is other
    assert pool.served()[1] not in {home, other}
    assert home.home == "a"


def test_runs_without_a_home_come_back_to_the_worker_used_last_and_a_home_gets_an_unused_one():
    pool = Carrying(4)
    (one, first), (other, second) = pool.served(), pool.served()
    unused = pool.leases.spare()
    assert unused
    pool.come_up(unused)
    pool.release(one)
    pool.release(other)
    assert [pool.used(), pool.used()] == [second, second]
    assert pool.served("a")[1] is unused
    assert pool.served()[1] is second
    assert pool.served()[1] is first


def test_a_home_is_taken_and_forgotten_when_nothing_else_is_idle_and_nothing_can_start():
    pool = Carrying(1)
    place = pool.used("a")
    request, taken = pool.served("b")
    assert taken is place
    mine = pool.ask("a")
    assert pool.positions() == {mine: 1}
    pool.release(request)
    assert pool.given[mine] is place
    assert place.home == "a"


def test_a_home_is_taken_too_when_starts_fail():
    pool = Carrying(5)
    place = pool.used("a")
    pool.broken.add(())
    assert pool.served()[1] is place
    refused = pool.ask()
    assert pool.refused == [refused]


def test_who_waits_for_a_worker_that_does_not_come_up_gets_one_that_was_released_meanwhile():
    pool = Carrying(5)
    request, place = pool.served()
    waiting, fresh = pool.ask(), pool.ask("a", fresh=True)
    mine, other = (next(place for place in pool.leases.places if place.request is one) for one in (waiting, fresh))
    pool.release(request)
    assert pool.failed(other) is fresh
    assert pool.failed(mine) is None
    assert pool.given == {waiting: place}


def test_an_earlier_run_is_not_overtaken_by_the_runs_of_a_home():
    pool = Carrying(1)
    first, _ = pool.served("a")
    early, late = pool.ask(), pool.ask("a")
    assert pool.positions() == {early: 1, late: 2}
    pool.release(first)
    assert early in pool.given
    assert pool.positions() == {late: 1}


def test_other_variables_are_another_worker_and_move_the_home():
    pool = Carrying(4)
    plain = pool.used("a")
    red = pool.used("a", RED)
    assert red is not plain
    assert (plain.home, red.home) == ("", "a")


def test_a_worker_is_only_for_its_own_variables():
    pool = Carrying(4)
    red = pool.used(env=RED)
    assert pool.used(env=BLUE) is not red
    assert pool.used() is not red
    assert pool.served(env=RED)[1] is red


def test_a_fresh_worker_has_run_nothing_and_the_old_one_ends():
    pool = Carrying(4)
    used = pool.used()
    old = pool.used("a")
    request = pool.ask("a", fresh=True)
    assert old.state == "ending"
    pool.settle()
    new = pool.given[request]
    assert new not in {used, old}
    assert not new.used


def test_a_fresh_worker_waits_until_the_home_s_run_is_over():
    pool = Carrying(2)
    going_on, old = pool.served("a")
    fresh = pool.ask("a", fresh=True)
    pool.settle()
    assert fresh not in pool.given
    pool.release(going_on)
    pool.settle()
    assert pool.given[fresh] is not old


def test_at_the_limit_the_idle_worker_used_longest_ago_makes_room():
    pool = Carrying(2)
    requests = [pool.served("a"), pool.served("b")]
    for request, _ in requests:
        pool.release(request)
    request = pool.ask(env=RED)
    assert [place.state for _, place in requests] == ["ending", "idle"]
    pool.settle()
    assert pool.given[request].env == RED


def test_whoever_waits_for_a_worker_to_end_does_not_end_another_meanwhile():
    pool = Carrying(2)
    requests = [pool.served("a"), pool.served("b")]
    for request, _ in requests:
        pool.release(request)
    pool.ask(env=RED)
    pool.carry_out()
    assert len(pool.in_state("ending")) == 1


def test_without_memory_a_run_waits_where_it_was_until_a_worker_is_released():
    pool = Carrying(4)
    going_on, place = pool.served()
    poor = pool.ask()
    (planned,) = pool.in_state("planned")
    pool.leases.postpone(planned)
    pool.carry_out()
    assert pool.positions() == {poor: 1}
    assert pool.leases.spare() is None
    pool.release(going_on)
    assert pool.given[poor] is place


def test_who_comes_back_for_want_of_memory_is_still_before_those_who_asked_later():
    pool = Carrying(3)
    pool.served()
    poor, later, last = pool.ask(), pool.ask(), pool.ask()
    assert pool.positions() == {last: 3}
    for planned in reversed(pool.in_state("planned")):
        pool.leases.postpone(planned)
    assert pool.positions() == {poor: 1, later: 2, last: 3}
    pool.carry_out()
    assert list(pool.positions()) == [poor, later, last]
    assert list(pool.leases._queue) == [poor, later, last]


def test_without_memory_idle_workers_end_one_by_one_for_other_variables():
    pool = Carrying(4)
    requests = [pool.served(home) for home in ("a", "b")]
    for request, _ in requests:
        pool.release(request)
    ended: list[Place] = []
    red = pool.ask(env=RED)
    while red not in pool.given:
        for place in pool.in_state("planned"):
            if len(pool.leases.places) > 1:
                pool.leases.postpone(place)
                pool.carry_out()
            else:
                pool.come_up(place)
        for place in pool.in_state("ending"):
            ended.append(place)
            pool.gone(place)
    assert ended == [place for _, place in requests]


def test_a_worker_whose_run_was_withdrawn_while_it_started_serves_the_next():
    pool = Carrying(2)
    pool.leases.withdraw(pool.ask("a"))
    (coming,) = pool.leases.places
    request = pool.ask()
    pool.settle()
    assert pool.given == {request: coming}
    assert coming.home == ""


def test_new_code_ends_what_is_idle_and_later_what_is_leased():
    pool = Carrying(4)
    idle, (request, leased) = pool.used("a"), pool.served("b")
    third, _ = pool.served("b2")
    pool.release(third)
    code = pool.leases.new_code()
    assert pool.leases.supersede(code)
    fresh = pool.leases.join(code)
    assert (idle.state, leased.state, fresh.state) == ("ending", "leased", "idle")
    assert pool.served("b")[1] is fresh
    pool.release(request)
    assert leased.state == "ending"


def test_new_code_that_does_not_work_changes_nothing():
    pool = Carrying(2)
    place = pool.used("a")
    pool.leases.new_code()
    assert pool.served("a")[1] is place


def test_a_worker_started_for_old_code_is_for_its_own_run_only():
    pool = Carrying(4)
    mine = pool.ask("a")
    spare = pool.leases.spare()
    assert spare is not None
    for place in pool.leases.places:
        pool.leases.launch(place)
    pool.leases.supersede(pool.leases.new_code())
    pool.come_up(spare)
    assert spare.state == "ending"
    pool.come_up(pool.in_state("starting")[0])
    assert pool.release(mine).state == "ending"


def test_the_fresh_worker_of_new_code_ends_when_every_place_is_leased():
    pool = Carrying(1)
    pool.served()
    code = pool.leases.new_code()
    pool.leases.supersede(code)
    assert pool.leases.join(code).state == "ending"


def test_one_worker_is_kept_in_reserve_and_no_more():
    pool = Carrying(3)
    spare = pool.leases.spare()
    assert spare is not None
    assert pool.leases.spare() is None
    pool.come_up(spare)
    assert pool.served("a")[1] is spare
    assert pool.leases.spare() is not None
