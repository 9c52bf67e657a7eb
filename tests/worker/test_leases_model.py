"""The pool's rules in every order of asking, starting, failing, releasing and ending."""

from collections.abc import Sequence

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from leases_bench import BLUE, RED, Carrying

from psynapse.worker.places import Environment, Place, Request

BREAKING: Environment = (("COLOUR", "none"),)
ENVIRONMENTS: Sequence[Environment] = ((), (), RED, BLUE, BREAKING)


class Rules(RuleBasedStateMachine):
    """Anything may happen at any time. Whatever did: when it stops, everybody has been served."""

    @initialize(limit=st.integers(1, 4))
    def begin(self, limit: int) -> None:
        self.limit = limit
        self.pool = Carrying(limit)
        self.asked: list[Request] = []

    @rule(home=st.sampled_from(["", "", "a", "b"]), env=st.sampled_from(ENVIRONMENTS), fresh=st.booleans())
    def ask(self, home: str, env: Environment, fresh: bool) -> None:
        self.asked.append(self.pool.ask(home, env, fresh=fresh))

    @precondition(lambda self: self.waiting())
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        request = data.draw(st.sampled_from(self.waiting()))
        self.pool.leases.withdraw(request)
        self.asked.remove(request)
        self.pool.carry_out()

    @precondition(lambda self: self.pool.given)
    @rule(data=st.data(), usable=st.booleans())
    def release(self, data: st.DataObject, usable: bool) -> None:
        request = data.draw(st.sampled_from(list(self.pool.given)))
        self.pool.release(request, usable=usable)
        self.asked.remove(request)

    @precondition(lambda self: self.pool.in_state("planned"))
    @rule(data=st.data())
    def launch(self, data: st.DataObject) -> None:
        self.pool.leases.launch(data.draw(st.sampled_from(self.pool.in_state("planned"))))

    @precondition(lambda self: self.pool.in_state("planned") and len(self.pool.leases.places) > 1)
    @rule(data=st.data())
    def postpone(self, data: st.DataObject) -> None:
        self.pool.leases.postpone(data.draw(st.sampled_from(self.pool.in_state("planned"))))
        self.pool.carry_out()

    @precondition(lambda self: self.pool.in_state("planned", "starting"))
    @rule(data=st.data())
    def come_up(self, data: st.DataObject) -> None:
        self.pool.come_up(data.draw(st.sampled_from(self.pool.in_state("planned", "starting"))))

    @rule()
    def settle(self) -> None:
        self.pool.settle()

    @precondition(lambda self: self.pool.in_state("starting"))
    @rule(data=st.data())
    def fail(self, data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(self.pool.in_state("starting")))
        if lost := self.pool.failed(place):
            self.asked.remove(lost)

    @precondition(lambda self: self.pool.in_state("ending"))
    @rule(data=st.data())
    def gone(self, data: st.DataObject) -> None:
        self.pool.gone(data.draw(st.sampled_from(self.pool.in_state("ending"))))

    @precondition(lambda self: self.pool.in_state("idle"))
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        self.pool.leases.end(data.draw(st.sampled_from(self.pool.in_state("idle"))))
        self.pool.carry_out()

    @rule()
    def reserve(self) -> None:
        self.pool.leases.spare()

    @rule(works=st.booleans())
    def change_code(self, works: bool) -> None:
        code = self.pool.leases.new_code()
        if works:
            self.pool.leases.supersede(code)
            self.pool.leases.join(code)
            self.pool.carry_out()

    @rule()
    def break_or_mend(self) -> None:
        self.pool.broken ^= {BREAKING}
        self.pool.carry_out()
        self.forget_refused()

    def waiting(self) -> list[Request]:
        return [request for request in self.asked if request not in self.pool.given]

    def forget_refused(self) -> None:
        for request in self.pool.refused:
            self.asked.remove(request)
        self.pool.refused.clear()

    @invariant()
    def never_more_than_the_limit(self) -> None:
        self.forget_refused()
        assert len([place for place in self.pool.leases.places if place.state != "ending"]) <= self.limit

    @invariant()
    def one_run_at_a_time_and_of_its_own_environment(self) -> None:
        leased = self.pool.in_state("leased")
        assert sorted(map(id, leased)) == sorted(map(id, self.pool.given.values()))
        for place in self.pool.leases.places:
            assert place.request is None or place.request.env == place.env
            assert (place.request is None) == (place.state in {"idle", "ending"} or place.request not in self.asked)

    @invariant()
    def a_home_has_one_worker(self) -> None:
        homes = [place.home for place in self.pool.leases.places if place.home]
        assert len(homes) == len(set(homes))

    @invariant()
    def who_waits_has_a_position_and_the_first_are_told_one(self) -> None:
        planned = [place.request for place in self.pool.leases.places if place.state in {"planned", "starting"}]
        positions = self.pool.positions()
        assert set(positions) == {request for request in self.waiting() if request not in planned}
        anywhere = sorted(position for request, position in positions.items() if not self.home_worker(request))
        ahead = len([place for place in self.pool.in_state("planned") if place.request])
        assert anywhere == sorted(set(anywhere))
        assert not anywhere or anywhere[-1] <= len(anywhere) + ahead

    @invariant()
    def nobody_waits_for_what_is_idle(self) -> None:
        for request in self.pool.positions():
            idle = [place for place in self.pool.in_state("idle") if place.env == request.env and not place.home]
            assert self.home_worker(request) or all(request.fresh and place.used for place in idle)

    def home_worker(self, request: Request) -> Place | None:
        return next(
            (
                place
                for place in self.pool.leases.places
                if request.home and place.home == request.home and place.env == request.env and self.is_current(place)
            ),
            None,
        )

    def is_current(self, place: Place) -> bool:
        return place.code >= self.pool.leases._current

    def teardown(self) -> None:
        if not hasattr(self, "pool"):
            return
        self.pool.broken.clear()
        for _ in range(10 * len(self.asked) + 50):
            self.pool.carry_out()
            self.pool.settle()
            for request in list(self.pool.given):
                self.release_for_good(request)
        assert self.asked == []
        assert not self.pool.leases.busy
        assert all(place.state == "idle" for place in self.pool.leases.places)

    def release_for_good(self, request: Request) -> None:
        self.pool.release(request)
        self.asked.remove(request)


TestRules = Rules.TestCase
TestRules.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
