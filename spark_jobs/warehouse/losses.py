"""What a build may not lose: rows that a table must keep of those that it had."""

from collections.abc import Collection, Mapping, Sequence
from math import ceil

from expectations.row_floors import most_lost
from spark_jobs.base.errors import LakeError
from spark_jobs.lake.sail.dbt_tables import TOO_FEW
from spark_jobs.warehouse.dbt_run import Result, name_of
from spark_jobs.warehouse.standing import Standing

_FEW = 100
"""Of fewer rows a share says little: two hits of five are three that were mended."""


def floors(before: Mapping[str, Standing], accepted: Collection[str] = ()) -> dict[str, int]:
    """Rows that each table must have after a build, by `layer.table`; tables that may lose all have none.

    Args:
        before: the tables as they stand before it.
        accepted: tables that may lose what they lose, by `layer.table` or by name.

    Raises:
        LakeError: an accepted table is none.
    """
    names = {name: name.partition(".")[2] for name in before}
    unknown = sorted(set(accepted) - names.keys() - set(names.values()))
    if unknown:
        raise LakeError(
            f"no base library or mart is called {', '.join(unknown)}",
            "lake sql 'show tables' lists those that are there",
        )
    kept = {
        name: ceil(standing.rows * (1 - most_lost(name)))
        for name, standing in before.items()
        if standing.rows >= _FEW and not {name, names[name]} & set(accepted)
    }
    return {name: rows for name, rows in kept.items() if rows}


def stopped(results: Sequence[Result]) -> list[str]:
    """Models that the engine's writer did not let through, for they would have lost too much."""
    return [name_of(each) for each in results if TOO_FEW in (each["message"] or "")]


def below(least: Mapping[str, int], after: Mapping[str, Standing]) -> list[str]:
    """Tables that have fewer rows than they must."""
    return sorted(name for name, rows in least.items() if name in after and after[name].rows < rows)


def refused(lost: Sequence[str], before: Mapping[str, Standing], back: Sequence[str]) -> LakeError:
    """What a build says that has lost too much."""
    by_name = {name.partition(".")[2]: name for name in before}
    had = [by_name.get(each, each) for each in lost]
    told = ", ".join(f"{name} ({before[name].rows:,} rows, may lose {most_lost(name):.0%})" for name in had)
    options = " ".join(f"--accept-loss {name}" for name in had)
    replaced = f", {len(back)} of them put back" if back else ""
    return LakeError(
        f"the build would take too many rows from {told}; all tables are as they were before it{replaced}",
        f"find out what is missing (lake systems, lake scores); if it is right: lake warehouse build {options}",
    )
