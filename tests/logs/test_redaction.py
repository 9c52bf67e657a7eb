"""What no log may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.logs.redaction import hide, redacted

SECRET = "hush/hush+hush"


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("psynapse.logs.redaction._known", {})


def test_a_value_that_is_to_be_hidden_is_gone_also_as_a_part_of_an_address():
    hide(SECRET)
    assert redacted(f"a {SECRET} b") == "a [redacted] b"
    assert redacted("/?x=hush%2Fhush%2Bhush") == "/?x=[redacted]"


def test_a_secret_that_holds_another_one_is_hidden_as_a_whole():
    hide("12345678")
    hide("12345678-and-more")
    assert redacted("12345678-and-more, 12345678") == "[redacted], [redacted]"


def test_ordinary_words_are_not_hidden():
    hide("word")
    assert redacted("a word") == "a word"


def test_of_very_many_the_newest_are_remembered():
    for number in range(3_000):
        hide(f"secret-number-{number}")
    assert redacted("secret-number-2999") == "[redacted]"
    assert redacted("secret-number-0000") == "secret-number-0000"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("git+https://me:pa55@example.com/x", "git+https://[redacted]@example.com/x"),
        ("https://ghp_abc@example.com", "https://[redacted]@example.com"),
        ("Authorization: Bearer abc.def-123", "Authorization: [redacted]"),
        ("sent Bearer abc.def-123 there", "sent Bearer [redacted] there"),
        ("GET /?token=abc&x=1", "GET /?token=[redacted]&x=1"),
        ("OPENAI_API_KEY=sk-123 python x.py", "OPENAI_API_KEY=[redacted] python x.py"),
        ("{'password': 'open sesame'}", "{'password': '[redacted] sesame'}"),
        ('{"api-key":"abc"}', '{"api-key":"[redacted]"}'),
    ],
)
def test_what_looks_like_credentials_is_hidden(text: str, shown: str):
    assert redacted(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "git+ssh://git@example.com/u/r",
        "the token changes with every start",
        "tokens: 12",
        "a@b.c",
        "http://127.0.0.1:8000/",
    ],
)
def test_what_only_speaks_of_them_stays(text: str):
    assert redacted(text) == text


@given(st.text(), st.text(min_size=8), st.text())
def test_whatever_is_hidden_is_never_in_what_is_shown(before: str, secret: str, after: str):
    hide(secret)
    shown = redacted(before + secret + after)
    assert secret not in shown or secret in "[redacted]"
