"""What is known of pipelines, from a catalog and from what workers say."""

from psynapse.model.catalog import Catalog
from psynapse.model.ids import NodeId, Ref
from psynapse.model.packages import NodePackage, PipelineInfo, PipelineState
from psynapse.model.schema import NodeSchema
from psynapse.planning.plan import Plan, Task
from psynapse.services.pipeline_states import Offer, PipelineBoard


def schema(text: str, code: str = "1") -> NodeSchema:
    ref = Ref(text)
    return NodeSchema(
        ref=ref, name=ref, nodepack="p", filepath="p", style="pipeline", origin="package", code=code, cache=False
    )


CATALOG = Catalog(
    schemas=(schema("pkg/pipelines:glow", "c1"), schema("pkg/pipelines:a:b", "c2"), schema("pkg/nodes:event")),
    packages=(NodePackage(name="pkg", version="1", pipelines=(PipelineInfo(id="glow", name="Glow"),)),),
)


def test_an_offer_knows_which_pipelines_a_plan_needs():
    offer = Offer(CATALOG)
    refs = ["pkg/pipelines:glow", None, "pkg/nodes:event", "pkg/pipelines:a:b", "other.py:f"]
    plan = Plan(
        tuple(Task(NodeId(str(at)), "functionNode", "n", Ref(ref) if ref else None) for at, ref in enumerate(refs))
    )
    assert offer.used_by(plan) == {"glow", "a:b"}
    assert [offer.at(plan, task) for task in range(6)] == ["glow", "", "", "a:b", "", ""]
    assert offer.code == {"glow": "c1", "a:b": "c2"}
    assert list(offer.infos) == ["glow"]
    assert Offer(Catalog()).used_by(plan) == frozenset()


def test_a_board_lists_what_is_offered_and_what_is_loaded_besides():
    board, heard = PipelineBoard(), list[int]()
    board.on_change = lambda: heard.append(1)
    board.loading("glow", {"gain": 1})
    board.adopt([PipelineState(pipeline_id="glow", state="loaded", load_params={"gain": 1})], asked="glow")
    board.adopt([PipelineState(pipeline_id="glow", state="loaded"), PipelineState(pipeline_id="old", state="loaded")])
    offered = {**Offer(CATALOG).infos, "new": PipelineInfo(id="new", name="New")}
    assert {one.pipeline_id: one.state for one in board.list(offered)} == {
        "glow": "loaded",
        "new": "not_loaded",
        "old": "loaded",
    }
    assert len(heard) == 3


def test_what_a_worker_no_longer_has_is_not_loaded_but_errors_stay():
    board = PipelineBoard()
    board.fail("broken", "no weights")
    board.loading("waiting", {})
    board.adopt([PipelineState(pipeline_id="glow", state="loaded")])
    board.adopt([])
    assert board.params("loaded") == {}
    assert board.params("error", "loading").keys() == {"broken", "waiting"}
    board.adopt([], asked="waiting")
    assert "waiting" not in board
    board.forget("broken")
    assert board.list({}) == []
