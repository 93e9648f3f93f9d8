"""How processes end: a child with its parent, and who is told to leave after clearing away."""

import os
import signal
import subprocess
import sys

import pytest

from tests.processes import is_running, wait_until
from tests.source_tree import PROJECT

PARENT = """
import subprocess
from spark_jobs.base.ending import dies_with_its_parent
child = subprocess.Popen(["sleep", "600"], preexec_fn=dies_with_its_parent(), stdout=subprocess.DEVNULL)
print(child.pid, flush=True)
child.wait()
"""
LEAVING = """
import time
from spark_jobs.base.ending import leaving_in_order
with leaving_in_order():
    try:
        print("at work", flush=True)
        time.sleep(600)
    finally:
        print("cleared away", flush=True)
"""


def started(code: str) -> subprocess.Popen[str]:
    """A process that runs the code."""
    env = os.environ | {"PYTHONPATH": str(PROJECT)}
    return subprocess.Popen(
        [sys.executable, "-c", code], env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def test_a_child_dies_with_its_parent_however_that_dies() -> None:
    with started(PARENT) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.kill()
        assert wait_until(lambda: not is_running(child))


@pytest.mark.parametrize(("told", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, -signal.SIGINT)])
def test_who_is_told_to_leave_clears_away_first(told: signal.Signals, status: int) -> None:
    with started(LEAVING) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        process.send_signal(told)
        assert process.stdout.read() == "cleared away\n"
    assert process.returncode == status
