"""From an imported nodepack file to its nodes. Nothing here trusts what the module holds."""

import dis
import functools
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, is_dataclass
from enum import Enum
from pathlib import Path
from types import FunctionType, ModuleType, WrapperDescriptorType
from typing import cast

from psynapse.catalog.failures import load_failure
from psynapse.catalog.fields import settle_defaults
from psynapse.catalog.hints import hints_of, returns_of
from psynapse.catalog.nodepacks import Nodepack
from psynapse.catalog.parameters import Meanings, Parameters, read_parameters
from psynapse.errors import PsynapseError
from psynapse.model.authoring import OPTIONS_ATTRIBUTE, NodeOptions
from psynapse.model.catalog import LoadFailure
from psynapse.model.guarded import Raised, outcome
from psynapse.model.ids import Ref
from psynapse.model.operation import Address, Operation
from psynapse.model.schema import NodeSchema, Return, Style

_CachedFunction = type(functools.lru_cache(maxsize=None)(lambda: None))
_STYLE_OF_FILE: dict[str, Style] = {"progress_ops.py": "progress", "stream_ops.py": "stream"}
_STYLE_OF_REPORTER: dict[str, Style] = {"_progress_reporter": "progress", "_stream_reporter": "stream"}


class NotANode(PsynapseError):
    """A function or class that looks like a node and cannot be one; the hint says what to change."""

    code = "not-a-node"


@dataclass(frozen=True, slots=True)
class _File:
    module: ModuleType
    pack: Nodepack
    name: str
    code: str
    meanings: Meanings = field(default_factory=Meanings)

    @property
    def path(self) -> Path:
        return self.pack.path / self.name


@dataclass(frozen=True, slots=True)
class _Call:
    """What runs when the node runs: the function itself, or a class's ``__call__`` without its first parameter."""

    function: Callable[..., object]
    bound: bool = False

    def parameters(self, meanings: Meanings) -> Parameters:
        signature = inspect.signature(self.function)
        own = list(signature.parameters.values())
        if self.bound and own and own[0].kind in (own[0].POSITIONAL_ONLY, own[0].POSITIONAL_OR_KEYWORD):
            signature = signature.replace(parameters=own[1:])
        return read_parameters(signature, hints_of(self.function), meanings)

    def returns(self) -> tuple[Return, ...]:
        return returns_of(hints_of(self.function).get("return", inspect.Parameter.empty), self.function)


def operations_of(module: ModuleType, pack: Nodepack, filename: str, code: str) -> Iterator[Operation | LoadFailure]:
    """The nodes of an imported file in the order they stand there, and a failure for each name that cannot be one.

    ``code`` is the nodepack's source digest. User code that runs on the way (metaclasses, properties) cannot stop it.
    """
    file = _File(module, pack, filename, code)
    found = [_operation(name, value, file) for name, value in _members(file)]
    yield from sorted((item for item in found if item), key=_line)


def _line(item: Operation | LoadFailure) -> int:
    return item.schema.line if isinstance(item, Operation) else 0


def _members(file: _File) -> Iterator[tuple[str, object]]:
    """The public functions and classes, by what they really are: ``isinstance`` would ask the object."""
    for name, value in list(vars(file.module).items()):
        kind = type(value)
        is_function = file.name == "ops.py" and kind in (FunctionType, _CachedFunction)
        if not name.startswith("_") and (is_function or issubclass(kind, type)):
            yield name, value


def _operation(name: str, value: object, file: _File) -> Operation | LoadFailure | None:
    found = outcome(_described, name, value, file)
    return load_failure(found.error, file.pack.path, file.path, name) if isinstance(found, Raised) else found


def _described(name: str, value: object, file: _File) -> Operation | None:
    if not _belongs(value, file.module):
        return None
    callee = cast("Callable[..., object]", value)
    settle_defaults(callee)
    call = _call_of_class(callee) if isinstance(callee, type) else _Call(callee)
    parameters = call.parameters(file.meanings)
    schema = _schema(name, callee, call, parameters, file)
    address = Address(str(file.pack.path), str(file.path), file.module.__name__, name)
    return Operation(schema, callee, address, isinstance(callee, type), parameters.validators)


def _belongs(value: object, module: ModuleType) -> bool:
    """Defined in this file, and meant to be called: no lambda, no class without a ``__call__`` of its own."""
    if getattr(value, "__module__", None) != module.__name__:
        return False
    if not isinstance(value, type):
        return getattr(value, "__name__", "") != "<lambda>"
    if issubclass(value, (BaseException, Enum, type)) or vars(value).get("_is_protocol") or inspect.isabstract(value):
        return False
    call = _own(value, "__call__")
    # What a builtin base brings along was not written as a node.
    return call is not None and not isinstance(call, WrapperDescriptorType)


def _own(cls: type, name: str) -> object:
    """An attribute as it is written in the class or a base of it, without ``object`` and without binding it."""
    return next((vars(base)[name] for base in cls.__mro__[:-1] if name in vars(base)), None)


def _call_of_class(cls: type) -> _Call:
    _check_constructor(cls)
    call = _own(cls, "__call__")
    if isinstance(call, (staticmethod, classmethod)):
        return _Call(call.__func__, bound=isinstance(call, classmethod))
    if not callable(call):
        kind = type(call).__name__
        raise NotANode(f"__call__ of {cls.__name__} is a {kind}, not a method", hint="write: def __call__(self, …)")
    return _Call(call, bound=hasattr(type(call), "__get__"))


def _check_constructor(cls: type) -> None:
    """Each run makes an instance without arguments."""
    try:
        parameters = inspect.signature(cls).parameters.values()
    except (TypeError, ValueError):
        return
    spread = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    needed = [item.name for item in parameters if item.default is item.empty and item.kind not in spread]
    if needed:
        hint = "give them defaults, or begin the class's name with an underscore if it is no node"
        raise NotANode(f"{cls.__name__} cannot be created without {', '.join(needed)}", hint=hint)


def _schema(name: str, callee: Callable[..., object], call: _Call, parameters: Parameters, file: _File) -> NodeSchema:
    if inspect.isasyncgenfunction(call.function):
        raise NotANode(f"{name} is an async generator", hint="collect what it yields and return a list")
    options = _options(callee)
    return NodeSchema(
        ref=Ref(f"{file.pack.name}/{file.name}:{name}"),
        name=name,
        nodepack=file.pack.name,
        filepath=str(file.path),
        params=parameters.params,
        returns=call.returns(),
        docstring=_docstring(callee, call),
        style=_style(callee, file.name),
        is_async=inspect.iscoroutinefunction(call.function),
        line=_first_line(callee, file.path),
        code=file.code,
        origin=file.pack.origin,
        executor=options.executor,
        cache=options.cache,
    )


def _options(callee: object) -> NodeOptions:
    options = getattr(callee, OPTIONS_ATTRIBUTE, None)
    return options if isinstance(options, NodeOptions) else NodeOptions()


def _docstring(callee: object, call: _Call) -> str:
    """A class's own text, then that of its ``__call__``; what it inherits is about something else."""
    own = vars(callee).get("__doc__") if isinstance(callee, type) else None
    # Dataclasses without a text get their signature for one.
    generated = is_dataclass(callee) and str(own).startswith(f"{getattr(callee, '__name__', '')}(")
    text = (None if generated else own) or inspect.getdoc(call.function)
    # A __call__ without a text inherits Python's own, which says nothing about the node.
    text = None if text == type.__call__.__doc__ else text
    return inspect.cleandoc(text).encode("utf-8", "replace").decode() if isinstance(text, str) else ""


def _style(callee: object, filename: str) -> Style:
    if not isinstance(callee, type):
        return "function"
    assigned = {name for base in callee.__mro__[:-1] for name in _instance_attributes(base)}
    reporters: list[Style] = [style for name, style in _STYLE_OF_REPORTER.items() if name in assigned]
    return _STYLE_OF_FILE.get(filename, reporters[0] if reporters else "function")


def _instance_attributes(cls: type) -> Iterator[str]:
    """What the class sets, and what its ``__init__`` assigns, read from the bytecode instead of running it."""
    yield from vars(cls)
    init = vars(cls).get("__init__")
    if isinstance(init, FunctionType):
        yield from (str(step.argval) for step in dis.get_instructions(init) if step.opname == "STORE_ATTR")


def _first_line(callee: Callable[..., object], path: Path) -> int:
    if isinstance(callee, type):
        return _line_of_class(callee, path)
    code = getattr(inspect.unwrap(callee), "__code__", None)
    return getattr(code, "co_firstlineno", 1)


def _line_of_class(cls: type, path: Path) -> int:
    """Python keeps a class's line only since 3.13; ``inspect`` would parse the whole file for each class."""
    known = vars(cls).get("__firstlineno__")
    if isinstance(known, int):
        return known
    try:
        source = path.read_bytes()
    except OSError:
        return 1
    match = re.search(rb"^[ \t]*class[ \t]+" + re.escape(cls.__name__.encode()) + rb"\b", source, re.MULTILINE)
    return source.count(b"\n", 0, match.start()) + 1 if match else 1
