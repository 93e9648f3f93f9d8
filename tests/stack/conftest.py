"""One stack for the tests of this ring that need no empty one."""

from collections.abc import Iterator

import pytest

from tests.stack.running_stack import Stack, running_stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A running MinIO and PostgreSQL, installed first where they are missing."""
    with running_stack() as running:
        yield running
