"""The node packages of a server or a command: what they are kept in, and what is made of them."""

from psynapse.environments.base import read_base
from psynapse.environments.probing import WorkerProbe
from psynapse.environments.transaction import Changer
from psynapse.environments.updates import Updates
from psynapse.environments.uv import Uv
from psynapse.services.beginning import Beginning
from psynapse.services.node_parts import Changing, Used
from psynapse.services.nodes import Nodes
from psynapse.services.workforce import Workforce
from psynapse.worker.launcher import Launcher


def open_nodes(beginning: Beginning, workforce: Workforce, launcher: Launcher | None = None) -> Nodes:
    """The node packages, used by a workforce. Raises BaseUnreadable."""
    base, store = read_base(), beginning.store
    uv = Uv(store.folder / "cache", launcher.guard) if launcher else Uv(store.folder / "cache")
    changer = Changer(store, base, uv, WorkerProbe(launcher, store.disabled))
    used = Used(beginning.generation, beginning.disabled)
    return Nodes(Changing(store, base, changer, Updates(uv, base)), workforce, used, beginning.problem)
