"""Plans of workflows, made once for each as long as the catalog stays the same."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, cast

from psynapse.model.catalog import Catalog
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps
from psynapse.model.workflow import parse_workflow
from psynapse.planning.plan import Plan
from psynapse.planning.planner import make_plan
from psynapse.worker.transfer import plan_to_json

_MOST_PLANNED: Final = 32
_LONGEST_INLINE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, its JSON for the worker, and what tells it from those of other documents."""

    plan: Plan
    encoded: bytes
    digest: str


class Plans:
    """The plans last made with one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._planned: OrderedDict[bytes, Planned] = OrderedDict()

    def __contains__(self, key: bytes) -> bool:
        return key in self._planned

    async def make(self, document: object, targets: Sequence[str], key: bytes = b"") -> Planned:
        """The plan of a document. Raises InvalidWorkflow and UnknownNode.

        ``key`` stands for document and targets where a digest of both is known already. Large graphs are planned in a
        thread, and not kept: the event loop has others to serve.
        """
        nodes = document.get("nodes") if isinstance(document, Mapping) else None
        if isinstance(nodes, Sequence) and len(nodes) > _LONGEST_INLINE:
            return await asyncio.to_thread(self._make, document, targets, key)
        key = key or _digest(document, targets)
        planned = self._planned.pop(key, None) or self._make(document, targets, key)
        self._planned[key] = planned
        return planned

    def forget(self) -> None:
        """Let go the plans that were asked for longest ago, where there are too many. To be called now and then."""
        while len(self._planned) > _MOST_PLANNED:
            self._planned.popitem(last=False)

    def _make(self, document: object, targets: Sequence[str], key: bytes) -> Planned:
        workflow, found = parse_workflow(document)
        plan = make_plan(workflow, self.catalog, targets, found)
        return Planned(plan, dumps(plan_to_json(plan)), (key or _digest(document, targets)).hex())


def _digest(document: object, targets: Sequence[str]) -> bytes:
    return blake2b(dumps(cast("Json", [document, list(targets)])), digest_size=32).digest()
