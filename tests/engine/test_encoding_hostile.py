"""Cyclic, deep, endless and hostile values become JSON as well."""

import dataclasses
import time as clock
from collections import deque
from typing import Any, NoReturn

import orjson
import pytest
from strict_reader import wire

from psynapse.engine.encoding import encode, to_json
from psynapse.model.guarded import attempt
from psynapse.model.json_text import dumps


def test_cycles_are_cut_and_marked_but_shared_parts_are_not():
    loop: list[object] = [1]
    loop.append({"again": loop})
    shared = [0]
    assert wire(loop) == [1, {"again": {"$cycle": True}}]
    assert wire([shared, shared]) == [[0], [0]]


@pytest.mark.parametrize("depth", [100, 100_000])
def test_deep_nesting_is_read_to_a_depth_that_parsers_accept(depth: int):
    nested: Any = []
    for _ in range(depth):
        nested = [nested]
    text = dumps(to_json(nested))
    orjson.loads(text)
    assert (b'{"$deep":true}' in text) == (depth > 200)
    assert text.count(b"[") == min(depth + 1, 200)


def test_parts_shared_at_many_levels_do_not_explode():
    shared: Any = []
    for _ in range(100):
        shared = [shared, shared]
    crowd: list[list[object]] = [[] for _ in range(40)]
    for member in crowd:
        member.extend(crowd)
    begin = clock.perf_counter()
    assert not encode(shared)[1]
    to_json(crowd)
    assert clock.perf_counter() - begin < 2


def test_shared_parts_never_add_up_to_more_levels_than_parsers_accept():
    tower: Any = "x" * 2000
    for _ in range(4):
        floor = tower
        for _ in range(150):
            tower = [tower]
        tower = [floor, tower]
    orjson.loads(dumps(to_json(tower)))


def test_integers_too_long_for_other_parsers_show_their_hexadecimal():
    assert wire(10**4299) == 10**4299
    assert wire([10**5000])[0] == {"$type": "builtins.int", "$repr": hex(10**5000)}
    assert wire(1 << 1_000_000)["$repr"] == "an integer of 1,000,001 bits"


def test_generators_are_not_consumed():
    numbers = (number for number in range(3))
    assert wire([numbers])[0]["$type"] == "builtins.generator"
    assert list(numbers) == [0, 1, 2]


class Hostile:
    def __getattribute__(self, name: str) -> object:
        raise RuntimeError(name)

    def __repr__(self) -> str:
        raise SystemExit(1)

    def __iter__(self) -> NoReturn:
        raise RuntimeError

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __hash__(self) -> int:
        return 1


class WrongTypes:
    def __repr__(self) -> Any:
        return 5

    def _repr_html_(self) -> object:
        return object()


class Recursing:
    def __repr__(self) -> str:
        return repr(self)


class HostileMeta(type):
    def __getattribute__(cls, name: str) -> object:
        raise RuntimeError(name)

    def __hash__(cls) -> int:
        raise RuntimeError

    def __eq__(cls, other: object) -> bool:
        raise RuntimeError


class OfHostileMeta(metaclass=HostileMeta):
    pass


class LyingList(list[int]):
    def __iter__(self) -> Any:
        while True:
            yield 1

    def __len__(self) -> int:
        raise ValueError


class LyingDict(dict[str, int]):
    def items(self) -> Any:
        raise ValueError

    def __iter__(self) -> Any:
        while True:
            yield "a"


@dataclasses.dataclass
class Endless:
    seed: int = 0

    def __getattribute__(self, name: str) -> Any:
        return Endless() if name == "seed" else object.__getattribute__(self, name)


@dataclasses.dataclass
class Unset:
    a: int = dataclasses.field(init=False)
    b: int = 2


def instance_of(module: object) -> object:
    return type("Odd", (), {"__module__": module})()


HOSTILE = {
    "raising": Hostile,
    "wrong types": WrongTypes,
    "recursing": Recursing,
    "instance of a hostile metaclass": OfHostileMeta,
    "class of a hostile metaclass": lambda: OfHostileMeta,
    "odd module": lambda: instance_of(7),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_objects_become_json_anywhere(kind: str):
    value = HOSTILE[kind]()
    for container in (value, [value, 1], [value] * 20, {"k": value}, (value,), deque([value])):
        wire(container)


def test_objects_that_make_new_objects_for_ever_end():
    result, whole = encode(Endless(), 100_000)
    assert whole
    assert dumps(result).count(b'{"seed":') == 200


def test_a_hostile_key_keeps_its_entry():
    assert list(wire({Hostile(): 1}).values()) == [1]


def test_subclasses_are_read_by_their_base():
    assert wire([LyingList([1, 2]), LyingDict(a=1)]) == [[1, 2], {"a": 1}]


def test_a_field_that_cannot_be_read_is_left_out():
    assert wire(Unset()) == {"b": 2}


def test_what_stops_a_run_is_not_swallowed():
    class Interrupted:
        def __repr__(self) -> str:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        to_json(Interrupted())


def test_a_rust_panic_is_survived():
    panic = type("PanicException", (BaseException,), {})

    def fail() -> int:
        raise panic

    assert attempt(3, fail) == 3
