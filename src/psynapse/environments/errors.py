"""What can go wrong while node packages are chosen, resolved and fetched.

::

    EnvironmentsError
    ├── BadRequirement          a text is no requirement, or none that may be installed
    ├── DependencyConflict      node packages, pins and what they require cannot all be had at once
    │   └── AddressConflict     one package is asked for from different addresses
    ├── RequirementNotFound     no such package, version, repository or folder
    ├── BuildNeeded             what a package requires is known only by running its code, which was not allowed
    ├── BuildFailed             a package's own build raised
    ├── UvMissing               the uv program is not where its wheel puts it
    └── UvFailed                uv said no for another reason; carries its text and exit code
        └── NetworkUnreachable  the index or repository could not be reached
"""

from collections.abc import Sequence
from typing import Self

from psynapse.errors import PsynapseError


class EnvironmentsError(PsynapseError):
    """Base of what goes wrong with node packages and generations."""

    code = "environments"


class BadRequirement(EnvironmentsError):
    """A text is no requirement, or none that may be installed."""

    code = "bad-requirement"


class DependencyConflict(EnvironmentsError):
    """Node packages, pins and what they require cannot all be had at once.

    ``culprits`` are the names of the distributions at fault, ``explanation`` is what uv said.
    """

    code = "dependency-conflict"

    def __init__(self, message: str, *, explanation: str, culprits: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.explanation = explanation
        self.culprits = tuple(culprits)


class AddressConflict(DependencyConflict):
    """One package is asked for from different addresses, ``addresses``."""

    def __init__(self, message: str, *, explanation: str, name: str, addresses: Sequence[str], hint: str = "") -> None:
        super().__init__(message, explanation=explanation, culprits=[name], hint=hint)
        self.name = name
        self.addresses = tuple(addresses)


class UvFailed(EnvironmentsError):
    """uv said no. ``stderr`` is what it said, ``exit_code`` how it ended (negative: the signal that ended it)."""

    code = "uv-failed"

    def __init__(self, message: str, *, stderr: str = "", exit_code: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.stderr = stderr
        self.exit_code = exit_code

    @classmethod
    def meaning(cls, failed: "UvFailed", message: str, *, hint: str) -> Self:
        """The same failure as an error of this class, in words that say what it means."""
        return cls(message, stderr=failed.stderr, exit_code=failed.exit_code, hint=hint)


class RequirementNotFound(UvFailed):
    """No such package, version, repository or folder."""

    code = "requirement-not-found"


class BuildNeeded(UvFailed):
    """What a package requires is known only by running its code, which was not allowed."""

    code = "build-needed"


class BuildFailed(UvFailed):
    """A package's own build raised."""

    code = "build-failed"


class NetworkUnreachable(UvFailed):
    """The index or repository could not be reached, and what is needed is not in the cache."""

    code = "network-unreachable"


class UvMissing(EnvironmentsError):
    """The uv program is not where its wheel puts it."""

    code = "uv-missing"
