"""What uv 0.13 says when it fails, by kind."""

import pytest

from psynapse.environments.conflict import Surroundings
from psynapse.environments.errors import (
    BadRequirement,
    BuildFailed,
    BuildNeeded,
    DependencyConflict,
    EnvironmentsError,
    NetworkUnreachable,
    RequirementNotFound,
    UvFailed,
)
from psynapse.environments.explanation import explain

NOTHING = Surroundings(asked=(), pins={}, python="3.11")
BACKEND = """error: Failed to build `scope-bad @ file:///x`
  cause: The build backend returned an error
  cause: Call to `backend.build_wheel` failed (exit status: 1)

         [stderr]
         Traceback (most recent call last):
           File "<string>", line 14, in <module>
         RuntimeError: no compiler

hint: Build failures usually indicate a problem with the package or the build environment"""
SDIST_ONLY = """error: No solution found when resolving dependencies
  cause: Because sd==1.0 has no usable wheels and only sd==1.0 is available, we can conclude that no.

hint: Wheels are required for `sd` because building from source is disabled for all packages"""
REFUSED = """error: Failed to fetch: http://127.0.0.1:1/simple/a/
  cause: error sending request for url (http://127.0.0.1:1/simple/a/)
  cause: client error (Connect)
  cause: tcp connect error
  cause: Connection refused (os error 111)"""
NO_REF = """error: Git operation failed
  cause: failed to fetch branch or tag `no`
  cause: process didn't exit successfully: `/usr/bin/git fetch` (exit status: 128)
         --- stderr
         fatal: couldn't find remote ref refs/tags/no"""


def explained(said: str) -> EnvironmentsError:
    return explain(UvFailed("failed", stderr=said, exit_code=1), NOTHING)


@pytest.mark.parametrize(
    ("said", "kind", "message"),
    [
        (BACKEND, BuildFailed, "Building scope-bad failed: RuntimeError: no compiler"),
        ("error: Failed to resolve requirements from x", BuildFailed, "Building the package failed: error: Failed"),
        (SDIST_ONLY, BuildNeeded, "What sd requires is known only by running its code"),
        ("error: Building source distributions is disabled", BuildNeeded, "What the package requires"),
        (REFUSED, NetworkUnreachable, "Connection refused (os error 111)"),
        (NO_REF, RequirementNotFound, "couldn't find remote ref refs/tags/no"),
        ("error: `x` does not appear to be a Python project", RequirementNotFound, "does not appear to be"),
        (
            "error: Failed to build `b @ x`\n  cause: Package metadata name `a` does not match given name `b`",
            BadRequirement,
            "What is there is called a, not b",
        ),
        ("error: No solution found when resolving dependencies", DependencyConflict, "No set of versions fits"),
        ("HTTP status server error", NetworkUnreachable, "HTTP status server error"),
    ],
)
def test_each_kind_of_failure_is_an_error_of_its_own(said: str, kind: type[EnvironmentsError], message: str):
    error = explained(said)
    assert type(error) is kind
    assert message in error.message
    assert error.hint


def test_what_is_not_known_stays_what_uv_said():
    failed = UvFailed("uv pip compile failed", stderr="panicked at src/main.rs", exit_code=101)
    assert explain(failed, NOTHING) is failed


def test_the_failure_keeps_its_text_and_exit_code():
    error = explained(BACKEND)
    assert isinstance(error, UvFailed)
    assert (error.stderr, error.exit_code) == (BACKEND, 1)
