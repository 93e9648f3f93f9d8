"""Records for entity resolution: the same twice, as documented, and with a truth that is true."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from spark_jobs.city.mentions import generate_mentions
from spark_jobs.city.mentions.marks import PROBES
from spark_jobs.city.world.identifiers import citizen_check
from spark_jobs.city.world.tables import read_table

RECORDS = 20_000
README = Path(__file__).parents[3] / "spark_jobs" / "city" / "mentions" / "README.md"
IDENTIFYING = {
    "person": ["name", "resident_id", "birth_date", "sex_code", "mobile", "division_code", "address"],
    "legal_entity": ["name", "uscc", "registration_number", "organisation_code", "phone", "address"],
}


@dataclass(frozen=True)
class Made:
    """One run."""

    entity: Any
    shape: str
    folder: Path
    records: pa.Table
    truth: pa.Table

    def marked(self, kind: str) -> Any:
        """Records with a mark."""
        noise = self.truth["noise"].combine_chunks()
        parents = pc.list_parent_indices(noise).to_numpy()
        mask = np.zeros(len(noise), np.bool_)
        mask[parents[pc.equal(noise.flatten(), kind).to_numpy(zero_copy_only=False)]] = True
        return mask


@pytest.fixture(
    scope="module",
    params=[(entity, shape) for entity in ("person", "legal_entity") for shape in ("register", "event")],
    ids=lambda param: " ".join(param),
)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    entity, shape = request.param
    folder = tmp_path_factory.mktemp("mentions")
    generate_mentions(entity, shape, RECORDS, 5, folder)
    tables = (pq.read_table(folder / f"{name}.parquet") for name in ("records", "truth"))
    return Made(entity, shape, folder, *tables)


def test_the_same_seed_gives_the_same_bytes(made: Made, tmp_path: Path) -> None:
    generate_mentions(made.entity, made.shape, RECORDS, 5, tmp_path)
    for name in ("records.parquet", "truth.parquet"):
        assert (tmp_path / name).read_bytes() == (made.folder / name).read_bytes()


def test_every_record_has_its_own_id_and_its_truth(made: Made) -> None:
    assert made.records.num_rows == RECORDS
    assert len(pc.unique(made.records["record_id"])) == RECORDS
    assert made.truth["record_id"].equals(made.records["record_id"])


def test_deliveries_grow_with_time_and_number_their_rows(made: Made) -> None:
    sequence = made.records["delivery_sequence"].to_numpy()
    row = made.records["row_number"].to_numpy()
    assert (np.diff(sequence) >= 0).all()
    assert (np.diff(made.records["business_date"].cast(pa.int32()).to_numpy()) >= 0).all()
    assert ((np.diff(row) == 1) == (np.diff(sequence) == 0)).all()


def test_records_repeat_as_the_shape_says(made: Made) -> None:
    columns = made.records.select(IDENTIFYING[made.entity]).append_column("entity", made.truth["entity"])
    distinct = columns.group_by(columns.column_names).aggregate([]).num_rows
    entities = len(pc.unique(made.truth["entity"]))
    if made.shape == "register":
        assert 8.5 < RECORDS / entities < 9.7
        assert 0.68 < distinct / RECORDS < 0.80
    else:
        assert 65 < RECORDS / entities < 80
        assert 4 < distinct / entities < 6.5


def documented(entity: str) -> dict[str, tuple[float, float]]:
    """Percent by mark, of register and event, from the README's table."""
    heading = {"person": "| people |", "legal_entity": "| firms |"}[entity]
    table = README.read_text("utf-8").split(heading)[1].split("\n\n")[0]
    rows = re.findall(r"^\| (\w+) \|.*\| ([\d.]+) \| ([\d.]+) \|$", table, re.MULTILINE)
    return {kind: (float(register), float(event)) for kind, register, event in rows}


def test_every_mark_is_as_often_as_documented(made: Made) -> None:
    rates = documented(made.entity)
    assert set(pc.unique(made.truth["noise"].combine_chunks().flatten()).to_pylist()) <= set(rates)
    # In the shape `event` a mark of few people is on many records or on none: chance goes by captures.
    captures = RECORDS * (0.74 if made.shape == "register" else 0.077)
    for kind, both in rates.items():
        expected = both[made.shape == "event"] / 100
        found = made.marked(kind).mean()
        # People of one household or firms of one agent share a mark, so it strays further than single records would.
        spread = np.sqrt(expected / captures) * (12 if kind in PROBES else 7)
        assert abs(found - expected) < spread + 0.002, kind


@pytest.mark.parametrize("made", [("person", "register"), ("person", "event")], ids=" ".join, indirect=True)
def test_numbers_without_a_mark_are_right(made: Made) -> None:
    marks = [kind for kind in documented("person") if kind.startswith("id_")]
    clean = ~np.logical_or.reduce([made.marked(kind) for kind in marks])
    numbers = made.records["resident_id"].filter(pa.array(clean))
    assert numbers.null_count == 0
    assert all(re.fullmatch(r"\d{17}[\dX]", n) and citizen_check(n[:17]) == n[17] for n in numbers[:500].to_pylist())
    assert pc.all(pc.equal(pc.utf8_length(made.records["resident_id"].filter(made.marked("id_fifteen"))), 15)).as_py()


def test_an_entity_has_one_number_where_nothing_is_wrong(made: Made) -> None:
    column = "resident_id" if made.entity == "person" else "uscc"
    prefix = "id_" if made.entity == "person" else "uscc_"
    clean = ~np.logical_or.reduce([made.marked(k) for k in documented(made.entity) if k.startswith(prefix)])
    pairs = pa.table({"entity": made.truth["entity"], "number": made.records[column]}).filter(pa.array(clean))
    pairs = pairs.group_by(["entity", "number"]).aggregate([])
    assert len(pc.unique(pairs["entity"])) == len(pc.unique(pairs["number"])) == pairs.num_rows


def test_missing_marks_agree_with_the_columns(made: Made) -> None:
    column = {"person": ("resident_id", "id_missing"), "legal_entity": ("uscc", "uscc_missing")}[made.entity]
    assert made.records[column[0]].is_null().to_numpy().tolist() == made.marked(column[1]).tolist()


def test_a_hot_mobile_is_on_its_share_of_rows(tmp_path: Path) -> None:
    generate_mentions("person", "register", 20_000, 1, tmp_path, hot_share=0.05)
    mobiles = pq.read_table(tmp_path / "records.parquet")["mobile"]
    assert pc.sum(pc.equal(mobiles, "13900000000")).as_py() / 20_000 == pytest.approx(0.05, abs=0.01)


def test_pairs_of_lookalikes_are_many_and_unlike() -> None:
    pairs = [(row["character"], row["looks_like"]) for row in read_table("lookalikes.csv")]
    assert len(pairs) == len(set(pairs)) >= 150
    assert all(len(one) == len(other) == 1 and one != other for one, other in pairs)
