"""Imports its neighbours in every way there is."""

import json, neighbour
import lib.deep
import lib.deep as renamed
from neighbour import NAME as plain_name
from lib import deep as from_lib

from . import neighbour as relative_neighbour
from .neighbour import NAME, Point
from .lib.deep import DEPTH


def names() -> list:
    import neighbour as late
    from neighbour import NAME as late_name

    return [NAME, plain_name, neighbour.NAME, relative_neighbour.NAME, late.NAME, late_name, json.dumps(lib.deep.DEPTH)]


def same_modules() -> bool:
    return neighbour is relative_neighbour and renamed is lib.deep is from_lib and renamed.DEPTH == DEPTH


def point(x: int) -> Point:
    return Point(x)
