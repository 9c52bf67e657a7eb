from typing import Literal, Optional

from psynapse_backend.schema_extractor import AnnotatedDict


def split(text: str) -> AnnotatedDict[Literal["head", "tail"]]:
    return {"head": text[:1], "tail": text[1:]}


def maybe(text: str) -> Optional[AnnotatedDict[Literal["head"]]]:
    return {"head": text}


def bare() -> AnnotatedDict:
    return {}


def nothing() -> None: ...
def unsaid(): ...
def pair() -> tuple[int, str]:
    return 1, "a"
