"""The pages that the app shows while there is no editor to show."""

from psynapse.desktop.pages import failure_page, starting_page

EVIL = "</pre><script>evil()</script>"


def test_nothing_that_the_server_said_becomes_part_of_a_page():
    page = failure_page(EVIL, [EVIL])
    assert "<script>evil" not in page
    assert page.count("&lt;script&gt;evil()") == 2


def test_a_failure_has_its_reason_its_last_words_and_a_way_on():
    page = failure_page("port 1 is used", ["first", "last"])
    assert "Port 1 is used." in page
    assert "first\nlast" in page
    assert "id='retry'" in page
    assert "said nothing" in failure_page("x", [])


def test_every_page_says_what_language_it_is_in():
    for page in (starting_page(), failure_page("x", [])):
        assert page.startswith("<!doctype html><html lang='en'>")
