"""A dbt that was forked before it was needed: the same as one that is started, and gone where nobody needs it."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.source_tree import PROJECT

FORKED_AND_STARTED = """
import json, os, sys
from pathlib import Path
from spark_jobs.lake.engine import dbt_warm
from spark_jobs.lake.engine.dbt_run import Dbt

place, arguments = Path(sys.argv[1]), sys.argv[2:]
dbt_warm.prepare(place / "nothing is parsed yet")
assert dbt_warm.lent() is None
dbt_warm.lend()
dbt = Dbt(place, place, "lake")
done = [dbt.run(arguments, {"stored_tables": []}, {"LAKE_OF_TEST": "1"}) for _ in range(2)]
assert dbt_warm.lent() is None
print(json.dumps([[each.returncode, each.stdout, each.stderr] for each in done]))
"""
LEFT_ALONE = """
import os, sys
from pathlib import Path
from spark_jobs.lake.engine import dbt_warm
dbt_warm.prepare(Path(sys.argv[1]) / "nothing")
dbt_warm.lend()
waiting = dbt_warm.lent()
waiting.asked.close()
print(os.waitpid(waiting.process, 0)[1])
"""
PARSED_ONCE = """
import sys
from pathlib import Path
from dbt.contracts.graph.manifest import Manifest
from spark_jobs.lake.engine import dbt_warm

read = []
Manifest.from_msgpack = lambda content, **_: read.append(content) or content.decode()
noted = Path(sys.argv[1]) / "noted"
noted.write_bytes(b"one")
dbt_warm.prepare(noted)
dbt_warm.prepare(noted)
assert (read, Manifest.from_msgpack(b"one"), read) == ([b"one"], "one", [b"one"])
noted.write_bytes(b"two")
assert Manifest.from_msgpack(b"two") == "two"
dbt_warm.prepare(noted)
assert read == [b"one", b"two", b"two"]
assert Manifest.from_msgpack(b"two") == "two"
assert Manifest.from_msgpack(b"one") == "one"
assert read == [b"one", b"two", b"two", b"one"]
"""


_OF_ONE = re.compile("Usage:|Try '|parse|Registered")


def run(program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["--version"], 0, "installed"),
        (["ls", "--no-such-option"], 2, "no-such-option"),
        (["ls", "--select", "x"], 0, ""),
    ],
)
def test_it_ends_and_says_what_a_program_of_its_own_would(
    tmp_path: Path, arguments: list[str], status: int, says: str
) -> None:
    forked, started = json.loads(run(FORKED_AND_STARTED, str(tmp_path), *arguments))
    assert forked[0] == started[0] == status
    assert _said(forked) == _said(started)
    assert says in "".join(forked[1:])
    assert not Path(f"{tmp_path}/nothing is parsed yet").exists()


def test_one_that_nobody_asks_ends(tmp_path: Path) -> None:
    assert run(LEFT_ALONE, str(tmp_path)) == "0\n"


def test_what_is_parsed_is_read_when_it_is_another(tmp_path: Path) -> None:
    run(PARSED_ONCE, str(tmp_path))


def _said(outcome: list[Any]) -> list[str]:
    """Without the time before each line, the name of the program, and what only the first of two runs has to say."""
    lines = "".join(outcome[1:]).splitlines()
    return [line.partition("  ")[2] or line for line in lines if not _OF_ONE.search(line)]
