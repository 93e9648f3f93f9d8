"""Whether the incremental tables are what a full build makes of the same inputs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pyarrow import fs

from expectations.protection import layer_of
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.control import warehouse_builds
from spark_jobs.control.exclusive import exclusive
from spark_jobs.lake.engine.workbench import Engine
from spark_jobs.lake.server import session
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.arrow import dataset, lake_filesystem
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.warehouse import standing
from spark_jobs.warehouse.dbt_run import BY_NAME, LEASE, DbtRun, raise_on_failure
from spark_jobs.warehouse.published import engine_over, of_versions

if TYPE_CHECKING:
    from spark_jobs.control.schema import WarehouseBuild

_SCRATCH = cast(Layer, "scratch")
"""The folder of the lake for what is gone at the end of a job, which upkeep tidies after one that was killed; the
target `anew` of dbt/profiles.yml has its incremental tables there (dbt/macros/schema_names.sql)."""
_INCREMENTAL = "config.materialized:incremental"
_ARGUMENTS = ("run", "--select", _INCREMENTAL, f"+{_INCREMENTAL},config.materialized:view")
"""Views last as long as a session."""
_BUILD_FIRST = "lake warehouse build, then again"


@dataclass(frozen=True)
class Compared:
    """An incremental table beside a full build.

    Args:
        table: `layer.table`.
        rows: that it holds.
        surplus: rows that a full build does not make.
        missing: rows that only a full build makes.
    """

    table: str
    rows: int
    surplus: int
    missing: int


def compare() -> list[Compared]:
    """Build every incremental table anew from what the last build read, beside the state, and compare all rows.

    The tables themselves are not touched; what is built is removed.

    Raises:
        LakeError: nothing is built yet, the last build was of a selection, something has changed since, or the models
            fail.
    """
    with exclusive(LEASE):
        last = _last_build()
        silver = of_versions(last.published)
        engine = engine_over(silver)
        with _scratch_tables(engine), engine.for_dbt(BY_NAME) as reached:
            results = DbtRun(_ARGUMENTS, silver, full_refresh=True, target="anew").results(reached)
            raise_on_failure(results)
            made = [
                name.partition(".")[2]
                for each in results
                if (name := each["relation_name"] or "").startswith("scratch.")
            ]
            return [compared(name) for name in _stored_as(made)]


def raise_on_difference(found: Sequence[Compared]) -> None:
    """Name the tables that differ, and how many rows.

    Raises:
        LakeError: any does.
    """
    differing = [each for each in found if each.surplus or each.missing]
    if differing:
        told = "; ".join(
            f"{each.table}: {each.surplus:,} of {each.rows:,} rows are in no full build, {each.missing:,} are missing"
            for each in differing
        )
        raise LakeError(
            f"{len(differing)} of {len(found)} incremental tables are not what a full build makes: {told}",
            "mend the model, or what changed the table beside it; then lake warehouse build --full-refresh",
        )


def _last_build() -> "WarehouseBuild":
    """The last one, whose inputs and tables are still what they were."""
    found = warehouse_builds.builds()
    if not found or found[0].selection is not None:
        raise LakeError("the last build was of a selection of models, or there is none", _BUILD_FIRST)
    last = found[0]
    expected = {f"entities.{name}": version for name, version in last.entities.items()}
    expected |= {name: each["version"] for name, each in last.tables.items()}
    changed = [name for name, version in expected.items() if not standing.stands(name, version)]
    if changed:
        shown = ", ".join(changed[:5])
        raise LakeError(f"{len(changed)} tables have changed since the last build: {shown}", _BUILD_FIRST)
    return last


@contextmanager
def _scratch_tables(engine: Engine) -> Iterator[None]:
    """No table of before stands where the block makes its own, and none of these is left."""
    _forget(engine)
    try:
        yield
    finally:
        _forget(engine)


def _forget(engine: Engine) -> None:
    if engine.needs_server:
        with session.connected("warehouse verify") as spark:
            spark.sql(f"DROP SCHEMA IF EXISTS {_SCRATCH} CASCADE")
    filesystem, root = lake_filesystem(settings())
    for each in filesystem.get_file_info(fs.FileSelector(f"{root}/{_SCRATCH}", allow_not_found=True)):
        if tables.exists(_SCRATCH, each.base_name):
            filesystem.delete_dir(each.path)


def _stored_as(made: Sequence[str]) -> list[str]:
    """Tables of these names, `layer.table`."""
    return [name for name in standing.now() if name in {f"{layer_of(model)}.{model}" for model in made}]


def compared(name: str) -> Compared:
    """A stored table, `layer.table`, beside that of its name in the lake's scratch folder."""
    layer, table = standing.parted(name)
    stored, anew = dataset(layer, table), dataset(_SCRATCH, table)
    if sorted(stored.schema.names) != sorted(anew.schema.names):
        return Compared(name, stored.count_rows(), stored.count_rows(), anew.count_rows())
    # Rows are told apart by 64 bits of each, so that a large table needs little memory.
    row = ", ".join(f'"{column}"' for column in sorted(stored.schema.names))
    at = settings()
    # Its import starts a thread, which a warm start must not have.
    import duckdb

    with duckdb.connect(
        config={"memory_limit": f"{int(at.sql_memory)}B", "threads": str(at.sql_threads)}
    ) as connection:
        connection.register("stored", stored)
        connection.register("anew", anew)
        connection.execute(f"CREATE TABLE a AS SELECT hash({row}) AS h FROM stored")
        connection.execute(f"CREATE TABLE b AS SELECT hash({row}) AS h FROM anew")
        counts = [
            connection.sql(f"SELECT count(*) FROM (FROM {one} EXCEPT ALL FROM {other})").fetchall()[0][0]
            for one, other in (("a", "b"), ("b", "a"))
        ]
    return Compared(name, stored.count_rows(), *counts)
