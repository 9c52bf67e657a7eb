"""A server of one page, to be supervised: ``python tiny_server.py PORT HOW``. ``GET /exit/N`` ends it with that code.

HOW: ``well``; ``stubborn``, which does not end with its standard input; or ``exit N``, which ends before it answers.
"""

import json
import os
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BOOT_ID = uuid.uuid4().hex


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/exit/"):
            sys.stderr.write(f"going with {self.path[6:]}\n")
            os._exit(int(self.path[6:]))
        body = json.dumps({"status": "healthy", "boot_id": BOOT_ID, "token": os.environ.get("PSYNAPSE_TOKEN")}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def end_with_stdin() -> None:
    while os.read(0, 1024):
        pass
    os._exit(0)


port, how = int(sys.argv[1]), sys.argv[2]
sys.stderr.write(f"tiny server, {how}\n")
if how.startswith("exit "):
    os._exit(int(how[5:]))
if how != "stubborn":
    threading.Thread(target=end_with_stdin, daemon=True).start()
ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
