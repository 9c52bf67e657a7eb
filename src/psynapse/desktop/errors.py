"""What keeps the desktop app from doing what was asked.

::

    DesktopError
    ├── ToolkitMissing        there is nothing to show a window with
    ├── BadDeepLink           a link of the desktop app that names nothing that could be installed
    ├── InstanceSilent        the app runs already, but does not answer
    ├── BridgeRefused         a page asked for something that it may not have, or in a wrong way
    └── RegistrationFailed    the app could not be made known to the system
"""

from psynapse.errors import PsynapseError


class DesktopError(PsynapseError):
    """Something of the desktop app cannot be done."""

    code = "desktop"


class ToolkitMissing(DesktopError):
    """There is nothing to show a window with: a library, or a screen."""

    code = "toolkit-missing"


class BadDeepLink(DesktopError):
    """A link of the desktop app that names nothing that could be installed."""

    code = "bad-deep-link"


class InstanceSilent(DesktopError):
    """The app runs already, but does not answer."""

    code = "instance-silent"


class BridgeRefused(DesktopError):
    """A page asked for something that it may not have, or in a wrong way."""

    code = "bridge-refused"


class RegistrationFailed(DesktopError):
    """The app could not be made known to the system."""

    code = "registration-failed"
