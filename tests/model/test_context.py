"""Which node is running here."""

from contextvars import copy_context

from psynapse.model.context import NodeContext, context_source, current_context


class BetweenNodes:
    def current(self) -> NodeContext | None:
        return None


def test_a_thread_between_nodes_has_no_context():
    def inside() -> NodeContext | None:
        context_source.set(BetweenNodes())
        return current_context()

    assert copy_context().run(inside) is None
    assert context_source.get() is None
