"""The proof of an erasure finds a leftover wherever one is planted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake

from expectations.entity_spec import EntitySpec, load_entity
from spark_jobs.entities import state
from spark_jobs.entities.erase import proof
from spark_jobs.lake.storage.paths import table_uri

PROFILE, NUMBER = -7_152_448_230_541_909_775, "421202199003071517"
"""The id of an erased profile, and a number that its records said."""
OTHER, OTHERS_NUMBER = 3_141_592_653_589_793_238, "421202198001011234"

Plant = Callable[[Path], object]
"""Puts a leftover into a table."""


@pytest.fixture
def spec(lake_home: Path) -> EntitySpec:
    """A kind of entity of each test's own, with all its tables, about somebody else."""
    assert lake_home.is_dir()
    found = load_entity("person").model_copy(update={"entity": f"erased_{uuid4().hex}"})
    for suffix in state.schemas(found):
        write_deltalake(uri(found, suffix), rows(OTHER, OTHERS_NUMBER))
    return found


def uri(spec: EntitySpec, suffix: str) -> str:
    return table_uri("entities", f"{spec.entity}{suffix}")


def rows(profile: int, number: str) -> pa.Table:
    return pa.table({"profile_id": pa.array([profile], pa.int64()), "resident_id": [number]})


def found(spec: EntitySpec) -> proof.Proof:
    return proof.search(spec, [PROFILE], [NUMBER])


def data_file(column: Any) -> Plant:
    """A file of rows that holds one column."""
    return lambda table: pq.write_table(pa.table({"planted": column}), table / "part-planted.parquet")


def superseded(table: Path) -> None:
    """A file of an earlier version that no vacuum has removed."""
    write_deltalake(str(table), rows(PROFILE, OTHERS_NUMBER), mode="append")
    write_deltalake(str(table), rows(OTHER, OTHERS_NUMBER), mode="overwrite")


def in_statistics(table: Path) -> None:
    """Least and greatest values of a removed file, kept by a checkpoint."""
    write_deltalake(str(table), rows(PROFILE, OTHERS_NUMBER), mode="append")
    delta = DeltaTable(str(table))
    delta.create_checkpoint()
    for path in (*table.glob("*.parquet"), *(table / "_delta_log").glob("*.json")):
        path.unlink()


def in_log(**said: Any) -> Plant:
    """An entry of the log."""
    return lambda table: (table / "_delta_log" / f"{7:020d}.json").write_text(json.dumps({"commitInfo": said}))


PLANTED = {
    "id": data_file(pa.array([OTHER, PROFILE], pa.int64())),
    "id in a list": data_file(pa.array([[OTHER], None, [OTHER, PROFILE]], pa.list_(pa.int64()))),
    "id in a struct": data_file(pa.array([{"a": OTHER, "b": PROFILE}])),
    "id in a list of structs": data_file(pa.array([[{"a": PROFILE}], []])),
    "id in digits": data_file([f"between {OTHER} and {PROFILE}"]),
    "number": data_file([None, NUMBER]),
    "number within a text": data_file([f"says {NUMBER}, twice"]),
    "number in a large text": data_file(pa.array([NUMBER], pa.large_string())),
    "number in a dictionary": data_file(pa.array([OTHERS_NUMBER, NUMBER]).dictionary_encode()),
    "number in bytes": data_file(pa.array([NUMBER.encode()])),
    "number as a key": data_file(pa.array([[(NUMBER, 1)]], pa.map_(pa.string(), pa.int64()))),
    "number as a value": data_file(pa.array([[("a", NUMBER)]], pa.map_(pa.string(), pa.string()))),
    "row of an earlier version": superseded,
    "statistics in a checkpoint": in_statistics,
    "id in a log entry": in_log(operationParameters={"predicate": f"a IN ({PROFILE})"}),
    "number in a log entry": in_log(userMetadata=NUMBER),
    "checksum of a removed file": lambda table: (table / f".part-{NUMBER}.parquet.crc").write_bytes(b"crc"),
}
"""Every kind of place in which something can be left."""


def test_nothing_is_found_where_nothing_is_left(spec: EntitySpec) -> None:
    done = found(spec)
    assert done.found == ()
    assert (done.files, done.values) == (2 * len(state.schemas(spec)), 2 * len(state.schemas(spec)))


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
def test_a_planted_leftover_is_found(spec: EntitySpec, plant: Plant) -> None:
    table = Path(uri(spec, "_event"))
    plant(table)
    hits = found(spec).found
    assert hits
    assert all(hit.startswith(f"{table.name}/") for hit in hits)


@pytest.mark.parametrize("suffix", sorted(state.schemas(load_entity("person"))))
def test_every_table_is_searched(spec: EntitySpec, suffix: str) -> None:
    write_deltalake(uri(spec, suffix), rows(PROFILE, OTHERS_NUMBER), mode="append")
    assert {hit.partition("/")[0] for hit in found(spec).found} == {f"{spec.entity}{suffix}"}


def test_what_a_killed_job_left_is_found(spec: EntitySpec, lake_home: Path) -> None:
    for job in (f"resolve-{spec.entity}", "resolve-another"):
        folder = lake_home / "lake" / "scratch" / f"{job}-0123456789ab"
        folder.mkdir(parents=True)
        pq.write_table(rows(PROFILE, NUMBER), folder / "part-0.parquet")
    assert [hit.partition("/part")[0] for hit in found(spec).found] == [
        f"scratch/resolve-{spec.entity}-0123456789ab"
    ] * 2
