"""What dbt writes of its project is what it would write by itself."""

import json
import subprocess
import sys
from pathlib import Path

from tests.source_tree import PROJECT

WRITE_BOTH_WAYS = """
import sys
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from dbt.artifacts.schemas import base
from dbt.parser import manifest
from dbt.task import runnable
from spark_jobs.lake.engine.dbt_artifacts import write_once

said = {"text": "咸宁", "none": None, "at": datetime(2026, 11, 2, 9), "day": date(2026, 11, 2), "share": Decimal("0.5")}
base.write_json(sys.argv[1] + "/slow/by_dbt.json", said)
write_once()
base.write_json(sys.argv[1] + "/quick/by_us.json", said)
manifest.write_manifest(SimpleNamespace(), sys.argv[1])
assert runnable.write_manifest is not manifest.write_manifest
"""


def test_it_is_the_same_and_written_by_the_task_alone(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", WRITE_BOTH_WAYS, str(tmp_path)], check=True, cwd=PROJECT)
    ours, theirs = (tmp_path / name for name in ("quick/by_us.json", "slow/by_dbt.json"))
    assert json.loads(ours.read_bytes()) == json.loads(theirs.read_bytes())
    assert {path.name for path in tmp_path.iterdir()} == {"quick", "slow"}
