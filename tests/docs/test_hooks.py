"""What was written and what is made from code become one site."""

from pathlib import Path

import pytest

pytest.importorskip("mkdocs", reason="needs the extra docs: pip install -e '.[docs]'")

import hooks


def test_a_mark_is_replaced_by_its_part():
    page = hooks.with_parts("before\n\n<!-- from code: findings -->\n\nafter")
    assert page.startswith("before\n\n| code |")
    assert page.endswith("after")


def test_a_mark_that_nothing_answers_to_stops_the_build():
    with pytest.raises(hooks.UnknownPart, match="'nonsense'"):
        hooks.with_parts("<!-- from code: nonsense -->")


def test_links_out_of_the_documentation_lead_to_copies():
    assert hooks.with_site_links("[x](../docker/nginx.conf)", "deployment.md") == "[x](files/docker/nginx.conf.txt)"
    assert hooks.with_site_links("[x](../../LICENSE)", "how-to/a.md") == "[x](../files/LICENSE.txt)"
    picture = "![x](../../examples/pictures/hello-text.webp)"
    assert hooks.with_site_links(picture, "how-to/a.md") == "![x](../templates/pictures/hello-text.webp)"
    assert hooks.with_site_links("[x](../glossary.md)", "how-to/a.md") == "[x](../glossary.md)"


def test_linked_files_are_found_in_all_pages(tmp_path: Path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.md").write_text("[x](../../docker/a.conf)", encoding="utf-8")
    (tmp_path / "b.md").write_text("[x](../LICENSE) [y](c.md)", encoding="utf-8")
    assert hooks.linked_files(tmp_path) == {"docker/a.conf", "LICENSE"}


def test_a_folder_in_the_navigation_becomes_its_pages_with_the_index_first():
    pages = ["adr/0002-b.md", "adr/index.md", "adr/0001-a.md", "other.md"]
    assert hooks.with_folders([{"Decisions": "adr/"}, "other.md"], pages) == [
        {"Decisions": ["adr/index.md", "adr/0001-a.md", "adr/0002-b.md"]},
        "other.md",
    ]


def test_templates_stand_in_the_order_of_the_gallery():
    pages = ["templates/worked-example.md", "templates/ask-a-model.md", "templates/hello-text.md"]
    assert hooks.with_folders("templates/", pages) == [pages[2], pages[0], pages[1]]
