"""What a change of the generations came to, or would come to."""

from dataclasses import dataclass, field

from psynapse.environments.choosing import Wanted
from psynapse.environments.generation import Generation
from psynapse.environments.locked import Changes, HeldBack
from psynapse.model.packages import NodePackage


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change that was made. ``before`` and ``after`` are the same when there was nothing to do.

    ``packages`` are the node packages that the probe met; none where nothing was built.
    """

    before: Generation
    after: Generation
    changes: Changes = field(default_factory=Changes)
    packages: tuple[NodePackage, ...] = ()
    held_back: tuple[HeldBack, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a change would come to, as far as that is known without running anybody's code.

    ``wanted`` is the package that an installation asks for, as it would be installed; None for other changes.
    """

    changes: Changes
    held_back: tuple[HeldBack, ...] = ()
    wanted: Wanted | None = None
