"""Environment variables of workers, and on their way to one that is forked."""

import os
from collections.abc import Mapping
from typing import Final

MARK: Final = "PSYNAPSE_WORKER"
"""The environment variable by which a worker, and what it has started, are found wherever they are."""
# What belongs to the server alone.
_SECRET: Final = frozenset({"PSYNAPSE_TOKEN"})
# Environment variables that libraries read when they are imported; Python and the C library, when they start.
_READ_AT_IMPORT: Final = (
    *("CUDA_", "OMP_", "MKL_", "OPENBLAS_", "HF_", "TORCH_", "LD_", "PYTHON", "MALLOC_"),
    *("GOTO_", "BLIS_", "GOMP_", "KMP_", "NPY_", "NUMPY_", "PILLOW_", "PYDANTIC_", "GLIBC_", "LC_", "LANG"),
)


def worker_environment(env: Mapping[str, str], mark: str) -> dict[str, str]:
    """All variables of a worker: ours but for the secrets, those of its run, and its mark."""
    inherited = {name: value for name, value in os.environ.items() if name not in _SECRET}
    return {**inherited, **env, MARK: mark}


def is_plain(env: Mapping[str, str]) -> bool:
    """Whether every environment can hold these variables."""
    return all(name and "=" not in name and "\0" not in name + value for name, value in env.items())


def read_at_import(env: Mapping[str, str]) -> Mapping[str, str]:
    """Those of which it matters what they were when packages were imported."""
    return {name: value for name, value in env.items() if name.startswith(_READ_AT_IMPORT)}


def variables_file(env: Mapping[str, str]) -> int:
    """A file in memory with an environment in it, as the kernel writes them. A message may be too short for one."""
    descriptor = os.memfd_create("environment", os.MFD_CLOEXEC)
    with os.fdopen(os.dup(descriptor), "wb") as file:
        file.write(b"\0".join(os.fsencode(f"{name}={value}") for name, value in env.items()))
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
