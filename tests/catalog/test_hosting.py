"""Pipelines that are loaded, and the errors of those that are not."""

import gc
import weakref
from pathlib import Path

import pytest
from installed_packages import BEGIN, COLOUR
from package_bench import load_one

from psynapse.catalog.hosting import PipelineHost, UnknownPipeline
from psynapse.errors import ConversionError
from psynapse.model.packages import PipelineState

FUSSY = (
    BEGIN
    + """
class FussyConfig(BasePipelineConfig):
    pipeline_id = "fussy"
    size: int = Field(default=1, ge=1, le=9, json_schema_extra=ui_field_config(is_load_param=True))

class Fussy(Pipeline):
    ended = []
    @classmethod
    def get_config_class(cls):
        return FussyConfig
    def __init__(self, size, **rest):
        if size == 9:
            raise RuntimeError("nine is too many")
        if size == 8:
            raise SystemExit(8)
        self.size, self.rest = size, rest
    def __call__(self, **given):
        return {}
    def shutdown(self):
        Fussy.ended.append(self.size)
        raise ValueError("it does not want to go")

@hookimpl
def register_pipelines(register):
    register(Fussy)
"""
)


@pytest.fixture
def host(site: Path) -> PipelineHost:
    load_one(site, "colours", COLOUR)
    # Both packages are in the folder now.
    return load_one(site, "fussy", FUSSY).host


def test_nothing_is_loaded_at_first(host: PipelineHost):
    assert host.states() == ()


def test_what_is_loaded_says_with_what(host: PipelineHost):
    host.load("fussy", {"size": 3})
    host.load("colour", {})
    assert host.states() == (
        PipelineState(pipeline_id="fussy", state="loaded", load_params={"size": 3}),
        PipelineState(pipeline_id="colour", state="loaded"),
    )
    assert host.instance("fussy", {}).size == 3


def test_loading_again_with_the_same_parameters_is_nothing_and_with_others_another_instance(host: PipelineHost):
    host.load("fussy", {"size": 3})
    first = host.instance("fussy", {})
    host.load("fussy", {"size": 3})
    assert host.instance("fussy", {"size": 3}) is first
    host.load("fussy", {})
    assert host.instance("fussy", {}).size == 1
    assert type(first).ended == [3]


def test_parameters_that_no_field_is_for_reach_the_pipeline(host: PipelineHost):
    host.load("fussy", {"loras": [{"path": "a"}]})
    assert host.instance("fussy", {}).rest["loras"] == [{"path": "a"}]


@pytest.mark.parametrize(("size", "words"), [(9, "RuntimeError: nine is too many"), (8, "SystemExit: 8")])
def test_an_error_is_kept_until_it_is_loaded_or_unloaded_and_touches_no_other(
    host: PipelineHost, size: int, words: str
):
    host.load("colour", {})
    host.load("fussy", {"size": size})
    state = host.states()[1]
    assert (state.pipeline_id, state.state, state.error, state.load_params) == ("fussy", "error", words, {"size": size})
    assert "fussy.py" in state.traceback
    assert [known.state for known in host.states()] == ["loaded", "error"]
    host.load("fussy", {"size": 2})
    assert [known.state for known in host.states()] == ["loaded", "loaded"]
    host.load("fussy", {"size": size})
    host.unload("fussy")
    assert [known.pipeline_id for known in host.states()] == ["colour"]


def test_a_parameter_that_its_field_does_not_take_is_refused_and_what_is_loaded_stays(host: PipelineHost):
    host.load("fussy", {"size": 3})
    with pytest.raises(ConversionError, match="size: Input should be less than or equal to 9"):
        host.load("fussy", {"size": 99})
    assert [state.load_params for state in host.states()] == [{"size": 3}]


def test_an_unknown_pipeline_is_an_error_and_unloading_one_is_nothing(host: PipelineHost):
    with pytest.raises(UnknownPipeline, match="no node package has a pipeline 'nothing'"):
        host.load("nothing", {})
    with pytest.raises(UnknownPipeline):
        host.instance("nothing", {})
    host.unload("nothing")


def test_a_pipeline_that_is_unloaded_is_really_gone(host: PipelineHost):
    instance = host.instance("fussy", {})
    gone = weakref.ref(instance)
    del instance
    host.unload("fussy")
    gc.collect()
    assert gone() is None


def test_a_pipeline_that_has_failed_is_really_gone_although_its_error_is_kept(host: PipelineHost):
    instance = host.instance("fussy", {})
    gone = weakref.ref(instance)

    def fail(pipeline: object) -> None:
        kept = [pipeline]
        raise MemoryError(str(len(kept)))

    error: BaseException | None = None
    try:
        fail(instance)
    except MemoryError as raised:
        error = raised
    assert error is not None
    del instance
    host.failed("fussy", error)
    gc.collect()
    assert gone() is None
    assert [state.error for state in host.states()] == ["MemoryError: 1"]
