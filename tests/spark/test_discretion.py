"""A value that Spark, dbt or Great Expectations stumble over is on no screen and in no log."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from spark_jobs import cli
from spark_jobs.base.errors import LakeError
from spark_jobs.verify.validation import validate

CANARY = "温泉金丝雀4402"


@pytest.fixture
def silver(spark: SparkSession) -> Iterator[str]:
    """A table whose one value is no number."""
    spark.sql(f"CREATE OR REPLACE TABLE silver.stumbling AS SELECT '{CANARY}' AS value")
    yield "silver.stumbling"
    spark.sql("DROP TABLE silver.stumbling")


def kept(home: Path) -> list[Path]:
    """Logs, and what else programs leave for whoever looks for a fault, tracebacks of mode 0600 left out."""
    found = [path for folder in ("logs", "dbt", "run") for path in (home / folder).rglob("*") if path.is_file()]
    return [path for path in found if not path.name.startswith("error-")]


def assert_told_nothing(home: Path) -> None:
    assert [str(path) for path in kept(home) if CANARY in path.read_text("utf-8", "replace")] == []


def test_a_command_shows_the_kind_of_error_and_keeps_the_rest_in_a_private_file(
    spark: SparkSession,
    lake_home: Path,
    silver: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        spark.sql(f"SELECT cast(value AS int) FROM {silver}").collect()

    door = typer.Typer(pretty_exceptions_enable=False)
    door.command()(fail)
    monkeypatch.setattr("sys.argv", ["lake"])
    with pytest.raises(SystemExit):
        cli.run(door)

    shown = capfd.readouterr()
    assert "an unexpected NumberFormatException" in shown.err
    assert CANARY not in shown.out + shown.err
    (traceback,) = (lake_home / "logs").glob("error-*.txt")
    assert CANARY in traceback.read_text("utf-8")
    assert traceback.stat().st_mode & 0o777 == 0o600
    assert_told_nothing(lake_home)
    traceback.unlink()


def test_a_mistake_in_a_query_is_told_in_full(lake_home: Path, silver: str) -> None:
    program = f"""
from spark_jobs.lake.server import discretion, session
discretion.withhold_messages()
spark = session.connect("tests")
for column in ("valu", "cast(value AS int)"):
    try:
        spark.sql(f"SELECT {{column}} FROM {silver}").collect()
    except Exception as error:
        print(type(error).__name__, error)
"""
    done = subprocess.run([sys.executable, "-c", program], env=os.environ, capture_output=True, text=True, check=True)
    assert "AnalysisException [UNRESOLVED_COLUMN.WITH_SUGGESTION]" in done.stdout
    assert "NumberFormatException [CAST_INVALID_INPUT]" in done.stdout
    assert CANARY not in done.stdout + done.stderr


def test_an_expectation_that_cannot_be_evaluated_is_named(
    spark: SparkSession,
    lake_home: Path,
    silver: str,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    rows = spark.table(silver).selectExpr("cast(value AS int) AS n")
    suite = {
        "name": "stumbling",
        "expectations": [
            {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "n"}, "meta": {"title": "有数"}}
        ],
    }
    with pytest.raises((LakeError, PySparkException)) as failed:
        validate(suite, rows, 1, {})

    assert isinstance(failed.value, LakeError)
    assert CANARY not in str(failed.value) + "".join(capfd.readouterr()) + caplog.text
    assert_told_nothing(lake_home)
