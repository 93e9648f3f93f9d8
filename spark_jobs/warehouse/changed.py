"""What has changed since the last build of everything, so that a build makes what follows from it and nothing else.

A model is a function of what it reads: silver at published versions, tables of entity resolution, the ledger's
deliveries, tokens, and the code; none asks what day it is. Where all of it is what the last build read, and the tables
stand as that build left them, building a table again would give the same rows.

Most models read who is who. Of resolution it is asked more closely: a model reads the mentions of some feeds, and of an
entity some columns (`entity_changes`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spark_jobs import ledger_table
from spark_jobs.base.logs import logger
from spark_jobs.control import warehouse_builds
from spark_jobs.control.schema import WarehouseBuild
from spark_jobs.lake.storage import tables
from spark_jobs.lineage.whole import code_mark
from spark_jobs.release import tokens
from spark_jobs.warehouse import entity_changes, standing
from spark_jobs.warehouse.change import Change, views_read_by

_FOLLOWS_FROM = (
    *("dbt/**/*.sql", "dbt/**/*.yml", "dbt/**/*.csv", "expectations/**/*.yml", "expectations/**/*.py"),
    *("spark_jobs/warehouse/*.py", "spark_jobs/release/*.py", "spark_jobs/ledger_table.py", "spark_jobs/lake/**/*.py"),
    "infra/python/requirements.lock",
)
"""Code that decides what rows a table has, or what of them is released; rather too much of it than too little."""
log = logger("warehouse")
_TOKENS = f"restricted.{tokens.TABLE}"


@dataclass(frozen=True)
class Since:
    """What has changed since a build of everything.

    Args:
        number: of that build.
        changes: none where a build would change nothing.
    """

    number: int
    changes: tuple[Change, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of what has changed."""
        return tuple(each.name for each in self.changes)

    def selection(self) -> list[str]:
        """Arguments of dbt: all that is made of what has changed, and every test that reads any of it.

        And the views that any of it reads: Sail is told of tables alone, and forgets a view with its session.
        """
        made = list(dict.fromkeys(name for each in self.changes for name in each.made))
        return ["--select", *made, *map(views_read_by, made)]


def read_now() -> dict[str, Any]:
    """What a build reads beside silver and entities, for its note: the code, and the ledger's version."""
    return {"code": code_mark(_FOLLOWS_FROM), "ledger": tables.version("reference", ledger_table.TABLE)}


def since_last_build(published: Mapping[str, int], entities: Mapping[str, int], now: Mapping[str, Any]) -> Since | None:
    """What has changed since the last build; None where that does not tell what must be made, which the log says.

    That is: there is none, it was of a selection or restored, the code was another, or a table is not what it left.

    Args:
        published: silver table -> version that a build reads now.
        entities: table of entity resolution -> its newest version.
        now: what it reads beside them, as `read_now` has it.
    """
    noted = warehouse_builds.builds()
    because = why_everything(noted, now)
    if because is not None:
        log.info("everything is built", because=because)
        return None
    last = noted[0]
    return Since(last.number, tuple(_changed(last, published, entities)))


def why_everything(noted: Sequence[WarehouseBuild], now: Mapping[str, Any]) -> str | None:
    """Why the noted builds, newest first, do not tell what must be made; None where the last one does."""
    last = noted[0] if noted else None
    if last is None or last.selection is not None or last.inputs is None:
        return "no build of everything is the last one noted"
    if last.inputs["code"] != now["code"]:
        return f"models, contracts or what builds them are others than those of build {last.number}"
    moved = next((name for name, version in _left_by(last) if not standing.stands(name, version)), None)
    return None if moved is None else f"{moved} is not as build {last.number} left it"


def _changed(last: WarehouseBuild, published: Mapping[str, int], entities: Mapping[str, int]) -> Iterator[Change]:
    for table in sorted({*published, *last.published}):
        if published.get(table) != last.published.get(table):
            yield Change.of_source("silver", table)
    yield from entity_changes.since(last.entities, entities)
    if not standing.is_at("reference", ledger_table.TABLE, (last.inputs or {})["ledger"]):
        yield Change.of_source("ledger", ledger_table.TABLE)
    if _TOKENS not in last.tables or not standing.stands(_TOKENS, last.tables[_TOKENS]["version"]):
        yield Change.of_source("tokens", tokens.TABLE)


def _left_by(build: WarehouseBuild) -> Iterator[tuple[str, int]]:
    """Tables that dbt made, with the versions that they had."""
    for name, table in build.tables.items():
        if name != _TOKENS:
            yield name, int(table["version"])
