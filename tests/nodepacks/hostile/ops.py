"""Objects that fight whoever looks at them. Only ``calm`` and ``after`` are well behaved."""

from typing import Protocol


def calm(x: int) -> int:
    return x


class Grumpy(type):
    def __getattribute__(cls, name):
        raise RuntimeError(f"do not touch {name}")


class Untouchable(metaclass=Grumpy):
    def __call__(self, x: int) -> int:
        return x


class Rude:
    def __getattribute__(self, name):
        raise RuntimeError("no")

    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = None


rude = Rude()


class PropertyCall:
    @property
    def __call__(self):
        raise RuntimeError("no")


class NoneCall:
    __call__ = None


class Callback(Protocol):
    def __call__(self, x: int) -> int: ...


def __getattr__(name):
    raise RuntimeError("modules can do this too")


def unreadable(x: int) -> int:
    return x


unreadable.__signature__ = "nonsense"


def after(x: int) -> int:
    return x
