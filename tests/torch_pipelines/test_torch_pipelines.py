"""Pipelines that use torch, installed over HTTP and run in workflows: what goes in and comes out, to the value."""

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from local_index import LocalIndex
from node_server import NodeServer, wait_for
from package_project import build_wheel, make_package
from PIL import Image
from studio_workflow import row, shown, told
from tensor_package import NAME

# Making the environment takes a while where nothing of it is there.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module", autouse=True)
def answer(studio: NodeServer) -> dict[str, Any]:
    """What the installation of the package said."""
    return studio.installed(NAME)


def test_a_package_that_requires_torch_uses_the_one_that_is_there(answer: dict[str, Any], studio: NodeServer):
    # The index has none, and none of the version that is there: it has a local version.
    assert answer["changes"]["added"] == [{"name": NAME, "before": "", "after": "1.0"}]
    assert [one["pipeline_id"] for one in answer["node"]["pipelines"]] == [
        *("dream", "soften", "mask", "tone", "beat", "heavy")
    ]
    assert studio.nodes()[NAME]["version"] == "1.0"
    assert not list((studio.folder / "scope" / "nodes" / "generations").rglob("torch"))


def test_a_package_that_wants_another_torch_is_refused_and_changes_nothing(
    studio: NodeServer, index: LocalIndex, tmp_path: Path
):
    index.add(build_wheel(make_package(tmp_path, "scope-stale", requires=["torch<2.9"])))
    refused = studio.install("scope-stale")
    assert refused.status_code in {400, 409}
    assert "torch" in refused.json()["detail"]
    assert studio.versions() == {NAME: "1.0"}


def test_a_text_to_video_generator_makes_two_frames_a_chunk_without_their_gradients(studio: NodeServer):
    prompts = ["a cat", {"text": "rain", "weight": 0.5}]
    nodes = {"dream": {"chunks": 3, "height": 1, "prompts": prompts}}
    found = shown(studio, nodes, "dream.video -> v", "dream.texts -> t", "dream.fresh -> f")
    assert found["v"] == [row(0, pytest.approx(1 / 3), pytest.approx(2 / 3), 1)] * 6
    assert found["t"] == [["a cat", 1.0], ["rain", 0.5]]
    assert found["f"] is False


def test_a_filter_gets_bytes_in_chunks_and_what_it_makes_below_zero_is_shifted(studio: NodeServer):
    nodes = {"dream": {"chunks": 3, "width": 3, "height": 1}, "soften": {"chunk": 4}}
    edges = ["dream.video -> soften.video", "soften.video -> v", "soften.seen -> s"]
    found = shown(studio, nodes, *edges)
    # 0.5 arrives as 127 of 255, which is this from -1 to 1; the convolution sees zeros outside.
    middle = 127 / 255 * 2 - 1
    blurred = [(-1 + middle) / 3, middle / 3, (middle + 1) / 3]
    assert found["v"] == [row(*(pytest.approx((value + 1) / 2, abs=1e-6) for value in blurred))] * 6
    # The second chunk was filled up with its last frame.
    assert found["s"] == [["torch.uint8", [1, 1, 3, 3], 255]] * 8


def test_frames_of_several_videos_are_made_as_large_as_the_first(studio: NodeServer):
    nodes = {"dream": {"height": 1, "width": 4}, "ramp": {}, "mask": {"share": 0.75}}
    found = shown(studio, nodes, "dream.video -> mask.video", "ramp.result -> mask.second", "mask.video -> v")
    # Of 2/3 there is a little less in 32 bits, and bytes are cut.
    pairs = zip((0, 85, 169, 255), (0, 25, 75, 100), strict=True)
    mixed = [pytest.approx((one * 0.75 + two * 0.25) / 255, abs=1e-6) for one, two in pairs]
    # The second video has one frame, the first two: it stands still.
    assert found["v"] == [row(*mixed)] * 2


def test_sound_is_joined_along_its_samples_and_goes_on_in_the_next_run(studio: NodeServer):
    edges = ("tone.audio -> a", "tone.audio_sample_rate -> r")
    for begin in (0, 8):
        found = shown(studio, {"tone": {"chunks": 2}}, *edges)
        left = [number / 16 for number in range(begin, begin + 8)]
        assert found == {"a": [left, [-value for value in left]], "r": 48000}


def test_bytes_stay_bytes_and_other_outputs_become_parameters_of_what_follows(studio: NodeServer):
    nodes = {"dream": {"height": 1, "width": 2}, "beat": {}, "mask": {}, "ramp": {}}
    edges = ["dream.video -> beat.video", "beat.video -> mask.video", "ramp.result -> mask.second", "beat.video -> b"]
    found = shown(studio, nodes, *edges, "mask.video -> v", "mask.told -> t")
    assert found["b"] == [row(0, 255)] * 2
    # The beat says share = 0.25, not the pipeline's own 0.5.
    assert found["v"] == [row(0, pytest.approx((255 * 0.25 + 100 * 0.75) / 255))] * 2
    assert found["t"] == 0.5


def test_a_pipeline_that_fails_in_torch_is_unloaded_alone_and_works_again(studio: NodeServer):
    edges = ["dream.video -> heavy.video", "heavy.video -> v", "heavy.calls -> c"]
    dream = {"height": 1, "width": 2}
    assert shown(studio, {"dream": dream, "heavy": {}}, *edges)["c"] >= 2
    failed = shown(studio, {"dream": dream, "heavy": {"planes": 2}}, *edges)
    assert failed == {"v": None, "c": None}
    states = wait_for(lambda: (now := studio.states())["heavy"]["state"] == "error" and now)
    assert states["heavy"]["error"].startswith("RuntimeError: The size of tensor a (3)")
    assert states["dream"]["state"] == "loaded"
    again = shown(studio, {"dream": dream, "heavy": {}}, *edges)
    # There and back, to the bytes that it was given.
    assert again == {"v": [row(0, pytest.approx(1))] * 2, "c": 2}


def test_video_is_written_to_a_file_and_read_from_it(studio: NodeServer, tmp_path: Path):
    path = str(tmp_path / "dream.mp4")
    nodes = {
        "dream": {"height": 16, "width": 32, "chunks": 4},
        "save_video": {"path": path},
        "heavy": {},
        "mean_of": {},
    }
    edges = ["dream.video -> save_video.video", "save_video.result -> heavy.video", "heavy.video -> mean_of.video"]
    found = shown(studio, nodes, *edges, "mean_of.result -> m", "heavy.calls -> c")
    assert found["m"] == pytest.approx(0.5, abs=0.02)
    assert found["c"] >= 8


def test_a_video_of_tensors_is_shown_as_a_picture(studio: NodeServer):
    events = told(studio, {"dream": {"height": 128, "width": 256}}, "dream.video -> v")
    (done,) = [event for event in events if event["status"] == "done"]
    head = done["results"]["v"]["head"]
    assert (head["shape"], head["dtype"]) == ([2, 128, 256, 3], "torch.float32")
    picture = Image.open(io.BytesIO(base64.b64decode(head["picture"].partition(",")[2]))).convert("RGB")
    assert picture.size == (256, 128)
    # Brighter from left to right, as exact as the picture's compression is.
    levels = [picture.getpixel((column, 64)) for column in (0, 128, 255)]
    assert levels == [pytest.approx((level,) * 3, abs=4) for level in (0, 128, 255)]
