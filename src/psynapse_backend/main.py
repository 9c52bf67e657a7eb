"""``app``, for ``uvicorn psynapse_backend.main:app``. Settings come from the environment, as NODEPACKS_DIR does."""

from psynapse.server.app import create_app
from psynapse.settings import read_settings

app = create_app(read_settings())
