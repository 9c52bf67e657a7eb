"""All schemas a worker offers, with what failed to load beside them."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import Ref
from psynapse.model.packages import LoadFailure as LoadFailure  # noqa: PLC0414 -- for those who have it from here
from psynapse.model.packages import NodePackage
from psynapse.model.schema import NodeSchema, Origin

_RANK: dict[Origin, int] = {"user": 0, "package": 1, "shipped": 2}


@dataclass(frozen=True, slots=True)
class Catalog:
    """Immutable; replaced whole when nodepacks change."""

    schemas: tuple[NodeSchema, ...] = ()
    failures: tuple[LoadFailure, ...] = ()
    packages: tuple[NodePackage, ...] = ()
    _by_ref: Mapping[str, NodeSchema] = field(init=False, repr=False, compare=False)
    _by_name: Mapping[str, tuple[NodeSchema, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_ref", {str(schema.ref): schema for schema in self.schemas})
        object.__setattr__(self, "_by_name", _group_by_name(self.schemas))

    def __getitem__(self, ref: Ref) -> NodeSchema:
        return self._by_ref[ref]

    def resolve(self, name: str) -> NodeSchema | Diagnostic:
        """The schema a workflow means by ``name``: a ref, or a bare function name that is unique.

        A user's own nodepack comes before a package's and a shipped one. Otherwise the answer is a diagnostic
        without a node: ``ambiguous-name`` naming all candidates, or ``unknown-function`` with the closest names.
        """
        if schema := self._by_ref.get(name):
            return schema
        candidates = self._by_name.get(name, ())
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            return _ambiguous(name, candidates)
        return self._switched_off(name) or self._unknown(name)

    def _switched_off(self, name: str) -> Diagnostic | None:
        pack = name.partition("/")[0] if "/" in name else ""
        owners = (one.name for one in self.packages if one.disabled and pack in {one.name, *one.nodepacks})
        if owner := next(owners, ""):
            message = f"the package {owner}, which has {name[:200]!r}, is disabled"
            hint = f"enable it in the settings, or with: psynapse nodes enable {owner}"
            return Diagnostic(code="unknown-function", message=message, hint=hint)
        return None

    def _unknown(self, name: str) -> Diagnostic:
        known = [*self._by_name, *self._by_ref]
        close = _closest(name[:200], tuple(known))
        hint = f"did you mean {' or '.join(close)}?" if close else "install the nodepack that has it, or pick another"
        failed = [failure for failure in self.failures if _may_hold(failure, name)]
        offered = next((failure.hint for failure in failed if failure.extra and "/" in name), "")
        if offered:
            hint = offered
        elif failed:
            named = ", ".join(failure.package or failure.filepath for failure in failed[:3])
            hint += f"; these failed to load and may have it: {named}"
        return Diagnostic(code="unknown-function", message=f"no nodepack has a function {name[:200]!r}", hint=hint)


@lru_cache(maxsize=1024)
def _closest(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """A workflow may ask for the same unknown function in every one of its nodes."""
    return tuple(difflib.get_close_matches(name, known, n=3, cutoff=0.6))


def _may_hold(failure: LoadFailure, name: str) -> bool:
    pack = name.partition("/")[0]
    return failure.name in {"", name.rpartition(":")[2]} and ("/" not in name or pack == failure.nodepack)


def _group_by_name(schemas: Iterable[NodeSchema]) -> dict[str, tuple[NodeSchema, ...]]:
    """Candidates for each bare name, only those of the origin that comes first."""
    groups: dict[str, list[NodeSchema]] = {}
    for schema in schemas:
        groups.setdefault(schema.name, []).append(schema)
    return {name: _first_rank(group) for name, group in groups.items()}


def _first_rank(group: list[NodeSchema]) -> tuple[NodeSchema, ...]:
    best = min(_RANK[schema.origin] for schema in group)
    return tuple(schema for schema in group if _RANK[schema.origin] == best)


def _ambiguous(name: str, candidates: tuple[NodeSchema, ...]) -> Diagnostic:
    refs = " and ".join(schema.ref for schema in candidates)
    return Diagnostic(
        code="ambiguous-name",
        message=f"the name {name!r} stands for {refs}",
        hint=f'set "ref" in the node\'s data to one of them, for example "{candidates[0].ref}"',
    )
