"""The nodes of the pack ``images``: on real pictures, on none, on one of 50 megapixels, and on what is no picture."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

import psynapse
from psynapse.catalog.loading import load_file
from psynapse.catalog.nodepacks import Nodepack, shipped_root
from psynapse.engine.previews import preview
from psynapse.model.events import RunEvent, TaskProgress
from psynapse.model.json_text import dumps

ops: Any = load_file(Nodepack("images", shipped_root() / "images", "shipped", ("ops.py",)), "ops.py")

RED, BLUE = (255, 0, 0), (0, 0, 255)


def run(name: str, /, **values: object) -> Any:
    node = {"id": "it", "type": "functionNode", "data": {"functionName": name, **values}}
    return psynapse.run({"nodes": [node], "edges": []}, nodepacks=shipped_root(), targets=["it"])["it"]


def error_as_node(name: str, /, **values: object) -> str:
    node = {"id": "it", "type": "functionNode", "data": {"functionName": name, **values}}
    result = psynapse.run({"nodes": [node], "edges": []}, nodepacks=shipped_root(), targets=["it"], check=False)
    return result.errors["it"].error


def url(size: tuple[int, int] = (8, 4), color: str = "red") -> str:
    """What an Image variable holds."""
    return ops.image_to_url(Image.new("RGB", size, color))


@pytest.fixture
def halves() -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (40, 20), RED)
    ImageDraw.Draw(image).rectangle((20, 0, 39, 19), BLUE)
    return image


@pytest.mark.parametrize("kind", ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "PNG"])
def test_an_image_is_saved_and_opened_again(kind: str, halves: Image.Image, tmp_path: Path):
    path = ops.save_image(halves, tmp_path / f"picture.{kind}")
    again = ops.open_image(path)
    assert again.size == (40, 20)
    red, green, blue = again.convert("RGB").getpixel((5, 10))
    assert (red > 240, green < 20, blue < 20) == (True, True, True)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "CMYK", "I;16", "F", "HSV"])
@pytest.mark.parametrize("kind", ["png", "jpg", "webp"])
def test_an_image_of_any_mode_is_saved(mode: str, kind: str, tmp_path: Path):
    assert ops.save_image(Image.new(mode, (4, 4)), tmp_path / f"x.{kind}").stat().st_size > 0


def test_what_is_transparent_becomes_white_where_there_is_no_transparency(tmp_path: Path):
    path = ops.save_image(Image.new("RGBA", (4, 4), (255, 0, 0, 0)), tmp_path / "x.jpg")
    assert min(ops.open_image(path).getpixel((1, 1))) > 250


def test_an_image_is_turned_upright(halves: Image.Image, tmp_path: Path):
    exif = Image.Exif()
    exif[0x0112] = 6
    halves.save(tmp_path / "x.jpg", exif=exif)
    assert ops.open_image(tmp_path / "x.jpg").size == (20, 40)


def test_files_that_are_no_images_say_why(tmp_path: Path):
    text, cut = tmp_path / "notes.png", tmp_path / "cut.png"
    text.write_text("hello")
    cut.write_bytes(np.random.default_rng(1).bytes(10))
    Image.effect_noise((200, 200), 50).save(tmp_path / "whole.png")
    cut.write_bytes((tmp_path / "whole.png").read_bytes()[:2000])
    empty = tmp_path / "empty.png"
    empty.write_bytes(b"")
    assert "is not an image that can be read" in error_as_node("open_image", path=str(text))
    assert "is not an image that can be read" in error_as_node("open_image", path=str(empty))
    assert "is damaged or too large" in error_as_node("open_image", path=str(cut))
    assert "there is no file" in error_as_node("open_image", path=str(tmp_path / "no.png"))
    assert "is a folder" in error_as_node("open_image", path=str(tmp_path))


def test_an_image_that_cannot_be_saved_says_why(tmp_path: Path):
    image = url()
    assert "does not end like an image" in error_as_node("save_image", image=image, path=str(tmp_path / "x.txt"))
    assert "there is no folder" in error_as_node("save_image", image=image, path=str(tmp_path / "no" / "x.png"))
    run("save_image", image=image, path=str(tmp_path / "x.png"))
    again = {"image": image, "path": str(tmp_path / "x.png"), "replace": False}
    assert "switch replace on" in error_as_node("save_image", **again)
    with pytest.raises(ValueError, match="at most 16,383 pixels a side"):
        ops.save_image(Image.new("L", (20_000, 1)), tmp_path / "x.webp")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("cat.png", "is not an image but text; use open_image for a file"),
        ("", "is not an image but text; connect an image"),
        (3, "this is a value of type int, not an image"),
        (None, "this is nothing, not an image"),
        ("data:image/png;base64,####", "is not an image that can be read"),
        ("data:image/png;base64,abc", "is damaged; choose the image again"),
        ([[1]], "this is a value of type list, not an image"),
    ],
)
def test_what_is_no_image_says_what_to_connect(value: object, message: str):
    assert message in error_as_node("image_details", image=value)


def test_a_variables_image_an_array_and_an_image_are_all_taken():
    assert run("image_details", image=url()) == {
        "width": 8, "height": 4, "mode": "RGB", "format": "PNG", "megapixels": 32e-6,
    }  # fmt: skip
    grey = ops.image_from_array(np.full((2, 3), 0.5))
    assert (grey.mode, grey.size, grey.getpixel((0, 0))) == ("L", (3, 2), 127)
    assert ops.image_from_array(np.zeros((1, 2, 3, 4))).mode == "RGBA"
    assert ops.image_details(np.zeros((2, 3, 1), np.uint8))["width"] == 3
    assert "an array of shape (2,) is no image" in error_as_node("image_from_array", array=[1, 2])
    assert ops.image_to_array(url()).shape == (4, 8, 3)


def test_new_images_have_their_colour():
    assert ops.new_image(3, 2, "teal").getpixel((0, 0)) == (0, 128, 128)
    assert ops.new_image(3, 2, "#ff000080").mode == "RGBA"
    assert "is not a colour; write a name such as teal" in error_as_node("new_image", color="reddish")
    assert "are too many; the most is" in error_as_node("new_image", width=100_000, height=100_000)
    assert "greater than or equal to 1" in error_as_node("new_image", width=0)


@pytest.mark.parametrize("angle", [0, 45, 90, 137])
def test_a_gradient_goes_from_one_colour_to_the_other(angle: float):
    image = ops.gradient_image(60, 60, "black", "white", angle)
    levels = np.asarray(image.convert("L"))
    assert (levels.min() < 20, levels.max() > 235) == (True, True)
    if angle == 0:
        assert (np.diff(levels[30].astype(int)) >= 0).all()


@pytest.mark.parametrize(
    ("width", "height", "fit", "size"),
    [
        (20, 0, "inside", (20, 10)),
        (0, 40, "inside", (80, 40)),
        (10, 10, "inside", (10, 5)),
        (10, 10, "pad", (10, 10)),
        (10, 10, "fill and crop", (10, 10)),
        (10, 10, "stretch", (10, 10)),
        (1, 0, "inside", (1, 1)),
    ],
)
def test_an_image_is_resized(halves: Image.Image, width: int, height: int, fit: str, size: tuple[int, int]):
    assert ops.resize_image(halves, width, height, fit).size == size


def test_padding_has_the_background(halves: Image.Image):
    assert ops.resize_image(halves, 10, 10, "pad", "lime").getpixel((5, 0)) == (0, 255, 0)
    assert "give a width or a height" in error_as_node("resize_image", image=url(), width=0, height=0)
    assert "are too many" in error_as_node("resize_image", image=url(), width=100_000)


def test_parts_are_cut_out(halves: Image.Image):
    right = ops.crop_image(halves, left=30)
    assert (right.size, right.getpixel((0, 0))) == ((10, 20), BLUE)
    assert ops.crop_image(halves, 1, 2, 3, 4).size == (3, 4)
    assert "is not inside the image of 8 x 4" in error_as_node("crop_image", image=url(), left=5, width=9)
    assert ops.crop_center(halves, "1:1").size == (20, 20)
    assert ops.crop_center(halves, "9:16").size == (11, 20)


def test_an_image_is_turned_and_mirrored(halves: Image.Image):
    assert ops.rotate_image(halves, 90).size == (20, 40)
    assert ops.rotate_image(halves, 0) is halves
    turned = ops.rotate_image(halves, 45)
    assert (turned.mode, turned.getpixel((0, 0))[3]) == ("RGBA", 0)
    assert ops.rotate_image(halves, 90, enlarge=False).size == (40, 20)
    assert ops.rotate_image(halves, 30, background="white").mode == "RGB"
    assert ops.flip_image(halves).getpixel((0, 0)) == BLUE
    assert ops.flip_image(halves, "top to bottom").getpixel((0, 0)) == RED


@pytest.mark.parametrize("name", ["blur", "sharpen", "edges", "emboss", "median", "pixelate", "contour", "smooth"])
def test_a_filter_changes_an_image_but_not_its_transparency(name: str, halves: Image.Image):
    # Two plain areas are not changed by some filters.
    noisy = ops.blend_images(halves, Image.effect_noise((40, 20), 80), 0.5)
    clear = noisy.convert("RGBA")
    clear.putalpha(77)
    changed = ops.filter_image(clear, name, 2)
    assert changed.getchannel("A").getextrema() == (77, 77)
    assert changed.convert("RGB").tobytes() != noisy.tobytes()
    assert ops.filter_image(clear, name, 0) is clear


@pytest.mark.parametrize("how", ["grey", "invert", "sepia", "more contrast", "even out", "poster", "black and white"])
def test_an_image_gets_other_colours(how: str, halves: Image.Image):
    changed = ops.recolor_image(halves, how)
    assert (changed.mode, changed.size) == ("RGB", (40, 20))
    assert ops.recolor_image(Image.new("P", (3, 3)), how).size == (3, 3)


def test_colours_are_inverted_and_adjusted(halves: Image.Image):
    assert ops.recolor_image(halves, "invert").getpixel((0, 0)) == (0, 255, 255)
    assert ops.adjust_image(halves) is halves
    assert ops.adjust_image(halves, brightness=0).getextrema() == ((0, 0), (0, 0), (0, 0))
    red, green, blue = ops.adjust_image(halves, color=0).getpixel((0, 0))
    assert red == green == blue
    assert "less than or equal to 10" in error_as_node("adjust_image", image=url(), contrast=11)


def test_images_are_mixed(halves: Image.Image):
    white = Image.new("RGB", (10, 10), "white")
    assert ops.blend_images(halves, white, 0).tobytes() == halves.tobytes()
    assert ops.blend_images(halves, white, 1).getpixel((0, 0)) == (255, 255, 255)
    assert ops.blend_images(halves, white, 1, "multiply").getpixel((0, 0)) == RED
    assert ops.blend_images(halves, halves, 1, "difference").getextrema() == ((0, 0),) * 3


def test_a_logo_is_put_into_a_corner(halves: Image.Image):
    logo = Image.new("RGBA", (4, 4), (0, 255, 0, 255))
    result = ops.paste_image(halves, logo, "bottom right", margin=2)
    assert (result.getpixel((35, 15)), result.getpixel((39, 19))) == ((0, 255, 0), BLUE)
    assert ops.paste_image(halves, logo, "center", opacity=0).tobytes() == halves.tobytes()
    assert ops.paste_image(halves, Image.new("RGB", (99, 99)), "center").size == (40, 20)


def test_a_mask_makes_transparent(halves: Image.Image):
    mask = Image.new("L", (20, 10), 0)
    mask.putpixel((0, 0), 255)
    result = ops.mask_image(halves, mask)
    assert (result.getpixel((0, 0))[3] > 200, result.getpixel((30, 10))[3]) == (True, 0)


def test_letters_are_written_where_they_should_be(halves: Image.Image):
    black = Image.new("RGB", (400, 200))
    written = ops.draw_text(black, "Hi\nthere", size=40, position="top left")
    left, top, right, bottom = written.getbbox()
    assert (left < 40, top < 40, right < 200, bottom < 150) == (True, True, True, True)
    assert black.getbbox() is None
    assert ops.draw_text(halves, "").tobytes() == halves.tobytes()
    message = error_as_node("draw_text", image=url(), text="x", font="no.ttf")
    assert "is no font file that can be read" in message


def test_a_contact_sheet_holds_all_images(halves: Image.Image):
    sheet = ops.image_grid([halves, halves.rotate(180), url()], columns=2, cell=20, gap=2)
    assert sheet.size == (46, 46)
    assert (sheet.getpixel((3, 12)), sheet.getpixel((25, 12))) == (RED, BLUE)
    assert ops.image_grid([halves] * 5, cell=10, gap=0).size == (30, 20)
    assert "there are no images" in error_as_node("image_grid", images=[])
    assert "this is a value of type int, not an image" in error_as_node("image_grid", images=[1])
    assert "too many" in error_as_node("image_grid", images=[url()], columns=1000, cell=100_000)


def test_channels_are_split_and_joined(halves: Image.Image):
    parts = ops.split_channels(halves)
    assert [parts[name].getpixel((0, 0)) for name in ("red", "green", "blue", "alpha")] == [255, 0, 0, 255]
    assert ops.join_channels(parts["red"], parts["green"], parts["blue"]).tobytes() == halves.tobytes()
    assert ops.join_channels(*parts.values()).mode == "RGBA"
    other = {"red": url(), "green": url((1, 1)), "blue": url()}
    assert "the parts have different sizes: 1 x 1 and 8 x 4" in error_as_node("join_channels", **other)


def test_colours_are_counted(halves: Image.Image):
    rows = ops.image_histogram(halves, 8)
    assert (len(rows), rows[0]["green"], rows[-1]["red"], rows[-1]["blue"]) == (8, 800, 400, 400)
    assert sum(row["red"] for row in rows) == 800
    colors = ops.image_colors(halves, 2)
    assert {row["color"] for row in colors} == {"#ff0000", "#0000ff"}
    assert sum(row["part"] for row in ops.image_colors(Image.effect_noise((50, 50), 99), 8)) == pytest.approx(1)


def test_images_are_compared(halves: Image.Image):
    same = ops.compare_images(halves, halves.copy())
    assert (same["same"], same["difference"]) == (True, 0)
    other = ops.compare_images(halves, ops.flip_image(halves))
    assert other["same"] is False
    assert other["difference"] == pytest.approx(0.5)
    assert "cannot be compared; resize one" in error_as_node("compare_images", first=url(), second=url((1, 1)))


def test_many_files_become_smaller_copies(halves: Image.Image, tmp_path: Path):
    for name in ("a.png", "b.png"):
        halves.save(tmp_path / name)
    (tmp_path / "c.png").write_text("no image")
    events: list[RunEvent] = []
    paths = [str(tmp_path / name) for name in ("a.png", "b.png")]
    data = {"functionName": "ConvertImages", "paths": paths, "folder": str(tmp_path / "out"), "longest_edge": 10}
    graph = {"nodes": [{"id": "it", "type": "functionNode", "data": data}], "edges": []}
    made: Any = psynapse.run(graph, nodepacks=shipped_root(), targets=["it"], on_event=events.extend)["it"]
    assert [ops.open_image(path).size for path in made] == [(10, 5), (10, 5)]
    assert [event.body.fraction for event in events if isinstance(event.body, TaskProgress)][-1] == 1
    unreadable: dict[str, Any] = {"paths": [str(tmp_path / "c.png")], "folder": str(tmp_path / "out")}
    assert "is not an image" in error_as_node("ConvertImages", **unreadable)
    assert run("ConvertImages", **unreadable, if_unreadable="skip") == []
    own = {"paths": [str(tmp_path / "a.png")], "folder": str(tmp_path), "kind": "png"}
    assert "would be replaced by its copy" in error_as_node("ConvertImages", **own)


def test_an_image_of_50_megapixels_passes_between_nodes_without_a_copy(tmp_path: Path):
    (tmp_path / "keep").mkdir()
    code = "from PIL import Image\ndef big() -> Image.Image:\n    return Image.new('RGB', (10_000, 5_000))\n"
    code += "def identity(image: Image.Image) -> int:\n    return id(image)\n"
    (tmp_path / "keep" / "ops.py").write_text(code)
    names = {"big": "big", "turn": "rotate_image", "adjust": "adjust_image", "id": "identity"}
    nodes: list[Any] = [
        {"id": key, "type": "functionNode", "data": {"functionName": name}} for key, name in names.items()
    ]
    nodes[1]["data"]["degrees"] = 0
    order = ["big", "turn", "adjust", "id"]
    edges = [
        {"source": one, "sourceHandle": "result", "target": other, "targetHandle": "image"}
        for one, other in itertools.pairwise(order)
    ]
    result = psynapse.run({"nodes": nodes, "edges": edges}, nodepacks=tmp_path, targets=["id"])
    image = result.outputs["big"]
    assert result.outputs["turn"] is image
    assert result.outputs["adjust"] is image
    assert result["id"] == id(image)


def test_the_preview_of_50_megapixels_is_small():
    shown = preview(Image.new("RGB", (10_000, 5_000), "teal"), limit=65_536)
    assert len(dumps(shown)) <= 65_536
    assert isinstance(shown, dict)
    assert shown["summary"] == "RGB image 10000 x 5000"
