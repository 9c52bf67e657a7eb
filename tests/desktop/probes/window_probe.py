"""The real window with the real server, driven step by step: a scenario prints one JSON object, what it found.

Run by test_window.py: ``python window_probe.py SCENARIO FOLDER``.
"""

import json
import os
import signal
import socket
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from shown_window import Probe, qt, until

from psynapse.desktop import deep_links, lifecycle
from psynapse.desktop.deep_links import parse_link
from psynapse.desktop.supervisor import Patience, ServerStatus

LINK = "daydream-scope://install-node?package={}"
# What scrolls in the empty editor though it has nothing to show beyond its edges.
SCROLL_BARS = """JSON.stringify([...document.querySelectorAll("main, main *")].map((one) => one.parentElement)
  .filter((one) => one.offsetWidth > one.clientWidth + 6 && getComputedStyle(one).overflowY === "auto")
  .map((one) => one.className))"""


def editor(probe: Probe) -> None:
    probe.await_editor()
    found = probe.found
    found["title"] = until(
        lambda: "Psynapse" in probe.window.native.windowTitle() and probe.window.native.windowTitle()
    )
    found["address"] = probe.window.get_current_url()
    found["first"] = probe.ask("return await window.scope.ready()")
    found["again"] = probe.ask("return (await window.scope.ready()).links")
    found["status"] = probe.ask("return await window.scope.serverStatus()")
    found["log"] = probe.ask("return await window.scope.serverLog(5)")
    found["at once"] = probe.ask(
        "const calls = [window.scope.serverStatus(), window.scope.serverLog(1), window.scope.ready()];"
        "return (await Promise.all(calls)).map((answer) => Array.isArray(answer))"
    )
    found["refused"] = [
        probe.ask(f"return await window.scope.{call}")
        for call in ("openExternal('file:///etc/passwd')", "serverLog('many')", "browseDirectory(7)")
    ]
    found["stock functions"] = probe.js("Object.keys(window.pywebview.api).length")
    found["in a frame"] = probe.ask(
        "const frame = document.createElement('iframe'); frame.srcdoc = '<p>x</p>';"
        "await new Promise((done) => { frame.onload = done; document.body.append(frame); });"
        "const inner = frame.contentWindow, seen = [typeof inner.document, typeof inner.scope, typeof inner.qt];"
        "seen.push(typeof inner.pywebview); frame.remove(); return seen"
    )
    time.sleep(1)
    probe.found["scroll bars"] = json.loads(probe.js(SCROLL_BARS))
    probe.grab("window.png")


def links(probe: Probe) -> None:
    """Before there is a server, while the page is loaded, into a page that shows something else, into one anew."""
    probe.links.add(parse_link(LINK.format("cold")))
    probe.editor.open_links([LINK.format("during")])
    probe.found["first"] = probe.await_form("cold")
    probe.grab("link.png")
    probe.js("[...document.querySelectorAll('[role=tab]')].find((tab) => tab.textContent === 'Secrets')?.focus(); 0")
    until(lambda: probe.js("document.querySelector('[role=tab][data-state=active]')?.textContent") == "Secrets")
    probe.js("window.heard = 0; window.addEventListener('scope:links', () => { window.heard += 1; }); 0")
    probe.editor.open_links([LINK.format("git%2Bhttps%3A%2F%2Fexample.com%2Fu%2Fr"), "daydream-scope://format-disk"])
    probe.found["live"] = probe.await_form("git+https://example.com/u/r")
    probe.found["heard"] = probe.js("window.heard")
    # However long that takes here: all that the page took goes with it, and comes to the next one.
    deep_links._JUST_NOW = 1_000.0
    probe.js("location.reload(); 0")
    probe.editor.open_links([LINK.format("anew")])
    probe.found["anew"] = probe.await_form("cold")
    probe.found["nodes"] = probe.ask("return (await (await fetch('/nodes')).json()).nodes")
    probe.found["generations"] = probe.ask("return (await (await fetch('/nodes/generations')).json()).current")


def folder_dialog(probe: Probe) -> None:
    core, widgets = qt("QtCore"), qt("QtWidgets")
    probe.await_editor()
    chosen = probe.folder / "chosen"
    chosen.mkdir()

    def dialogs() -> list[Any]:
        found = widgets.QApplication.topLevelWidgets()
        return [one for one in found if isinstance(one, widgets.QFileDialog) and one.isVisible()]

    def answer(how: str) -> str:
        dialog = until(dialogs)[0]
        title = dialog.windowTitle()
        core.QMetaObject.invokeMethod(dialog, how, core.Qt.ConnectionType.QueuedConnection)
        return title

    for how in ("accept", "reject"):
        probe.js(
            f"window.picked = ''; window.scope.browseDirectory('Pick it', {json.dumps(str(chosen))})"
            ".then((path) => { window.picked = JSON.stringify([path]); }); 0"
        )
        until(dialogs)
        probe.found[f"second while open, {how}"] = probe.ask("return await window.scope.browseDirectory()")
        probe.found[f"title, {how}"] = answer(how)
        probe.found[how] = json.loads(until(lambda: probe.js("window.picked")))


def foreign(probe: Probe) -> None:
    probe.await_editor()
    site = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(probe.folder / "site"))
    )
    threading.Thread(target=site.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{site.server_port}/index.html"
    probe.js(f"location.href = {json.dumps(address)}; 0")
    opened = probe.folder / "opened"
    until(opened.exists)
    probe.found["opened"] = opened.read_text().strip() == address
    probe.found["stays"] = probe.js("location.origin") == probe.supervisor.status.origin
    probe.found["here"] = probe.ask("return (await window.scope.serverStatus()).state")
    # Even if such a page came into the window, by a fault of ours, it would get nothing.
    probe.window.load_url(address)
    until(lambda: probe.js("location.href") == address and probe.js("!!window.pywebview?._QWebChannel"))
    time.sleep(0.5)
    probe.found["scope"] = probe.js("typeof window.scope")
    probe.js("window.answers = []; window.__scopeAnswer = (...answer) => window.answers.push(answer); 0")
    for path in (
        "scope.__globals__.clear",
        "scope.__call__.__func__.__globals__.clear",
        "__class__.__init__",
        "_calls",
    ):
        probe.js(f"window.pywebview._jsApiCallback({json.dumps(path)}, ['1', 'restartServer', []], '9'); 0")
    probe.js("window.pywebview._jsApiCallback('scope', ['1', 'serverLog', []], '1'); 0")
    probe.found["answers"] = json.loads(
        until(lambda: probe.js("window.answers.length && JSON.stringify(window.answers)"))
    )


def another(probe: Probe, before: ServerStatus) -> ServerStatus:
    """The server that came after that one, once it answers."""
    until(lambda: probe.supervisor.status.boot_id != before.boot_id and probe.supervisor.status.state == "healthy")
    return probe.supervisor.status


def server_comes_back(probe: Probe) -> None:
    probe.await_editor()
    probe.js("window.kept = 'unsaved'; window.states = [];")
    probe.js("addEventListener('scope:server', (event) => window.states.push(event.detail.state)); 0")
    before = probe.supervisor.status
    probe.ask("return (await fetch('/restart', { method: 'POST' })).status")
    after = another(probe, before)
    os.kill(after.pid, signal.SIGKILL)
    last = another(probe, after)
    probe.found["processes"] = len({before.pid, after.pid, last.pid})
    probe.found["origins"] = len({before.origin, after.origin, last.origin})
    until(lambda: probe.js("window.states.length >= 4"))
    probe.found["states"] = json.loads(probe.js("JSON.stringify(window.states)"))
    probe.found["kept"] = probe.js("window.kept")
    probe.found["still asked for a token"] = probe.ask("return (await fetch('/get_schema')).status")


def given_up_while_open(probe: Probe) -> None:
    probe.supervisor._patience = Patience(port=0.5)
    probe.await_editor()
    probe.js("window.kept = 'unsaved'; 0")
    status = probe.supervisor.status
    os.kill(status.pid, signal.SIGKILL)
    until(lambda: probe.supervisor.status.state == "crashed")
    taken = socket.create_server(("127.0.0.1", int(status.origin.rpartition(":")[2])))
    core, widgets = qt("QtCore"), qt("QtWidgets")

    def questions() -> list[Any]:
        return [one for one in widgets.QApplication.topLevelWidgets() if isinstance(one, widgets.QMessageBox)]

    question = until(questions)[0]
    probe.found["question"] = question.text()
    taken.close()
    core.QMetaObject.invokeMethod(
        question.button(widgets.QMessageBox.StandardButton.Ok), "click", core.Qt.ConnectionType.QueuedConnection
    )
    again = another(probe, status)
    probe.found["kept"] = probe.js("window.kept")
    # A page that was loaded while nobody answered is none: the editor comes back by itself.
    os.kill(again.pid, signal.SIGKILL)
    until(lambda: probe.supervisor.status.state == "crashed")
    probe.js("location.reload(); 0")
    until(lambda: probe.js("location.origin") == "null")
    another(probe, again)
    probe.await_editor()


def failure(probe: Probe) -> None:
    until(lambda: probe.supervisor.status.state == "failed")
    until(lambda: probe.js("!!window.scope && !!document.getElementById('retry')"))
    probe.found["page"] = probe.js("document.body.innerText")
    probe.grab("failure.png")
    HOLD.close()
    probe.js("document.getElementById('retry').click(); 0")
    probe.await_editor()
    probe.found["then"] = probe.supervisor.status.state


def crash_loop(probe: Probe) -> None:
    until(lambda: probe.supervisor.status.state == "failed")
    until(lambda: probe.js("!!window.scope && !!document.getElementById('retry')"))
    probe.found["page"] = probe.js("document.body.innerText")
    probe.grab("crash_loop.png")
    probe.supervisor._environment = WELL
    probe.js("document.getElementById('retry').click(); 0")
    probe.await_editor()
    probe.found["log"] = probe.ask("return (await (await fetch('/logs')).json()).lines.map(({ text }) => text)")


def log_window(probe: Probe) -> None:
    probe.await_editor()
    menu = [action for bar in probe.window.native.menuBar().actions() for action in bar.menu().actions()]
    log = next(action for action in menu if action.text() == "Log")
    widgets = qt("QtWidgets")

    def texts() -> list[Any]:
        return [one for one in widgets.QApplication.topLevelWidgets() if one.objectName() == "log" and one.isVisible()]

    for _ in range(3):
        qt("QtCore").QTimer.singleShot(0, probe.window.native, log.trigger)
    shown = until(texts)[0]
    probe.found["first"] = shown.toPlainText()
    probe.found["title"] = shown.windowTitle()
    probe.supervisor.log.write("said just now <b>")
    until(lambda: "just now" in shown.toPlainText())
    probe.found["later"] = shown.toPlainText()
    probe.found["windows"] = len(texts())


def size(probe: Probe) -> None:
    until(probe.window.events.shown.is_set)
    native = probe.window.native
    probe.found["size"] = [native.width(), native.height()]
    qt("QtCore").QTimer.singleShot(0, native, lambda: native.resize(901, 702))
    until(lambda: native.width() == 901)


if __name__ == "__main__":
    HOLD = socket.socket()
    if sys.argv[1] == "failure":
        HOLD.bind(("127.0.0.1", int(os.environ["PSYNAPSE_PORT"])))
        HOLD.listen()
    probe = Probe(Path(sys.argv[2]))
    if sys.argv[1] == "crash loop":
        lifecycle.FIRST_DELAY_SECONDS = 0.02
        WELL = dict(probe.supervisor._environment)
        probe.supervisor._environment = {**WELL, "PSYNAPSE_RUN_LOG_DAYS": "many"}
    probe.play(globals()[sys.argv[1].replace(" ", "_")])
