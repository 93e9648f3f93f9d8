"""What an engine has staged becomes part of a table in one commit, which says whose rows it holds."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from spark_jobs import upkeep
from spark_jobs.base.settings import settings
from spark_jobs.lake.storage import delta_commits
from spark_jobs.lake.storage.batch_commits import look, marker
from spark_jobs.lake.storage.data_files import bring_in
from spark_jobs.lake.storage.delta_commits import Signed
from spark_jobs.lake.storage.scratch import Scratch, local_scratch
from spark_jobs.lake.storage.table_properties import REFINED_LOOKED_FOR

SCHEMA = pa.schema([("_delivery_id", pa.string()), ("_business_date", pa.date32()), ("name", pa.string())])
CANARY = "金丝雀"


@pytest.fixture
def staging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scratch]:
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    settings.cache_clear()
    delta_commits.create("silver", "t", SCHEMA, REFINED_LOOKED_FOR)
    with local_scratch("refine") as opened:
        yield opened


def commit(staging: Scratch, delivery: str, day: int, fingerprint: str = "f") -> None:
    rows = {"_delivery_id": [delivery], "_business_date": [date(2026, 11, day)], "name": [CANARY]}
    staging.write(pa.table(rows, schema=SCHEMA), delivery, to_stage=True)
    files = bring_in(staging, delivery, "silver", "t", REFINED_LOOKED_FOR)
    signed = Signed(marker([delivery], fingerprint), {delivery: fingerprint})
    delta_commits.append(delta_commits.opened("silver", "t"), [file.as_added() for file in files], signed)


def test_a_commit_says_which_deliveries_it_holds_and_by_what(staging: Scratch) -> None:
    commit(staging, "d1", 1)
    state = look("silver", "t")
    assert state is not None
    assert (state.rows, state.holds("d1", "f"), state.holds("d1", "g")) == (1, True, False)
    assert (state.may_have("d1"), state.may_have("d2")) == (True, False)
    assert state.committed["d1"].fingerprint == "f"


def test_files_are_found_by_date_and_the_log_holds_no_other_value(staging: Scratch, tmp_path: Path) -> None:
    commit(staging, "d1", 1)
    state = look("silver", "t")
    assert state is not None
    assert (state.may_hold([date(2026, 11, 1)]), state.may_hold([date(2026, 11, 2)])) == (True, False)
    log = "".join(path.read_text("utf-8") for path in (tmp_path / "lake/silver/t/_delta_log").glob("*.json"))
    assert CANARY not in log


def test_readers_of_the_oldest_protocol_read_it(staging: Scratch) -> None:
    commit(staging, "d1", 1)
    protocol = delta_commits.opened("silver", "t").protocol()
    assert (protocol.min_reader_version, protocol.min_writer_version) == (1, 2)


def test_nothing_is_left_where_it_was_staged(staging: Scratch) -> None:
    commit(staging, "d1", 1)
    assert list(Path(staging.root).rglob("*.parquet")) == []


def test_compaction_leaves_the_rows_and_what_is_known_of_deliveries(staging: Scratch, tmp_path: Path) -> None:
    commit(staging, "d1", 1)
    commit(staging, "d2", 2)
    assert list(upkeep.compact_refined()) == ["silver.t: 2 files into 1"]
    table = DeltaTable(str(tmp_path / "lake/silver/t"))
    assert sorted(table.to_pyarrow_table()["_delivery_id"].to_pylist()) == ["d1", "d2"]
    state = look("silver", "t")
    assert state is not None
    assert state.holds("d1", "f")
    assert list(upkeep.compact_refined()) == []


def test_moments_that_would_be_others_afterwards_are_not_compacted(staging: Scratch, tmp_path: Path) -> None:
    never = pa.array([datetime(9999, 12, 31, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    delta_commits.create("silver", "moments", pa.schema([("at", never.type)]), ())
    for name, is_int96 in (("one", False), ("two", True)):
        staging.write(pa.table({"at": never}), name, to_stage=True)
        for path in Path(staging.root).rglob(f"{name}/**/*.parquet"):
            pq.write_table(pa.table({"at": never}), path, use_deprecated_int96_timestamps=is_int96)
        added = [file.as_added() for file in bring_in(staging, name, "silver", "moments", ())]
        delta_commits.append(delta_commits.opened("silver", "moments"), added, Signed("test"))
    (said,) = upkeep.compact_refined()
    assert said.startswith("silver.moments: not compacted")
    assert len(DeltaTable(str(tmp_path / "lake/silver/moments")).file_uris()) == 2
