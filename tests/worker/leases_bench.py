"""The pool's rules with what a pool would do for them, by the test's order."""

from collections.abc import Sequence

from psynapse.worker.leases import Leases
from psynapse.worker.places import End, Environment, Give, Place, Refuse, Request, Start, Step

RED: Environment = (("COLOUR", "red"),)
BLUE: Environment = (("COLOUR", "blue"),)


class Carrying:
    """Leases, and what a pool would do for them: workers come up and end when the test says so."""

    def __init__(self, limit: int) -> None:
        self.broken: set[Environment] = set()
        self.leases = Leases(limit, lambda env: env not in self.broken)
        self.given: dict[Request, Place] = {}
        self.refused: list[Request] = []

    def carry_out(self) -> list[Step]:
        # Who goes back to its home's worker is in nobody's way.
        strangers = [request for request in self.leases._queue if self.leases._home_of(request) is None]
        steps = self.leases.decide()
        self._first_came_first_served(strangers)
        for step in steps:
            match step:
                case Give(place):
                    self._hand_over(place)
                case Refuse(request):
                    self.refused.append(request)
                case Start() | End():
                    pass
        return steps

    def ask(self, home: str = "", env: Environment = (), *, fresh: bool = False) -> Request:
        request = Request(env, home, fresh)
        self.leases.ask(request)
        self.carry_out()
        return request

    def come_up(self, place: Place) -> None:
        if place.state == "planned":
            self.leases.launch(place)
        self.leases.started(place)
        if place.state == "leased":
            self._hand_over(place)
        self.carry_out()

    def release(self, request: Request, *, usable: bool = True) -> Place:
        place = self.given.pop(request)
        self.leases.release(place, usable=usable)
        self.carry_out()
        return place

    def gone(self, place: Place) -> None:
        self.leases.gone(place)
        self.carry_out()

    def failed(self, place: Place) -> Request | None:
        lost = self.leases.failed(place)
        self.carry_out()
        return lost

    def in_state(self, *states: str) -> list[Place]:
        return [place for place in self.leases.places if place.state in states]

    def settle(self) -> None:
        """Let everything come up and end that does."""
        while waiting := self.in_state("planned", "starting", "ending"):
            for place in waiting:
                if place.state == "ending":
                    self.gone(place)
                else:
                    self.come_up(place)

    def served(self, home: str = "", env: Environment = (), *, fresh: bool = False) -> tuple[Request, Place]:
        request = self.ask(home, env, fresh=fresh)
        self.settle()
        return request, self.given[request]

    def used(self, home: str = "", env: Environment = ()) -> Place:
        request, place = self.served(home, env)
        self.release(request)
        return place

    def positions(self) -> dict[Request, int]:
        return dict(self.leases.positions())

    def _first_came_first_served(self, strangers: Sequence[Request]) -> None:
        served = [place.request for place in self.leases.places if place.request in strangers]
        for request in strangers:
            if request in self.leases._queue and not (request.fresh or self.leases._home_of(request)):
                assert all(other.number < request.number for other in served if other and other.env == request.env)

    def _hand_over(self, place: Place) -> None:
        assert place.request is not None
        assert place.request not in self.given
        self.given[place.request] = place
