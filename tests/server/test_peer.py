import socket
import sys
from collections.abc import Callable

import pytest

from psynapse.server import peer
from psynapse.server.peer import Address, is_same_user

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell")
Ask = Callable[[Address, Address], bool | None]


def from_tables(client: Address, server: Address) -> bool | None:
    """What is asked where the kernel does not answer."""
    ends = peer._plain(client[0]), peer._plain(server[0])
    return peer._is_in_tables(ends, (client[1], server[1]))


def listener(host: str) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, 0), family=family, dualstack_ipv6=host == "::")
    except (OSError, ValueError):
        pytest.skip(f"this machine has no {host}")


@pytest.mark.parametrize("ask", [is_same_user, from_tables])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_connection_of_our_own_is_recognised_until_it_is_closed(ask: Ask, host: str):
    with listener(host) as listening, socket.create_connection(listening.getsockname()[:2]) as connection:
        server, client = listening.getsockname()[:2], connection.getsockname()[:2]
        assert ask(client, server) is True
        assert ask((client[0], client[1] ^ 1), server) is False
        connection.close()
        assert ask(client, server) is False


@pytest.mark.parametrize("ask", [is_same_user, from_tables])
def test_an_ipv4_client_of_a_server_for_both_versions_is_recognised(ask: Ask):
    with listener("::") as listening, socket.create_connection(("127.0.0.1", listening.getsockname()[1])):
        accepted, client = listening.accept()
        with accepted:
            assert ask(client[:2], accepted.getsockname()[:2]) is True


@pytest.mark.parametrize("ask", [is_same_user, from_tables])
def test_an_ipv6_socket_that_connects_to_an_ipv4_address_is_recognised(ask: Ask):
    with listener("127.0.0.1") as listening, socket.socket(socket.AF_INET6) as connection:
        try:
            connection.connect(("::ffff:127.0.0.1", listening.getsockname()[1]))
        except OSError:
            pytest.skip("this machine has no IPv6")
        accepted, client = listening.accept()
        with accepted:
            assert ask(client, accepted.getsockname()) is True
