"""Fixtures for the shipped nodepacks."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# What several test files share is a module beside them: they cannot import each other.
sys.path.append(str(Path(__file__).parent))

from model_server import ModelServer


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    """A server that speaks OpenAI's protocol, on loopback; the model's name says how it behaves."""
    server = ModelServer()
    yield server
    server.stop()
