"""Ports of this machine."""

import os
import socket
import sys

import pytest

from psynapse.desktop.ports import first_free, is_free, listener_on


def a_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_a_port_is_free_until_somebody_listens_on_it_and_again_afterwards():
    port = a_port()
    assert is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)
    assert is_free(port)


def test_a_port_is_free_although_a_connection_to_it_lingers():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        server, _ = listener.accept()
        # The end that closes first is the one that lingers.
        server.close()
        client.close()
    assert is_free(port)


def test_the_first_free_port_is_taken_and_none_where_there_is_none():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken, free = listener.getsockname()[1], a_port()
        assert first_free([taken, free]) == free
        assert first_free([taken]) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells who listens")
def test_who_listens_on_a_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert listener_on(listener.getsockname()[1]).startswith(f"process {os.getpid()} (")


def test_who_listens_on_a_port_is_anybody_where_nobody_does():
    assert listener_on(a_port()) == "another program"
