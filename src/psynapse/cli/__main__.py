"""``python -m psynapse.cli``: the program, by the Python that it was installed for."""

import sys

from psynapse.cli import main

sys.exit(main())
