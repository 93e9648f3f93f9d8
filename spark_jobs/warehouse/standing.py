"""Tables of the warehouse as they stand: their versions and rows by the Delta log, and back to a version."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import cast

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.lake.storage import delta_commits, tables
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.delta_commits import Signed
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.stored import stored_tables

LAYERS: tuple[Layer, ...] = ("base", "restricted", "marts")
"""Of which rows are counted and versions are kept; code tables are files of the repository."""
_RESTORED = Signed("restored")


@dataclass(frozen=True)
class Standing:
    """A table at one moment."""

    version: int
    rows: int

    def document(self) -> dict[str, int]:
        """For the ledger."""
        return asdict(self)


Tables = dict[str, Standing]
"""By `layer.table`."""


def now() -> Tables:
    """The tables that storage holds."""
    filesystem, root = lake_filesystem(settings())
    return {
        f"{layer}.{table}": _standing(layer, table)
        for layer in LAYERS
        for table in stored_tables(filesystem, root, layer)
    }


def versions_of(layer: Layer) -> dict[str, int]:
    """The newest version of each table of a layer."""
    return {table: tables.version(layer, table) for table in stored_tables(*lake_filesystem(settings()), layer)}


def is_at(layer: Layer, table: str, version: int) -> bool:
    """The table has the rows that it had at that version, whatever maintenance has made of its files since."""
    if not tables.exists(layer, table):
        return False
    return tables.unchanged_until(layer, table, version) == tables.version(layer, table)


def stands(name: str, version: int) -> bool:
    """The same of a `layer.table`."""
    return is_at(*parted(name), version)


def put_back(wanted: Mapping[str, int]) -> list[str]:
    """Give tables the rows and columns of a version again, in a new one; gives those that had others.

    Raises:
        LakeError: a version's files are gone.
    """
    back = []
    for name, version in wanted.items():
        if stands(name, version):
            continue
        layer, table = parted(name)
        try:
            delta_commits.restore(layer, table, version, _RESTORED)
        except Exception as error:
            raise LakeError(
                f"{name} cannot go back to version {version}: its files are gone ({type(error).__name__})",
                "upkeep keeps them for a week; lake warehouse build makes the table anew",
            ) from error
        back.append(name)
    return back


def parted(name: str) -> tuple[Layer, str]:
    """Layer and table of a `layer.table`."""
    layer, _, table = name.partition(".")
    return cast(Layer, layer), table


def _standing(layer: Layer, table: str) -> Standing:
    found = delta_commits.opened(layer, table)
    return Standing(int(found.version()), int(found.count()))
