"""Which page an address leads to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psynapse.desktop.origins import is_web_address, origin_of


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("http://127.0.0.1:17860/#/runs", "http://127.0.0.1:17860"),
        ("HTTP://LocalHost/x", "http://localhost:80"),
        ("https://example.com", "https://example.com:443"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
        ("http://127.0.0.1:17860@example.com/", "http://example.com:80"),
        ("http://127.0.0.1.example.com/", "http://127.0.0.1.example.com:80"),
        ("file:///etc/passwd", ""),
        ("about:blank", ""),
        ("data:text/html,x", ""),
        ("http://", ""),
        ("http://a:99999/", ""),
        ("http://a:x/", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_an_origin_is_scheme_host_and_port(address: str, origin: str):
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://example.com/a?b#c", True),
        ("http://user@example.com/", False),
        ("http://example.com\\@evil.example/", False),
        ("http://example.com/a b", False),
        ("http://example.com/\n", False),
        ("https://" + "a" * 2_048, False),
        ("ftp://example.com/", False),
        ("--help", False),
    ],
)
def test_a_browser_is_handed_web_addresses_only(address: str, is_one: bool):
    assert is_web_address(address) is is_one


@settings(deadline=None)
@given(st.text(max_size=60) | st.text(max_size=40).map("http://".__add__))
def test_no_address_raises(address: str):
    assert isinstance(origin_of(address), str)
    if is_web_address(address):
        assert origin_of(address)
