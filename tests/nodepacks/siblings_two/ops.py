import neighbour
from neighbour import NAME


def name() -> str:
    return neighbour.NAME + NAME
