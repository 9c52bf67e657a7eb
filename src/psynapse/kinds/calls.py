"""How a function or callable class is called with a node's values."""

import copy
import functools
import inspect
import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import FunctionType
from typing import Final, cast

from psynapse.errors import ConversionError
from psynapse.kinds.base import BareArguments, Evaluation, evaluation_of
from psynapse.kinds.convert import Converter, converter_for, exact_type, shown
from psynapse.kinds.secrets import SecretValue, call_with_secrets, resolved
from psynapse.model.context import current_context
from psynapse.model.ids import Json
from psynapse.model.operation import Operation, Validator
from psynapse.model.schema import Param
from psynapse.model.secret import secret_name
from psynapse.model.types import TypeExpr

_NOT_BY_NAME: Final = frozenset({"positional", "spread", "spread_mapping"})
_NOTHING: Final[Mapping[str, object]] = {}


@dataclass(frozen=True, slots=True)
class _Callee:
    """What is the same for all nodes of an operation. ``spread``: its parameters, when not all can go by name."""

    function: Callable[..., object]
    conversions: Mapping[str, Converter]
    exact: Mapping[str, type]
    spread: tuple[Param, ...]
    defaults: Mapping[str, object]

    def bare_arguments(self, fresh: Mapping[str, object] = _NOTHING) -> BareArguments:
        return functools.partial(_bare_arguments, self.spread, self.defaults, fresh)


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is the same for all nodes of an operation that have the same ports set and wired.

    ``given`` are the ports whose constants count, each with the type that needs no conversion, and the conversion.
    """

    callee: _Callee
    given: tuple[tuple[str, type | None, Converter | None], ...]
    by_position: tuple[str, ...]
    by_keyword: tuple[str, ...]
    positions: Mapping[str, int]
    conversions: Mapping[str, Converter]
    exact: Mapping[str, type]
    bare_arguments: BareArguments


def evaluate_call(operation: Operation, constants: Mapping[str, Json], wired: tuple[str, ...]) -> Evaluation:
    """Convert the constants and choose the cheapest way to call the function.

    Raises ConversionError when a constant does not fit its port.
    """
    layout = _lay_out(operation, tuple(constants), wired)
    values: dict[str, object] = {}
    fresh: dict[str, object] = {}
    secrets: dict[str, SecretValue] = {}
    as_they_are = not layout.by_keyword
    for port, exact, convert in layout.given:
        value: object = constants[port]
        if type(value) is not exact:
            as_they_are = False
            if type(value) is dict and (name := secret_name(cast("object", value))):
                secrets[port] = SecretValue(name, port, convert)
                continue
            value = value if convert is None else _converted(port, value, convert)
            if isinstance(value, (list, dict)):
                fresh[port] = value
        values[port] = value
    if secrets:
        return _with_secrets(layout, values, fresh, secrets)
    if fresh:
        return _with_copies(layout, values, fresh)
    return evaluation_of(
        (
            layout.callee.function,
            tuple(map(values.get, layout.by_position)),
            {port: values[port] for port in layout.by_keyword} if layout.by_keyword else _NOTHING,
            layout.positions,
            layout.conversions,
            layout.exact,
            layout.bare_arguments,
            layout.by_position if as_they_are else None,
        )
    )


def _with_copies(layout: _Layout, values: Mapping[str, object], fresh: Mapping[str, object]) -> Evaluation:
    return Evaluation(
        function=functools.partial(_call_with_copies, layout.callee.function, fresh),
        kwargs={port: value for port, value in values.items() if port not in fresh},
        conversions=layout.conversions,
        exact=layout.exact,
        bare_arguments=layout.callee.bare_arguments(fresh),
    )


def _with_secrets(
    layout: _Layout, values: Mapping[str, object], fresh: Mapping[str, object], secrets: Mapping[str, SecretValue]
) -> Evaluation:
    inner = _with_copies(layout, values, fresh)
    return inner._replace(
        function=functools.partial(call_with_secrets, inner.function, secrets),
        bare_arguments=functools.partial(_bare_with_secrets, layout.callee.bare_arguments(fresh), secrets),
    )


@functools.lru_cache(maxsize=1024)
def _prepare(operation: Operation) -> _Callee:
    params = operation.schema.params
    spread = params if any(param.passing in _NOT_BY_NAME for param in params) else ()
    defaults = _defaults(operation) if spread else {}
    function = _callee(operation)
    return _Callee(
        function=functools.partial(_spread_call, function, spread, defaults) if spread else function,
        conversions={param.name: convert for param in params if (convert := _converter(param, operation))},
        exact={
            param.name: exact
            for param in params
            if param.name not in operation.validators and (exact := exact_type(param.type))
        },
        spread=spread,
        defaults=defaults,
    )


@functools.lru_cache(maxsize=4096)
def _lay_out(operation: Operation, names: tuple[str, ...], wired: tuple[str, ...]) -> _Layout:
    callee = _prepare(operation)
    given = [name for name in names if name not in wired]
    by_position = () if callee.spread else _by_position(operation, {*given, *wired})
    return _Layout(
        callee=callee,
        given=tuple((name, callee.exact.get(name), callee.conversions.get(name)) for name in given),
        by_position=by_position,
        by_keyword=tuple(name for name in given if name not in by_position),
        positions={port: index for index, port in enumerate(by_position) if port in wired},
        conversions={port: convert for port, convert in callee.conversions.items() if port in wired},
        exact={port: exact for port, exact in callee.exact.items() if port in wired},
        bare_arguments=callee.bare_arguments(),
    )


def _by_position(operation: Operation, given: AbstractSet[str]) -> tuple[str, ...]:
    """The parameters that can go by position, which is faster than by name: the first ones, up to a gap."""
    if not isinstance(operation.callee, FunctionType):
        return ()
    code = operation.callee.__code__
    return tuple(itertools.takewhile(given.__contains__, code.co_varnames[: code.co_argcount]))


def _converter(param: Param, operation: Operation) -> Converter | None:
    """How a value becomes what ``param`` asks for: the table's conversion, then the parameter's validator."""
    convert = converter_for(param.type)
    validate = operation.validators.get(param.name)
    if validate is None:
        return convert or (_parse_container if _takes_container(param.type) else None)
    return functools.partial(_validated, convert, validate)


def _validated(convert: Converter | None, validate: Validator, value: object) -> object:
    if convert:
        value = convert(value)
    try:
        return validate(value)
    except ValueError as error:
        raise ConversionError(str(error)) from None


def _takes_container(expr: TypeExpr) -> bool:
    names = {member.name for member in expr.members}
    return bool(names & {"list", "dict"}) and "str" not in names


def _parse_container(value: object) -> object:
    """A list or dict typed into a text field arrives as JSON text; anything else is Python's business."""
    if not isinstance(value, str):
        return value
    try:
        parsed: object = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return parsed if isinstance(parsed, (list, dict)) else value


def _converted(port: str, value: object, convert: Converter) -> object:
    try:
        return convert(value)
    except ConversionError as error:
        error.port = error.port or port
        raise


def _callee(operation: Operation) -> Callable[..., object]:
    function = functools.partial(_call_instance, operation.callee) if operation.is_class else operation.callee
    return functools.partial(_drain, function) if inspect.isgeneratorfunction(_called(operation)) else function


def _called(operation: Operation) -> Callable[..., object]:
    """Where the author's signature and body are: the function, or the method of the class."""
    return operation.callee.__call__ if operation.is_class else operation.callee


def _defaults(operation: Operation) -> dict[str, object]:
    params = inspect.signature(_called(operation)).parameters.values()
    return {param.name: param.default for param in params if param.default is not param.empty}


def _call_instance(cls: Callable[[], object], /, *args: object, **kwargs: object) -> object:
    """Each run of a class node gets an instance of its own, its reporters tied to the node that runs."""
    instance = cls()
    if context := current_context():
        _attach(instance, "_progress_reporter", context.progress)
        _attach(instance, "_stream_reporter", context.emit)
    return cast("Callable[..., object]", instance)(*args, **kwargs)


def _attach(instance: object, attribute: str, callback: Callable[..., None]) -> None:
    set_callback = getattr(getattr(instance, attribute, None), "set_callback", None)
    if callable(set_callback):
        set_callback(callback)


def _drain(function: Callable[..., object], /, *args: object, **kwargs: object) -> list[object]:
    """A generator could be read once only; its items as a list can be shown, cached and passed on."""
    return list(cast("list[object]", function(*args, **kwargs)))


def _call_with_copies(function: Callable[..., object], fresh: Mapping[str, object], /, **kwargs: object) -> object:
    """Lists and dicts set in the node are copied for each call: a function may change what it is given."""
    return function(**kwargs, **copy.deepcopy(fresh))


def _spread_call(
    function: Callable[..., object], params: tuple[Param, ...], defaults: Mapping[str, object], /, **values: object
) -> object:
    args, kwargs = _spread(params, defaults, values)
    return function(*args, **kwargs)


def _bare_arguments(
    params: tuple[Param, ...],
    defaults: Mapping[str, object],
    fresh: Mapping[str, object],
    args: tuple[object, ...],
    kwargs: Mapping[str, object],
) -> tuple[tuple[object, ...], Mapping[str, object]]:
    """The arguments for the callee itself, in a process that has none of the wrappers above."""
    values = {**kwargs, **fresh}
    return _spread(params, defaults, values) if params else (args, values)


def _bare_with_secrets(
    bare_arguments: BareArguments,
    secrets: Mapping[str, SecretValue],
    args: tuple[object, ...],
    kwargs: Mapping[str, object],
) -> tuple[tuple[object, ...], Mapping[str, object]]:
    return bare_arguments(args, {**kwargs, **resolved(secrets)})


def _spread(
    params: tuple[Param, ...], defaults: Mapping[str, object], values: Mapping[str, object]
) -> tuple[tuple[object, ...], Mapping[str, object]]:
    """Arguments for ``*args``, ``**kwargs`` and positional-only parameters."""
    args: list[object] = []
    kwargs: dict[str, object] = {}
    given = {param.name: _opened(param, values[param.name]) for param in params if param.name in values}
    # What stands before a filled *args can only be reached by position.
    last_positional = max((index for index, param in enumerate(params) if _by_place(param, given)), default=-1)
    for index, param in enumerate(params):
        if param.passing == "spread":
            args.extend(cast("list[object]", given.get(param.name, ())))
        elif param.passing == "spread_mapping":
            _merge(kwargs, cast("Mapping[str, object]", given.get(param.name, {})), param.name)
        elif index <= last_positional:
            # A gap would move what follows into the wrong place.
            args.append(given[param.name] if param.name in given else defaults[param.name])
        elif param.name in given:
            kwargs[param.name] = given[param.name]
    return tuple(args), kwargs


def _by_place(param: Param, given: Mapping[str, object]) -> bool:
    if param.passing == "spread":
        return bool(given.get(param.name))
    return param.passing == "positional" and param.name in given


def _opened(param: Param, value: object) -> object:
    """What goes to ``*args`` as a list, what goes to ``**kwargs`` as a mapping; text is not a list of letters."""
    if param.passing == "spread":
        if isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping)):
            return list(value)
        raise ConversionError(f"{shown(value)} is not a list of values", port=param.name, hint="give a list")
    if param.passing == "spread_mapping" and not (
        isinstance(value, Mapping) and all(isinstance(name, str) for name in value)
    ):
        message = f"{shown(value)} is not an object of named values"
        raise ConversionError(message, port=param.name, hint="give an object")
    return value


def _merge(kwargs: dict[str, object], more: Mapping[str, object], port: str) -> None:
    twice = ", ".join(name for name in more if name in kwargs)
    if twice:
        message = f"{port} sets {twice}, which the node has an input of its own for"
        raise ConversionError(message, port=port, hint="take it out of one of them")
    kwargs.update(more)
