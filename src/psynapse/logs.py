"""The program's own log."""

import logging

logger = logging.getLogger("psynapse")
