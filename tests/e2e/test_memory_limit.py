"""A delivery that needs more memory than the engine may have: nobody's fault, and whole once it has it."""

from pathlib import Path

from tests.e2e import files
from tests.e2e.conftest import Lake, resting_lake
from tests.e2e.files import REGISTRY

NAME = "resident_registry_20260621.csv"
ROWS = 100_000


def test_the_limit_in_the_middle_of_a_delivery_is_no_failure_of_the_delivery(tmp_path: Path) -> None:
    given = files.registry(tmp_path, NAME, [files.registry_row(i) for i in range(ROWS)])
    with resting_lake(tmp_path / "lake", LAKE_REFINE_ENGINE="sail") as lake:
        said = lake.run("receive", "--feed", REGISTRY, str(given), check=False, LAKE_SAIL_MEMORY="40MiB")
        assert said.returncode != 0
        assert "LAKE_SAIL_MEMORY" in said.stderr
        assert states(lake) == [("parsed", None, 0)]
        lake.run("deliver", REGISTRY)
        assert states(lake) == [("committed", ROWS, 0)]
        assert lake.findings() == ""


def states(lake: Lake) -> list[tuple[str, int | None, int]]:
    """State, accepted rows and tries that failed, in the order in which they came."""
    query = "select state, json_extract(receipt, '$.accepted'), attempts from delivery order by sequence"
    return [(str(state), accepted, attempts) for state, accepted, attempts in lake.ledger(query)]
