"""What the node packages of a folder are kept in and changed by, and what workers are started with."""

from dataclasses import dataclass

from psynapse.environments.base import Base
from psynapse.environments.generation import Generation
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer
from psynapse.environments.updates import Updates
from psynapse.model.packages import DisabledPackage


@dataclass(frozen=True, slots=True)
class Changing:
    """Where the node packages are, and what it takes to change them."""

    store: GenerationStore
    base: Base
    changer: Changer
    updates: Updates


@dataclass(frozen=True, slots=True)
class Used:
    """What workers are started with: a generation, without the packages that are switched off."""

    generation: Generation
    disabled: tuple[DisabledPackage, ...] = ()
