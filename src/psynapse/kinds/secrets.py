"""Values that are references to secrets: they become text only while the node is called, and are never said aloud."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from psynapse.errors import ConversionError
from psynapse.kinds.convert import Converter


class SecretMissing(ConversionError):
    """A value refers to a secret that the run does not have."""

    code = "secret-missing"


@dataclass(frozen=True, slots=True)
class SecretValue:
    """The secret that an input is to get, and how it becomes what the input takes."""

    name: str
    port: str
    convert: Converter | None

    def resolve(self) -> object:
        """The value, from the environment of this process. Raises ConversionError, which never holds the value."""
        value = os.environ.get(self.name)
        if value is None:
            hint = f"set {self.name} among the secrets in the settings, or as an environment variable of the run"
            raise SecretMissing(f"the secret {self.name!r} is not set", port=self.port, hint=hint)
        if self.convert is None:
            return value
        try:
            return self.convert(value)
        except ConversionError:
            hint = "set it to another value in the settings, or refer to another one"
            message = f"the secret {self.name!r} is not what this input takes"
        # Outside, so that the error that holds the value is not this one's context.
        raise ConversionError(message, port=self.port, hint=hint)


def resolved(secrets: Mapping[str, SecretValue]) -> dict[str, object]:
    """The values by input. Raises ConversionError."""
    return {port: secret.resolve() for port, secret in secrets.items()}


def call_with_secrets(
    function: Callable[..., object], secrets: Mapping[str, SecretValue], /, **kwargs: object
) -> object:
    """Call a function with the values that are set and those that are secret."""
    return function(**kwargs, **resolved(secrets))
