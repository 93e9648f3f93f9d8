"""Publish what may be shown of marts that count persons: from `restricted` to `marts`, where every analyst reads."""

from collections.abc import Collection

import pyarrow as pa

from expectations.protection import IS_SUPPRESSED, Cells, CountsNobody, load_protections
from spark_jobs.base.logs import logger
from spark_jobs.base.settings import settings
from spark_jobs.lake.storage import delta_commits, tables
from spark_jobs.lake.storage.arrow import dataset, lake_filesystem
from spark_jobs.lake.storage.delta_commits import Signed
from spark_jobs.release.cells import Whole, released

_SIGNED = Signed("released")
log = logger("release")


def publish(anew: Collection[str] | None = None) -> list[str]:
    """Write the released rows of each mart that is built; give the names of those that were withdrawn from `marts`.

    Args:
        anew: marts of which `restricted` has other rows than those released last; None where that is not known.

    A table of `marts` that is no release of a mart of persons, but bears its name, was built before the mart was
    protected, or is of persons alone: it goes, with its earlier versions.
    """
    withdrawn = [
        name for name, each in load_protections().items() if not isinstance(each, CountsNobody) and _drop(name)
    ]
    for name, each in load_protections().items():
        if isinstance(each, Cells) and tables.exists("restricted", name) and _is_due(name, each, anew):
            delta_commits.put("marts", name, _released(name, each), _SIGNED)
    if withdrawn:
        log.info("withdrawn", marts=withdrawn)
    return withdrawn


def _is_due(name: str, cells: Cells, anew: Collection[str] | None) -> bool:
    """What is shown of a mart depends on its rows, and on those of the one within whose persons its own are."""
    return anew is None or name in anew or cells.within in anew


def _released(name: str, cells: Cells) -> pa.Table:
    whole = None
    if cells.within is not None and tables.exists("restricted", cells.within):
        around = load_protections()[cells.within]
        whole = Whole(_exact(cells.within, around), around) if isinstance(around, Cells) else None
    return released(_exact(name, cells), cells, whole)


def _exact(name: str, cells: Cells) -> pa.Table:
    columns = [*cells.by, *dict.fromkeys((cells.persons, *cells.counts, *cells.sums))]
    return dataset("restricted", name).to_table(columns)


def _drop(name: str) -> bool:
    if not tables.exists("marts", name) or IS_SUPPRESSED in tables.columns("marts", name):
        return False
    filesystem, root = lake_filesystem(settings())
    filesystem.delete_dir(f"{root}/marts/{name}")
    return True
