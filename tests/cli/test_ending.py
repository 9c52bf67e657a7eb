from psynapse.cli.ending import Witness
from psynapse.cli.values import Told
from psynapse.model.events import (
    RunEvent,
    RunFinished,
    TaskCompleted,
    TaskFailed,
    TaskSkipped,
    TaskStarted,
)
from psynapse.model.ids import NodeId
from psynapse.planning.plan import Plan, Task

A, B, V = NodeId("a"), NodeId("b"), NodeId("v")
PLAN = Plan((Task(A, "functionNode", "A"), Task(B, "functionNode", "B"), Task(V, "viewNode", "V")), (2, 0))


def witness(*bodies: tuple[NodeId | None, object]) -> Witness:
    one = Witness(PLAN)
    one.take([RunEvent(seq, 0.0, node, body) for seq, (node, body) in enumerate(bodies)])  # pyright: ignore[reportArgumentType]
    return one


def test_whole_values_come_from_the_worker_in_the_order_of_the_targets():
    one = witness((A, TaskCompleted(1)), (B, TaskStarted()), (B, TaskCompleted(2)), (V, TaskCompleted("short")))
    one.take([RunEvent(9, 0.0, None, RunFinished("succeeded", 1.5))])
    ending = one.ending({"v": "long", "a": 1})
    assert list(ending.values.items()) == [("v", Told("short", "long")), ("a", Told(1, 1))]
    assert (ending.status, ending.done, ending.seconds, ending.error) == ("succeeded", 3, 1.5, "")
    assert ending.targets == ["v", "a"]


def test_of_a_worker_that_died_previews_are_left():
    one = witness(
        (A, TaskCompleted(None)),
        (B, TaskFailed("the worker died", "WorkerDied", hint="again", code="worker-died")),
        (V, TaskSkipped(B)),
        (None, RunFinished("failed", 0.1)),
    )
    ending = one.ending({})
    assert ending.values == {"a": Told(None, None)}
    assert ending.errors["b"].hint.startswith("again; psynapse run --in-process")
    assert ending.skipped == {"v": "b"}


def test_a_run_that_broke_off_by_itself_says_why():
    assert witness((None, RunFinished("failed", 0.1, "no worker"))).ending({}).error == "no worker"
    assert witness((A, TaskCompleted(1))).ending({}).error
