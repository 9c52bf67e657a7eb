"""Plans and catalogs as JSON, on their way between a server and its workers."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, cast

from psynapse.errors import TypeSyntaxError, WorkerError
from psynapse.model.catalog import Catalog
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import Json
from psynapse.model.packages import LoadFailure, NodePackage, PipelineInfo, PipelineState
from psynapse.model.schema import MISSING, NodeSchema, Param, Return
from psynapse.model.types import TypeExpr, parse_type
from psynapse.planning.adopt import adopt
from psynapse.planning.plan import Input, Plan, Task

_new = tuple.__new__

ReadType = Callable[[str], TypeExpr]


def plan_to_json(plan: Plan) -> Json:
    """A plan as columns. Its diagnostics stay behind, but for those that block tasks.

    ``patterns`` have what their tasks share, and the first one's name; ``names`` are those of tasks that have others.
    ``sources`` are those of all inputs, one after the other.
    """
    patterns: list[Json] = []
    known: list[str] = []
    nodes: list[Json] = []
    constants: list[Json] = []
    sources: list[Json] = []
    names: dict[str, Json] = {}
    blocked: dict[str, Json] = {}
    for number, (node, kind, name, ref, values, inputs, finding) in zip(plan.patterns, plan.tasks, strict=True):
        if number == len(known):
            known.append(name)
            patterns.append((kind, name, ref, [(port, key) for port, _, key in inputs]))
        elif name != known[number]:
            names[str(len(nodes))] = name
        if finding:
            blocked[str(len(nodes))] = finding.to_json()
        nodes.append(node)
        constants.append(values)
        for _, source, _ in inputs:
            sources.append(source)
    return {
        "patterns": patterns,
        "numbers": plan.patterns,
        "nodes": nodes,
        "constants": constants,
        "sources": sources,
        "names": names,
        "blocked": blocked,
        "targets": plan.targets,
    }


def plan_from_json(document: Json, previous: Plan | None = None) -> Plan:
    """The plan that ``plan_to_json`` made ``document`` from, with tasks of the ``previous`` one where they are equal.

    Raises WorkerError when the document is something else.
    """
    try:
        content = cast("dict[str, Any]", document)
        tasks = _tasks_from_json(content)
        for index, name in content["names"].items():
            tasks[int(index)] = tasks[int(index)]._replace(name=name)
        for index, finding in content["blocked"].items():
            tasks[int(index)] = tasks[int(index)]._replace(blocked=_diagnostic(finding))
        adopted = adopt(tasks, previous) if previous else tuple(tasks)
        return Plan(adopted, tuple(content["targets"]), (), tuple(content["numbers"]))
    except (AttributeError, LookupError, StopIteration, TypeError, ValueError) as error:
        raise WorkerError(f"this is no plan: {error}") from error


def _tasks_from_json(content: dict[str, Any]) -> list[Task]:
    tasks: list[Task] = []
    heads = [(kind, name, ref, [(port, key) for port, key in ports]) for kind, name, ref, ports in content["patterns"]]
    sources = iter(content["sources"])
    for number, node, constants in zip(content["numbers"], content["nodes"], content["constants"], strict=True):
        kind, name, ref, ports = heads[number]
        if len(ports) == 1:
            ((port, key),) = ports
            arriving = (_new(Input, (port, next(sources), key)),)
        else:
            arriving = tuple([_new(Input, (port, next(sources), key)) for port, key in ports])
        tasks.append(_new(Task, (node, kind, name, ref, constants, arriving, None)))
    return tasks


def _diagnostic(content: dict[str, Any]) -> Diagnostic:
    return Diagnostic(**{item.name: content[item.name] for item in fields(Diagnostic)})


def catalog_to_json(catalog: Catalog) -> Json:
    """A catalog with everything in it; types are written as text."""
    return {
        "schemas": [_schema_to_json(schema) for schema in catalog.schemas],
        "failures": [failure.to_json() for failure in catalog.failures],
        "packages": [package.to_json() for package in catalog.packages],
    }


def catalog_from_json(document: Json) -> Catalog:
    """The catalog that ``catalog_to_json`` made ``document`` from. Raises WorkerError when it is something else."""
    try:
        content = cast("dict[str, Any]", document)
        # Not for ever: what a worker sends may be anything. One catalog has the same few types again and again.
        read_type = cache(parse_type)
        schemas = tuple(_schema_from_json(schema, read_type) for schema in content["schemas"])
        packages = tuple(package_from_json(package) for package in content["packages"])
        return Catalog(schemas, _failures(content["failures"]), packages)
    except (AttributeError, KeyError, TypeError, ValueError, TypeSyntaxError) as error:
        raise WorkerError(f"this is no catalog: {error}") from error


def package_from_json(content: dict[str, Any]) -> NodePackage:
    """The package that ``to_json`` made ``content`` from. Raises KeyError or TypeError when it is something else."""
    changed: dict[str, Any] = {
        "pipelines": tuple(_pipeline_from_json(pipeline) for pipeline in content["pipelines"]),
        "node_types": tuple(content["node_types"]),
        "nodepacks": tuple(content["nodepacks"]),
        "failures": _failures(content["failures"]),
    }
    return NodePackage(**{**content, **changed})


def pipeline_states_from_json(document: Json) -> tuple[PipelineState, ...]:
    """The pipelines of a worker. Raises WorkerError when ``document`` is something else."""
    try:
        return tuple(PipelineState(**state) for state in cast("list[dict[str, Any]]", document))
    except TypeError as error:
        raise WorkerError(f"these are no pipelines: {error}") from error


def _pipeline_from_json(content: dict[str, Any]) -> PipelineInfo:
    changed: dict[str, Any] = {"load_params": tuple(content["load_params"]), "usage": tuple(content["usage"])}
    return PipelineInfo(**{**content, **changed})


def _failures(content: list[dict[str, Any]]) -> tuple[LoadFailure, ...]:
    return tuple(LoadFailure(**failure) for failure in content)


def _schema_to_json(schema: NodeSchema) -> Json:
    plain = {name: getattr(schema, name) for name in _PLAIN_FIELDS}
    returns: list[Json] = [[item.name, str(item.type)] for item in schema.returns]
    return {**plain, "params": [_param_to_json(param) for param in schema.params], "returns": returns}


def _param_to_json(param: Param) -> Json:
    content = {item.name: getattr(param, item.name) for item in fields(Param) if item.name != "default"}
    default: dict[str, Json] = {} if param.default is MISSING else {"default": param.default}
    return {**content, "type": str(param.type), "literal_values": list(param.literal_values), **default}


def _schema_from_json(content: dict[str, Any], read_type: ReadType) -> NodeSchema:
    plain = {name: content[name] for name in _PLAIN_FIELDS}
    params = tuple(_param_from_json(param, read_type) for param in content["params"])
    returns = tuple(Return(name, read_type(text)) for name, text in content["returns"])
    return NodeSchema(**plain, params=params, returns=returns)


def _param_from_json(content: dict[str, Any], read_type: ReadType) -> Param:
    changed: dict[str, Any] = {
        "type": read_type(content["type"]),
        "literal_values": tuple(content["literal_values"]),
    }
    return Param(**{**content, **changed})


_PLAIN_FIELDS = tuple(item.name for item in fields(NodeSchema) if item.name not in {"params", "returns"})
