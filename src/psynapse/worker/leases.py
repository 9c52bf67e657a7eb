"""Which run gets which worker: the pool's rules, without processes, clocks or waiting.

The pool tells what happened (``ask``, ``started``, ``release``, ``gone`` …) and then carries out what ``decide`` says.
A *home* is an open workflow: its runs go back to the worker that ran it last.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from psynapse.worker.places import End, Environment, Give, Place, Refuse, Request, Start, Step


def _always(env: Environment) -> bool:
    del env
    return True


class Leases:
    """The places of a pool and the requests that wait. At most ``limit`` places, what is ending included."""

    def __init__(self, limit: int, startable: Callable[[Environment], bool] = _always) -> None:
        self.limit = limit
        self.tight = False
        """True when there was no memory for another worker and nothing has changed since."""
        self._startable = startable
        self._queue: dict[Request, None] = {}
        # The one used longest ago comes first.
        self._places: dict[Place, None] = {}
        self._homes: dict[str, Place] = {}
        self._asked = 0
        self._code = 0
        self._current = 0
        # Who waits for a worker to end, in order; made anew by each decision.
        self._for_ending: list[Request] = []

    # What is

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place that is taken, by what is used or coming or ending."""
        return tuple(self._places)

    @property
    def busy(self) -> bool:
        """True while a run waits or goes on."""
        return bool(self._queue) or any(place.request for place in self._places)

    def positions(self) -> Iterator[tuple[Request, int]]:
        """Who waits, and as which: 1 is next. Who waits for its home's worker is in nobody's way but its own."""
        ahead, at_home = 0, Counter[Place]()
        planned = [place.request for place in self._places if place.state == "planned" and place.request]
        for request in sorted([*self._queue, *planned], key=_number):
            home = self._home_of(request) if request in self._queue else None
            if home is not None:
                at_home[home] += 1
            else:
                ahead += 1
            if request in self._queue:
                yield request, ahead + (at_home[home] if home else 0)

    # What happens

    def ask(self, request: Request) -> None:
        """A run wants a worker."""
        self._asked += 1
        request.number = self._asked
        self._queue[request] = None
        # It may be long ago that memory was measured.
        self.tight = False

    def withdraw(self, request: Request) -> None:
        """A run that has no worker yet wants none any more; one that starts for it is there for others."""
        self._queue.pop(request, None)
        for place in self._places:
            if place.request is request and place.state in {"planned", "starting"}:
                place.request = None
                self._set_home(place, "")

    def launch(self, place: Place) -> None:
        """The worker of a planned place is being started, with the code as it is now."""
        place.state, place.code = "starting", self._code

    def postpone(self, place: Place) -> None:
        """There is no memory for a planned worker. Its request waits where it was, for a worker to be released."""
        self._drop(place)
        if place.request:
            self._enqueue(place.request)
        self.tight = True

    def started(self, place: Place) -> None:
        """A worker is there: for its run, for others, or for nobody when its code is old by now."""
        if place.request:
            place.state = "leased"
        else:
            self._rest(place)

    def release(self, place: Place, *, usable: bool = True) -> None:
        """A run is over. The worker is idle then, or has to end when it is not usable or its code is old."""
        place.request, place.used = None, True
        del self._places[place]
        self._places[place] = None
        if usable:
            self._rest(place)
        else:
            self.end(place)

    def end(self, place: Place) -> None:
        """The worker has to end; its place is taken until it is ``gone``."""
        place.state = "ending"
        self._set_home(place, "")

    def gone(self, place: Place) -> None:
        """A worker has ended, or did not come up."""
        self._drop(place)
        self.tight = False

    def failed(self, place: Place) -> Request | None:
        """A worker did not come up. Its request waits for another one, or is returned when there is none."""
        self.gone(place)
        request = place.request
        if request is None or not self._may_wait(request):
            return request
        self._enqueue(request)
        return None

    def new_code(self) -> int:
        """The code has changed: the number of the new one, which workers started from now on have."""
        self._code += 1
        return self._code

    def supersede(self, code: int) -> list[Place]:
        """That code works: workers with an older one end, the idle ones at once. These are returned."""
        self._current = max(self._current, code)
        old = [place for place in self._places if place.state == "idle" and place.code < self._current]
        for place in old:
            self.end(place)
        return old

    def join(self, code: int) -> Place:
        """A worker without environment variables has come up unasked: idle, or ending when there is no room for it."""
        place = Place((), code, "idle")
        # While old workers end there may be more places than there should: waiting for them would keep edits waiting.
        staying = sum(other.state != "ending" for other in self._places)
        self._places[place] = None
        if staying >= self.limit or code < self._current:
            self.end(place)
        return place

    # What to do

    def decide(self) -> list[Step]:
        """Serve whoever can be served, first come first. The pool has to carry out every step."""
        self._for_ending = []
        steps: list[Step] = []
        # Thousands may wait: most are passed over without a closer look.
        exhausted = self._exhausted()
        for request in tuple(self._queue):
            if not exhausted or not self._startable(request.env):
                steps += self._serve(request)
                exhausted = self._exhausted()
        return steps

    def spare(self) -> Place | None:
        """A place for a worker in reserve, when there is none and nobody waits for the room."""
        ready = any(
            place.state in {"planned", "starting", "idle"}
            and not (place.request or place.home or place.env)
            and self._is_current(place)
            for place in self._places
        )
        if ready or self._queue or self.tight or len(self._places) >= self.limit or not self._startable(()):
            return None
        return self._plan(())

    def _serve(self, request: Request) -> list[Step]:
        home = self._home_of(request)
        if home and home.state != "idle":
            return []
        if home and not request.fresh:
            return self._give(home, request)
        steps = self._end_home(request.home) if request.fresh else []
        place = self._nobodys(request)
        return steps + (self._give(place, request) if place else self._begin(request))

    def _begin(self, request: Request) -> list[Step]:
        """Nothing that is nobody's fits: start a worker, make room for one, or take an idle one from its home."""
        taken = self._somebodys(request)
        if not self._startable(request.env):
            return self._refuse(request) if taken is None else self._give(taken, request)
        if self._has_room():
            # It keeps its number: without memory for the worker it comes back to where it was.
            del self._queue[request]
            return [Start(self._plan(request.env, request))]
        if not self.tight and (steps := self._make_room(request, among_homes=False)) is not None:
            return steps
        # Better another's warm worker than a cold one for which that one had to end as well.
        if taken is not None:
            return self._give(taken, self._before(request))
        return self._make_room(request, among_homes=True) or []

    def _make_room(self, request: Request, *, among_homes: bool) -> list[Step] | None:
        """Wait for a worker that is ending anyway, else end the idle one used longest ago. None: there is none."""
        ending = sum(place.state == "ending" for place in self._places)
        if len(self._for_ending) < ending:
            self._for_ending.append(request)
            return []
        for place in self._places:
            if place.state == "idle" and (among_homes or not place.home):
                self.end(place)
                self._for_ending.append(request)
                return [End(place)]
        return None

    def _before(self, request: Request) -> Request:
        """Who came before and waits for a worker to end, but could have this one as well; the two change places."""
        for index, earlier in enumerate(self._for_ending):
            if earlier.env == request.env and not earlier.fresh:
                self._for_ending[index] = request
                return earlier
        return request

    def _exhausted(self) -> bool:
        """True when no worker is idle or comes for nobody, and none can be started."""
        return not self._has_room() and all(place.request or place.state == "ending" for place in self._places)

    def _has_room(self) -> bool:
        """One worker may always run, however much memory it needs."""
        return not self._places or (not self.tight and len(self._places) < self.limit)

    def _nobodys(self, request: Request) -> Place | None:
        """A worker that is nobody's home, idle or about to be: for a home one that ran nothing yet, if there is.

        Others get the one that was used last: it has at hand what it needed then.
        """
        free = [place for place in reversed(self._places) if not (place.home or place.request)]
        fits = [place for place in free if self._fits(place, request)]
        return min(fits, key=lambda place: (place.state != "idle", place.used == bool(request.home)), default=None)

    def _somebodys(self, request: Request) -> Place | None:
        """The idle worker of another home that was used longest ago."""
        return next((place for place in self._places if place.state == "idle" and self._fits(place, request)), None)

    def _fits(self, place: Place, request: Request) -> bool:
        return (
            place.state in {"idle", "planned", "starting"}
            and place.env == request.env
            and self._is_current(place)
            and not (request.fresh and place.used)
        )

    def _may_wait(self, request: Request) -> bool:
        """Whether there is a worker that the request could have, now or when a run is over."""
        return not request.fresh and any(
            place.state in {"idle", "leased"} and place.env == request.env and self._is_current(place)
            for place in self._places
        )

    def _is_current(self, place: Place) -> bool:
        return place.code >= self._current

    def _home_of(self, request: Request) -> Place | None:
        """The worker that a home's runs go back to, if its code and environment are theirs."""
        place = self._homes.get(request.home)
        return place if place and place.env == request.env and self._is_current(place) else None

    def _end_home(self, home: str) -> list[Step]:
        place = self._homes.get(home)
        if place is None or place.state != "idle":
            return []
        self.end(place)
        return [End(place)]

    # Changes

    def _enqueue(self, request: Request) -> None:
        """It keeps its number, and waits where that belongs."""
        self._queue = dict.fromkeys(sorted([*self._queue, request], key=_number))

    def _give(self, place: Place, request: Request) -> list[Step]:
        """Nothing has to be done for a worker that is still coming: it is this request's when it is there."""
        self._queue.pop(request, None)
        place.request = request
        self._set_home(place, request.home)
        if place.state != "idle":
            return []
        place.state = "leased"
        return [Give(place)]

    def _refuse(self, request: Request) -> list[Step]:
        del self._queue[request]
        return [Refuse(request)]

    def _plan(self, env: Environment, request: Request | None = None) -> Place:
        place = Place(env, self._code, "planned", request)
        self._places[place] = None
        self._set_home(place, request.home if request else "")
        return place

    def _rest(self, place: Place) -> None:
        if self._is_current(place):
            place.state = "idle"
        else:
            self.end(place)

    def _drop(self, place: Place) -> None:
        self._set_home(place, "")
        self._places.pop(place, None)

    def _set_home(self, place: Place, home: str) -> None:
        """A home has one worker, and a worker one home."""
        if place.home:
            self._homes.pop(place.home, None)
        if home and (before := self._homes.get(home)):
            before.home = ""
        place.home = home
        if home:
            self._homes[home] = place


def _number(request: Request) -> int:
    return request.number
