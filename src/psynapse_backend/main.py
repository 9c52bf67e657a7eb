"""``app``, for ``uvicorn psynapse_backend.main:app``. Settings come from the environment, as NODEPACKS_DIR does."""

from psynapse.logs.stderr import log_to_stderr
from psynapse.server.app import create_app
from psynapse.settings import read_settings

# Whoever runs this may have set up a log of its own, which is then left alone.
log_to_stderr()
app = create_app(read_settings())
