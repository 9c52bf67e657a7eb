"""The program's own log: what it says, without secrets, to the terminal and to those who look at it in the editor."""

import logging

logger = logging.getLogger("psynapse")
