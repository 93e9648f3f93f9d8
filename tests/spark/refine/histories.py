"""A feed whose deliveries come in any order, are replaced, recalled, done again, settled: silver, and the oracle."""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st
from pyspark.sql import DataFrame

from spark_jobs.ask import sql
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.lake import settling
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.storage import tables
from spark_jobs.refine import write
from spark_jobs.refine.history import PROVENANCE
from tests.spark.refine.frames import column, contract_of
from tests.spark.refine.oracle import GONE, ORACLES, WRITES, Row, Validity

_NUMBERS = itertools.count()
FIRST_DAY = date(2026, 11, 1)


@dataclass(frozen=True)
class Step:
    """Deliveries that are refined together, or one that is recalled, or, without either, silver settled by upkeep.

    Args:
        deliveries: of each the day and the rows: key, state, days from the first on which it changed.
        replaces: which of the deliveries before go, counted from the last.
        again: which of the deliveries before are refined again, with other rows.
        recalls: without deliveries, which one before is recalled; what it had replaced is in force again.
    """

    deliveries: tuple[tuple[int, tuple[tuple[str | None, str, int | None], ...]], ...]
    replaces: int | None = None
    again: int | None = None
    recalls: int | None = None


_ROW = st.tuples(st.sampled_from(["a", "b", "c", None]), st.sampled_from(["new", GONE]), st.integers(0, 6) | st.none())
_DELIVERY = st.tuples(st.integers(0, 4), st.lists(_ROW, max_size=4).map(tuple))
STEPS = st.builds(
    Step,
    st.lists(_DELIVERY, min_size=0, max_size=2).map(tuple),
    st.none() | st.integers(0, 3),
    st.none() | st.integers(0, 3),
    st.none() | st.integers(0, 3),
)
"""Steps, for hypothesis."""


class History:
    """A feed as its deliveries come, and what of it must be in silver."""

    def __init__(self, bench: Workbench, way: str) -> None:
        self.bench = bench
        columns = column("key", "string"), column("state", "string"), column("changed", "date", format="yyyyMMdd")
        self.contract = contract_of(*columns, feed=f"ordered{next(_NUMBERS)}", write=WRITES[way])
        self.rows: dict[int, list[Row]] = {}
        self._replaced: dict[int, tuple[int, list[Row]]] = {}
        self._last = 0

    def take(self, step: Step) -> None:
        """Do a step."""
        there = sorted(self.rows)
        if not step.deliveries:
            if step.recalls is not None and step.recalls < len(there):
                self._recall(there[-1 - step.recalls])
            elif tables.exists("silver", self.contract.table):
                settling.settle(self.bench, self.contract)
            return
        new = {}
        for day, rows in step.deliveries:
            self._last += 1
            new[self._last] = self._rows(self._last, FIRST_DAY + timedelta(day), rows)
        gone = set()
        if step.replaces is not None and step.replaces < len(there):
            old = there[-1 - step.replaces]
            gone = {old}
            self._replaced[min(new)] = old, self.rows[old]
        elif step.again is not None and step.again < len(there):
            again = there[-1 - step.again]
            day, rows = step.deliveries[0]
            new = {again: self._rows(again, FIRST_DAY + timedelta(day), rows)}
        self._write(new, gone)
        self.rows = {name: rows for name, rows in self.rows.items() if name not in gone} | new

    def _recall(self, sequence: int) -> None:
        """As if the delivery had never come: it goes, and then what it had replaced is refined again."""
        write.withdraw(self.bench, self.contract, [f"d{sequence}"], f"recall of {sequence}")
        del self.rows[sequence]
        if sequence in self._replaced:
            old, rows = self._replaced.pop(sequence)
            self._write({old: rows}, set())
            self.rows[old] = rows

    def _rows(self, sequence: int, day: date, rows: tuple[tuple[str | None, str, int | None], ...]) -> list[Row]:
        return [
            Row(key, state, None if changed is None else FIRST_DAY + timedelta(changed), day, sequence, number)
            for number, (key, state, changed) in enumerate(rows, start=2)
        ]

    def _write(self, new: dict[int, list[Row]], gone: set[int]) -> None:
        rows = [row for of_delivery in new.values() for row in of_delivery]
        records = [(r.key, r.state, r.changed, f"d{r.sequence}", r.number, r.day, r.sequence) for r in rows]
        schema = "key string, state string, changed date, _delivery_id string, _row_number long, _business_date date"
        frame = self.bench.spark.createDataFrame(records, f"{schema}, _delivery_sequence long")
        for name in ("_warnings", "_notes", "_rescued"):
            frame = frame.selectExpr("*", f"cast(null as {PROVENANCE[name]}) as {name}")
        names, days = frozenset(f"d{each}" for each in new), frozenset(row.day for row in rows)
        state = write.state_of("silver", self.contract)
        by = f"f{state.version}"
        batch = write.Batch(self.contract, by, names, days, frozenset(f"d{each}" for each in gone))
        write.write_silver(self.bench, frame, len(rows), batch, state)

    def expected(self, way: str) -> Validity:
        """By the oracle."""
        return ORACLES[way]([row for rows in self.rows.values() for row in rows])

    def by_engine(self) -> Validity:
        """As refine and verify read it."""
        return self.told(self.bench.read("silver", self.contract.table))

    @staticmethod
    def told(rows: DataFrame) -> Validity:
        """What rows of silver say of themselves."""
        dated = rows.selectExpr("_delivery_sequence", "_row_number", "unix_micros(_valid_from) b", *_UNTIL).collect()
        assert len({(row[0], row[1]) for row in dated}) == len(dated), "a row is read twice"
        return {(row[0], row[1]): (_day(row[2]), _day(row[3]), row[4]) for row in dated}

    def by_sql(self) -> Validity:
        """As `lake sql` reads it."""
        text = "select _delivery_sequence, _row_number, epoch_us(_valid_from) b, epoch_us(_valid_to) e, _is_current "
        rows = sql.query(f"{text} from silver.{self.contract.table}").to_pylist()
        found = {(r["_delivery_sequence"], r["_row_number"]): r for r in rows}
        assert len(found) == len(rows), "a row is read twice"
        return {place: (_day(row["b"]), _day(row["e"]), row["_is_current"]) for place, row in found.items()}


_UNTIL = ("unix_micros(_valid_to) e", "_is_current")


def _day(micros: int | None) -> date | None:
    return None if micros is None else datetime.fromtimestamp(micros / 1e6, UTC).astimezone(CITY_TIME).date()
