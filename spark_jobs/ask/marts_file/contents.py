"""What analysts are given: which tables, of which build, with which words and which questions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from expectations.protection import CELL, IS_SUPPRESSED, Cells, load_protections
from expectations.questions import Question, load_questions
from spark_jobs.ask import sql
from spark_jobs.ask.pages.holes import LEDGER, OF_LEDGER
from spark_jobs.ask.pages.models import Described, Models
from spark_jobs.ask.pages.queries import named_in
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.control import warehouse_builds
from spark_jobs.control.schema import WarehouseBuild
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.stored import stored_tables

_RELEASED = {
    CELL: "单元格的编码；* 表示该列不再区分。Codes of the cell; * where a column tells rows no longer apart.",
    IS_SUPPRESSED: "是否因不足十人而归并。Whether it was put together with others, being of fewer than ten persons.",
}
"""Columns that a released mart has besides those that its model describes."""


@dataclass(frozen=True)
class Given:
    """A table that is given.

    Args:
        layer: marts or reference.
        name: of the table.
        version: at which it is read.
        described: its words.
    """

    layer: Layer
    name: str
    version: int
    described: Described


@dataclass(frozen=True)
class Contents:
    """All that is given.

    Args:
        build: number of the build that left the marts.
        built_at: when.
        data_until: newest business date of a delivery that is in the marts; None where nothing came.
        tables: marts, then code tables, each sorted by name.
        questions: those that these tables answer.
        left_out: tables of `marts` that are not given, as nothing says that they may be shown.
    """

    build: int
    built_at: datetime
    data_until: date | None
    tables: tuple[Given, ...]
    questions: tuple[Question, ...]
    left_out: tuple[str, ...]


def contents() -> Contents:
    """What the last build that passed left, though a build may be under way or have failed since.

    Raises:
        LakeError: no build of the warehouse has passed, or it left no marts.
    """
    models, build = Models.of_last_build(), _last_build()
    stood = {name.removeprefix("marts."): each for name, each in build.tables.items() if name.startswith("marts.")}
    found = [_mart(name, int(each["version"]), models) for name, each in sorted(stood.items())]
    marts = [each for each in found if each is not None]
    if not marts:
        raise LakeError(f"build {build.number} left no marts", "build them: lake warehouse build")
    given = (*marts, *_code_tables(models))
    names = {f"{each.layer}.{each.name}" for each in given}
    return Contents(
        build=build.number,
        built_at=build.built_at,
        data_until=_data_until({feed for mart in marts for feed in models.inputs(mart.name).feeds}),
        tables=given,
        questions=tuple(each for each in load_questions() if named_in(each.query).tables <= names),
        left_out=tuple(sorted(stood.keys() - {mart.name for mart in marts})),
    )


def _last_build() -> WarehouseBuild:
    noted = warehouse_builds.builds()
    if not noted:
        raise LakeError("no build of the warehouse has passed", "build it first: lake warehouse build")
    return noted[0]


def _mart(name: str, version: int, models: Models) -> Given | None:
    """The mart; None where nothing says that `marts` may show it, as of a model that is gone or was protected since."""
    protection, described = load_protections().get(name), models.described(name)
    if protection is None or described is None or "marts" not in protection.layers:
        return None
    if not tables.exists("marts", name):
        return None
    # As the build left it, in the files that maintenance has made of it since.
    version = tables.unchanged_until("marts", name, version)
    if isinstance(protection, Cells):
        if IS_SUPPRESSED not in tables.columns("marts", name, version):
            return None
        described = Described(described.text, described.columns | _RELEASED)
    return Given("marts", name, version, described)


def _code_tables(models: Models) -> list[Given]:
    """Those of `reference` that are files of the repository; not the ledger."""
    stored = set(stored_tables(*lake_filesystem(settings()), "reference"))
    found = []
    for name in sorted(models.code_tables() & stored):
        described = models.described(name) or Described("", {})
        found.append(Given("reference", name, tables.version("reference", name), described))
    return found


def _data_until(feeds: Iterable[str]) -> date | None:
    if not tables.exists("reference", LEDGER.partition(".")[2]):
        raise LakeError(f"there is no {LEDGER}", "build the warehouse first: lake warehouse build")
    rows = sql.query(OF_LEDGER).to_pylist()
    wanted = set(feeds)
    return max((row["newest"] for row in rows if row["feed"] in wanted and row["newest"]), default=None)
