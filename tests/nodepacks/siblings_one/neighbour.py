from dataclasses import dataclass

NAME = "one"


@dataclass
class Point:
    x: int
