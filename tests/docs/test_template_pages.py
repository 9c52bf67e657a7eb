"""Every template has a page and a picture that is small enough to travel in the wheel."""

import io

import pytest
from node_pages import anchor, shipped_catalog
from PIL import Image
from template_pages import all_templates, pictures, refs_of, template_pages, templates_using

from psynapse.services.templates import Template

LARGEST = 60_000
LARGEST_TOGETHER = 1_200_000
NAMES = [template.name for template in all_templates()]


@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_a_small_picture_of_the_usual_shape(name: str):
    picture = pictures()[f"templates/pictures/{name}.webp"]
    image = Image.open(io.BytesIO(picture))
    assert image.format == "WEBP"
    assert len(picture) <= LARGEST
    assert image.width >= 1280
    assert image.width / image.height == pytest.approx(1.6, abs=0.01)


def test_there_is_no_picture_of_anything_else_and_all_of_them_are_small():
    assert set(pictures()) == {f"templates/pictures/{name}.webp" for name in NAMES}
    assert sum(map(len, pictures().values())) <= LARGEST_TOGETHER


@pytest.mark.parametrize("template", all_templates(), ids=NAMES)
def test_a_page_shows_the_picture_the_lesson_and_the_nodes(template: Template):
    page = template_pages()[f"templates/{template.name}.md"]
    assert f"pictures/{template.name}.webp" in page
    assert f"psynapse run examples/{template.name}.json" in page
    assert "**What it teaches:**" in page
    for ref in refs_of(template):
        pack, name = ref.split("/")[0], ref.rpartition(":")[2]
        assert f"(../reference/nodes/{pack}.md#{name.lower()})" in page


def test_a_template_that_asks_a_model_says_what_it_needs():
    pages = template_pages()
    asking = {name for name in NAMES if "OPENAI_API_KEY" in pages[f"templates/{name}.md"]}
    assert asking == {"ask-a-model", "facts-from-a-letter"}


def test_the_nodes_that_templates_name_are_there():
    known = {schema.ref: anchor(schema) for schema in shipped_catalog().schemas}
    assert {ref for template in all_templates() for ref in refs_of(template)} <= set(known)


def test_templates_are_found_by_their_nodes():
    assert [one.name for one in templates_using("demo/ops.py:count_primes")] == ["primes-in-processes"]
    assert templates_using("demo/ops.py:nothing") == []
