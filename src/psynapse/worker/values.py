"""Whole values of views in files, for whoever asks when this worker is gone."""

from psynapse.engine.encoding import to_json
from psynapse.engine.private_files import make_private_folder, written_whole
from psynapse.logs import logger
from psynapse.model.json_text import dumps
from psynapse.worker.protocol import value_file
from psynapse.worker.redaction import Redaction


def write_value(folder: str, node: str, value: object, redaction: Redaction) -> None:
    """Write the JSON of ``value``, without what is secret, to ``value_file(folder, node)``.

    Never raises: on a full disk, or where memory ends, the file is left out and the log says so.
    """
    path = value_file(folder, node)
    try:
        make_private_folder(path.parent)
        with written_whole(path) as file:
            file.write(redaction.value(dumps(to_json(value))))
    except (OSError, MemoryError, RecursionError) as error:
        logger.warning("the value of %r will end with its worker: %s: %s", node, type(error).__name__, error)
