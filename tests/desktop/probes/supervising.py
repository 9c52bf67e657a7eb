"""Supervises a server until it is killed: ``python supervising.py FOLDER COMMAND…``, the port at ``PORT`` in it."""

import os
import sys
import threading
from pathlib import Path

from psynapse.desktop.server_log import ServerLog
from psynapse.desktop.supervisor import ServerStatus, Supervisor


def tell(status: ServerStatus) -> None:
    sys.stdout.write(f"{status.state} {status.pid} {status.origin} {status.boot_id}\n")
    sys.stdout.flush()


folder, command = Path(sys.argv[1]), sys.argv[2:]
supervisor = Supervisor(
    lambda port: [str(port) if part == "PORT" else part for part in command],
    os.environ,
    ServerLog(folder / "server.log"),
    range(18_860, 18_880),
)
supervisor.on_change = tell
supervisor.start()
threading.Event().wait()
