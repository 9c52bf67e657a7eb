"""The way to the node packages: through the server that has them open, or by opening them here."""

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import quote

from pydantic import BaseModel
from typing_extensions import override

from psynapse.errors import PsynapseError
from psynapse.server.neighbours import NEIGHBOUR, OWNER_PATH
from psynapse.server.node_shapes import (
    ChangeAnswer,
    GenerationList,
    InstallAnswer,
    NodeList,
    PackageRequest,
    PreviewAnswer,
    ReloadAnswer,
    SwitchAnswer,
    UninstallAnswer,
)
from psynapse.server.pipeline_shapes import PipelineList
from psynapse.settings import Settings
from psynapse.storage.data_dir import DataDirectory

_CONNECTS_WITHIN: Final = 5.0
Model = TypeVar("Model", bound=BaseModel)
Tell = Callable[[Mapping[str, Any]], None]
"""Hears the steps of a change."""


class Door(Protocol):
    """What can be done with node packages. Everything raises PsynapseError when it is refused."""

    def list(self, *, refresh: bool) -> NodeList:
        """All of them."""
        ...

    def pipelines(self) -> PipelineList:
        """The pipelines they bring."""
        ...

    def install(self, wish: PackageRequest) -> InstallAnswer:
        """Install one, or another version of it."""
        ...

    def preview(self, wish: PackageRequest) -> PreviewAnswer:
        """What an installation would do."""
        ...

    def uninstall(self, name: str) -> UninstallAnswer:
        """Remove one."""
        ...

    def reload(self, name: str) -> ReloadAnswer:
        """Use edited code."""
        ...

    def disable(self, name: str) -> SwitchAnswer:
        """Switch one off."""
        ...

    def enable(self, name: str) -> SwitchAnswer:
        """Switch one on again."""
        ...

    def rollback(self, to: int | None) -> ChangeAnswer:
        """Go back."""
        ...

    def history(self) -> GenerationList:
        """What one can go back to."""
        ...


class Refused(PsynapseError):
    """The server refused something. ``details`` are the fields of its problem."""

    code = "refused"

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("detail", "the server refused it")), hint=str(problem.get("hint", "")))
        self.details = problem


class There(Door):
    """Asks the server that has them open, through its local socket."""

    def __init__(self, address: str, tell: Tell) -> None:
        self._address = address
        self._tell = tell

    @override
    def list(self, *, refresh: bool) -> NodeList:
        return self._ask("GET", f"/nodes?refresh={str(refresh).lower()}", NodeList)

    @override
    def pipelines(self) -> PipelineList:
        return self._ask("GET", "/pipelines", PipelineList)

    @override
    def install(self, wish: PackageRequest) -> InstallAnswer:
        return self._change("POST", "/nodes", InstallAnswer, wish.model_dump())

    @override
    def preview(self, wish: PackageRequest) -> PreviewAnswer:
        return self._ask("POST", "/nodes/preview", PreviewAnswer, wish.model_dump())

    @override
    def uninstall(self, name: str) -> UninstallAnswer:
        return self._change("DELETE", f"/nodes/{quote(name, safe='')}", UninstallAnswer)

    @override
    def reload(self, name: str) -> ReloadAnswer:
        return self._change("POST", f"/nodes/{quote(name, safe='')}/reload", ReloadAnswer)

    @override
    def disable(self, name: str) -> SwitchAnswer:
        return self._change("POST", f"/nodes/{quote(name, safe='')}/disable", SwitchAnswer)

    @override
    def enable(self, name: str) -> SwitchAnswer:
        return self._change("POST", f"/nodes/{quote(name, safe='')}/enable", SwitchAnswer)

    @override
    def rollback(self, to: int | None) -> ChangeAnswer:
        return self._change("POST", "/nodes/rollback", ChangeAnswer, {"to": to})

    @override
    def history(self) -> GenerationList:
        return self._ask("GET", "/nodes/generations", GenerationList)

    def _change(self, method: str, path: str, model: type[Model], body: object = None) -> Model:
        """Ask for a change, tell its steps, and cancel it on Ctrl-C."""
        events = _Socket(self._address)
        threading.Thread(target=self._listen, args=(events,), daemon=True).start()
        try:
            return self._ask(method, path, model, body)
        except KeyboardInterrupt:
            self._ask("POST", "/nodes/cancel", _Anything)
            raise
        finally:
            events.close()

    def _ask(self, method: str, path: str, model: type[Model], body: object = None) -> Model:
        return model.model_validate(ask_server(self._address, method, path, body))

    def _listen(self, events: "_Socket") -> None:
        # It is closed from outside, whatever it is at.
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError, AttributeError):
            events.request("GET", "/nodes/events")
            answer = events.getresponse()
            first = True
            for line in answer:
                if line.startswith(b"data: "):
                    # The first one is about what was before.
                    if not first:
                        self._tell(json.loads(line[len(b"data: ") :]))
                    first = False


class _Anything(BaseModel):
    """An answer that nobody looks into."""


class _Socket(http.client.HTTPConnection):
    """A connection to a Unix socket."""

    def __init__(self, address: str) -> None:
        super().__init__("localhost")
        self._address = address

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self._address)


def open_door(settings: Settings, tell: Tell) -> Door:
    """The way to the node packages: the server's if one runs that has these, else here."""
    owner = DataDirectory(settings.data_dir.value).owner()
    if owner is not None and owner.address:
        with contextlib.suppress(Refused, OSError):
            if ask_server(owner.address, "GET", OWNER_PATH)["nodes"] == str(settings.nodes_dir.value):
                return There(owner.address, tell)
    from psynapse.cli.node_here import Here  # noqa: PLC0415 -- loads all that a server has

    return Here(settings, tell)


def ask_server(address: str, method: str, path: str, body: object = None) -> Mapping[str, Any]:
    """What the server at a local socket answers. Raises Refused, also when it ends before it has answered."""
    connection = _Socket(address)
    headers = {NEIGHBOUR[0].decode(): NEIGHBOUR[1].decode(), "Content-Type": "application/json"}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        content = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        hint = "look whether it runs: psynapse doctor"
        raise Refused({"detail": f"the server does not answer: {error}", "hint": hint}) from error
    finally:
        connection.close()
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise Refused(content)
    return content
