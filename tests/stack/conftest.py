"""One stack for all tests of this ring."""

import os
import shutil
from collections.abc import Iterator

import pytest

from infra.stack import minio_server, postgres_server
from tests.stack.running_stack import Stack, running_stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A running MinIO and PostgreSQL, installed first where they are missing."""
    if not minio_server.BINARY.exists() and shutil.which("go") is None:
        pytest.skip("MinIO is not built and there is no Go compiler to build it")
    if os.geteuid() != 0 and not postgres_server.is_installed():
        pytest.skip("PostgreSQL is not installed")
    with running_stack() as running:
        yield running
