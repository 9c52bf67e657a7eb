"""Becomes the first instance of a folder, and prints the links of later ones: ``python first_instance.py FOLDER``."""

import json
import sys
import threading
from pathlib import Path

from psynapse.desktop.single_instance import become_first


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


first = become_first(Path(sys.argv[1]))
assert first
first.listen(lambda links: say(json.dumps(list(links))))
say("first")
threading.Event().wait()
