"""The same graphs in Hamilton and Dask, where they are installed.

Neither is told about the other's weaknesses: Dask gets a graph made beforehand, which spares it what ``dask.delayed``
costs; Hamilton a driver built beforehand, and the deeper stack it needs for a chain of a thousand.
"""

import linecache
import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from benchmarks.graphs import GATHER, Graph, Step, node_id
from benchmarks.plain import Functions, arguments, callable_of

EDIT = "edit"
"""What a graph's edited constant is called among Hamilton's inputs."""


def has_hamilton() -> bool:
    """True when Hamilton can take part."""
    return find_spec("hamilton") is not None


def has_dask() -> bool:
    """True when Dask can take part."""
    return find_spec("dask") is not None


def dask_call(graph: Graph, functions: Functions, workers: int | None = None) -> Callable[[], object]:
    """A function that runs the graph in Dask's threads, as many as there are cores unless said otherwise."""
    get = import_module("dask.threaded").get
    tasks = {node_id(index): _dask_task(step, functions) for index, step in enumerate(graph)}
    last = node_id(len(graph) - 1)
    return lambda: get(tasks, last, num_workers=workers)


def _dask_task(step: Step, functions: Functions) -> tuple[object, ...]:
    given = (_argument(step, name) for name in arguments(step, functions))
    return callable_of(step, functions), *given


def _argument(step: Step, name: str) -> object:
    return node_id(step.inputs[name]) if name in step.inputs else step.constants[name]


def hamilton_call(
    graph: Graph,
    functions: Functions,
    *,
    adapt: Callable[[Any], Any] = lambda builder: builder,
    edited: tuple[int, str] | None = None,
) -> Callable[..., object]:
    """A function that runs the graph in Hamilton; ``edited``: the step and parameter that it takes as an argument."""
    driver = build_hamilton(hamilton_module(graph, functions, edited), adapt)
    last = node_id(len(graph) - 1)

    def call(value: object = None) -> object:
        inputs: Mapping[str, object] = {EDIT: value} if edited else {}
        return driver.execute([last], inputs=inputs)[last]

    return call


def build_hamilton(module: ModuleType, adapt: Callable[[Any], Any] = lambda builder: builder) -> Any:
    """A driver for a module; Hamilton's planning."""
    os.environ.setdefault("HAMILTON_TELEMETRY_ENABLED", "false")
    # It walks the graph recursively, several frames a node.
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 50_000))
    builder = import_module("hamilton.driver").Builder().with_modules(module)
    return adapt(builder).build()


def with_threads(builder: Any, workers: int) -> Any:
    """Let up to so many independent nodes run at the same time."""
    return builder.with_adapters(import_module("hamilton.plugins.h_threadpool").FutureAdapter(max_workers=workers))


def with_memory_cache(builder: Any) -> Any:
    """Keep results in memory between runs."""
    stores = import_module("hamilton.caching.stores.memory")
    return builder.with_cache(result_store=stores.InMemoryResultStore(), metadata_store=stores.InMemoryMetadataStore())


def hamilton_module(graph: Graph, functions: Functions, edited: tuple[int, str] | None = None) -> ModuleType:
    """The graph the way Hamilton wants it: a function per node, its parameters named after other functions."""
    lines = ["from typing import Any"]
    for index, step in enumerate(graph):
        lines += _definition(index, step, functions, edited[1] if edited and edited[0] == index else "")
    module = ModuleType(f"hamilton_graph_{len(graph)}")
    module.__dict__.update({f"_{name}": function for name, function in functions.items()})
    source = "\n".join(lines)
    filename = f"<{module.__name__}>"
    exec(compile(source, filename, "exec"), module.__dict__)
    # For its cache Hamilton reads the source of functions, and asks sys.modules whose they are.
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    sys.modules[module.__name__] = module
    return module


def _definition(index: int, step: Step, functions: Functions, edited: str) -> list[str]:
    names = arguments(step, functions)
    taken = [node_id(source) for source in step.inputs.values()]
    values = [EDIT if name == edited else _literal(step, name) for name in names]
    header = ", ".join(f"{name}: Any" for name in ([EDIT] if edited else []) + list(dict.fromkeys(taken)))
    call = f"[{', '.join(values)}]" if step.function == GATHER else f"_{step.function}({', '.join(values)})"
    return [f"def {node_id(index)}({header}) -> Any:", f"    return {call}"]


def _literal(step: Step, name: str) -> str:
    return node_id(step.inputs[name]) if name in step.inputs else repr(step.constants[name])
