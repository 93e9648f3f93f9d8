"""The index of an hour is what HJ 633-2026 makes of the concentrations."""

import csv

import numpy as np
import pytest

from spark_jobs.city.world.air import BREAKPOINTS, NODES, index_of
from spark_jobs.city.world.tables import REAL

TABLE = REAL.parent / "reference" / "hj633_aqi_breakpoints.csv"


@pytest.mark.parametrize(
    ("name", "concentration", "index"),
    [
        pytest.param("PM2.5", 60, 100, id="the limit of 2026, formerly 75"),
        pytest.param("PM2.5", 61, 101, id="rounded up"),
        pytest.param("PM10", 120, 100, id="the limit of 2026, formerly 150"),
        pytest.param("SO2", 900, 200, id="sulphur dioxide of an hour ends at 200"),
        pytest.param("O3", 0, 0, id="nothing"),
    ],
)
def test_index_of_a_pollutant(name: str, concentration: float, index: int) -> None:
    assert index_of(name, np.array([concentration], np.float64)).tolist() == [index]


@pytest.mark.skipif(not TABLE.is_file(), reason=f"{TABLE} is absent")
@pytest.mark.parametrize("name", sorted(BREAKPOINTS))
def test_breakpoints_are_those_of_the_standard(name: str) -> None:
    with TABLE.open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["standard"] == "HJ 633-2026" and r["item"] == f"{name}_1H"]
    found = tuple(float(row["breakpoint"]) for row in rows)
    assert (found, tuple(int(row["iaqi"]) for row in rows)) == (BREAKPOINTS[name], NODES[: len(found)])
