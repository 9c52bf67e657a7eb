"""Which user is at the other end of a connection within this machine."""

import ipaddress
import os
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

Address = tuple[str, int]
Plain = ipaddress.IPv4Address | ipaddress.IPv6Address

_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_UID, _INODE = 7, 9

# Linux's sock_diag(7): a header, a request for one TCP socket in any state, and the part of the answer that counts.
_NETLINK_SOCK_DIAG: Final = 4
_SOCK_DIAG_BY_FAMILY: Final = 20
_NLM_F_REQUEST: Final = 1
_HEADER: Final = struct.Struct("=IHHII")
_REQUEST: Final = struct.Struct("=BBBBI")
_PORTS: Final = struct.Struct("!HH")
_ANY_COOKIE: Final = struct.pack("=III", 0, 0xFFFFFFFF, 0xFFFFFFFF)
_OWNER: Final = struct.Struct("=II")
_OWNER_AT: Final = _HEADER.size + 64


def is_same_user(client: Address, server: Address) -> bool | None:
    """True when this process's user owns the client's end of a loopback connection, None where the system cannot tell.

    False as well when the connection is not there any more: nobody is left to read the answer.
    """
    if not hasattr(os, "getuid"):
        return None
    ends = _plain(client[0]), _plain(server[0])
    ports = client[1], server[1]
    owner = _ask_kernel(ends, ports)
    return owner == os.getuid() if owner is not None else _is_in_tables(ends, ports)


def _plain(host: str) -> Plain:
    address = ipaddress.ip_address(host)
    return (address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None) or address


def _ask_kernel(ends: tuple[Plain, Plain], ports: tuple[int, int]) -> int | None:
    """The owner of one socket, in microseconds; None when there is no such socket or the kernel does not answer.

    The tables tell the same, but reading them takes 10 ms on a machine with much memory.
    """
    if not sys.platform.startswith("linux"):
        return None
    family = socket.AF_INET if ends[0].version == 4 else socket.AF_INET6  # noqa: PLR2004 -- IPv4
    addresses = b"".join(end.packed.ljust(16, b"\0") for end in ends)
    request = (
        _REQUEST.pack(family, socket.IPPROTO_TCP, 0, 0, 0xFFFFFFFF) + _PORTS.pack(*ports) + addresses + _ANY_COOKIE
    )
    header = _HEADER.pack(_HEADER.size + len(request), _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, 1, 0)
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG) as kernel:
            kernel.settimeout(0.1)
            kernel.send(header + request)
            answer = kernel.recv(4096)
    except OSError:
        return None
    if _HEADER.unpack_from(answer)[1] != _SOCK_DIAG_BY_FAMILY or len(answer) < _OWNER_AT + _OWNER.size:
        return None
    owner, inode = _OWNER.unpack_from(answer, _OWNER_AT)
    # A closed connection lingers without an inode and says root.
    return owner if inode else None


def _is_in_tables(ends: tuple[Plain, Plain], ports: tuple[int, int]) -> bool | None:
    try:
        tables = [table.read_text(encoding="ascii") for table in _TABLES if table.exists()]
    except OSError:
        return None
    pairs = [f"{_hexadecimal(first, ports[0])} {_hexadecimal(second, ports[1])}" for first, second in _written(ends)]
    return any(_owner(table, pair) == os.getuid() for table in tables for pair in pairs) if tables else None


def _written(ends: tuple[Plain, Plain]) -> Iterator[tuple[bytes, bytes]]:
    """Both addresses as they are, and an IPv4 pair also as a client's IPv6 socket has it."""
    first, second = ends
    yield first.packed, second.packed
    if first.version == second.version == 4:  # noqa: PLR2004 -- IPv4
        prefix = bytes(10) + b"\xff\xff"
        yield prefix + first.packed, prefix + second.packed


def _hexadecimal(packed: bytes, port: int) -> str:
    """The kernel writes addresses as words in the machine's own order of bytes."""
    words = (int.from_bytes(packed[start : start + 4], sys.byteorder) for start in range(0, len(packed), 4))
    return "".join(f"{word:08X}" for word in words) + f":{port:04X}"


def _owner(table: str, pair: str) -> int | None:
    found = table.find(f" {pair} ")
    if found < 0:
        return None
    row = table[table.rfind("\n", 0, found) + 1 : table.find("\n", found)].split()
    return int(row[_UID]) if row[_INODE] != "0" else None
