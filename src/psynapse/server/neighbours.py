"""What processes of one machine say to each other over the socket of a data directory's owner."""

from typing import Final

OWNER_PATH: Final = "/owner"
"""Who owns the directory and where that process serves; for this machine's other processes only."""
NEIGHBOUR: Final = (b"x-psynapse-neighbour", b"1")
"""Marks what another process asks for itself; from a client it is not passed on."""
