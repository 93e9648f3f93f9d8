"""The models of the warehouse as dbt compiles them, each after those that it reads."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from expectations.contract.feed import FeedContract
from expectations.render.dbt import PROVENANCE
from spark_jobs.base.errors import LakeError
from spark_jobs.lake.engine.dbt_run import Dbt, last_lines
from spark_jobs.lake.silver.parts import STORED
from spark_jobs.lineage import dbt_without_tables
from spark_jobs.lineage.graph import Disclosure

_ROOT = "lake"
_SILVER = f"delta.{_ROOT}/silver/"
_EPHEMERAL = "__dbt__cte__"
_COMPILE = ("compile", "--no-introspect", "--no-populate-cache", "--select", "resource_type:model")
_PARSED = "partial_parse.msgpack"
"""What dbt has parsed of the project, as it names it: with it, it reads only what has changed."""


@dataclass(frozen=True)
class Model:
    """One model.

    Args:
        table: `layer.name`, also of one that is no table but a part of those that read it.
        sql: as dbt has compiled it; models that are no tables are named, not written out.
        columns: that its yml describes.
        disclosure: what its yml says of persons that it shows on purpose.
    """

    table: str
    sql: str
    columns: tuple[str, ...]
    disclosure: Disclosure | None

    @property
    def is_built(self) -> bool:
        """It is a table of the warehouse, not a way to read silver."""
        return not self.table.startswith("staging.")


@dataclass(frozen=True)
class Compiled:
    """All models, those that are read first, and the columns of what they read beside each other."""

    models: tuple[Model, ...]
    sources: Mapping[str, tuple[str, ...]]


def compiled(feeds: Iterable[FeedContract], folder: Path) -> Compiled:
    """Compile all models as they are where every feed is published and nothing is built yet; no engine is asked.

    Args:
        feeds: the contracts.
        folder: below which dbt works; what it has parsed stays there for the next time.

    Raises:
        LakeError: dbt does not understand a model.
    """
    parsed = folder / _PARSED
    with tempfile.TemporaryDirectory(dir=folder, prefix="dbt-") as place:
        target = Path(place) / "target"
        target.mkdir()
        if parsed.exists():
            shutil.copyfile(parsed, target / _PARSED)
        ended = Dbt(folder, Path(place), _ROOT, dbt_without_tables.__name__).run(_COMPILE, _told(feeds), {})
        if ended.returncode != 0:
            said = last_lines(ended)
            raise LakeError(f"dbt cannot compile the models: {said}", "mend what it names, then run the command again")
        (target / _PARSED).replace(parsed)
        return of_manifest(json.loads((target / "manifest.json").read_text("utf-8")))


def lend_parsed(folder: Path, target: Path) -> None:
    """Give a dbt that has parsed nothing yet what was parsed in this folder: it parses what differs."""
    if not (target / _PARSED).exists() and (folder / _PARSED).exists():
        shutil.copyfile(folder / _PARSED, target / _PARSED)


def of_manifest(manifest: Mapping[str, Any]) -> Compiled:
    """Models and sources of dbt's manifest, after `dbt compile`."""
    nodes = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    order = TopologicalSorter({key: set(node["depends_on"]["nodes"]) & nodes.keys() for key, node in nodes.items()})
    sources = dict(_sources(manifest["sources"].values()))
    for node in manifest["nodes"].values():
        if node["resource_type"] == "seed":
            sources[_table(node)] = tuple(node["config"].get("column_types") or node["columns"])
    return Compiled(tuple(_model(nodes[key]) for key in order.static_order()), sources)


def table_named(name: str) -> str:
    """The table that a name in compiled SQL means."""
    name = name.lower()
    if name.startswith(_EPHEMERAL):
        return f"staging.{name.removeprefix(_EPHEMERAL)}"
    return f"silver.{name.removeprefix(_SILVER)}" if name.startswith(_SILVER) else name


def _told(feeds: Iterable[FeedContract]) -> dict[str, Any]:
    """That of each feed some version is published, with the columns of its contract."""
    written = [name for name, _, _ in PROVENANCE]
    columns = {feed.table: [*(column.name for column in feed.columns), *written] for feed in feeds}
    published = {
        table: {"version": 0, "columns": names, "times": [], "in_parts": True, "has_endings": True}
        for table, names in columns.items()
    }
    return {"published": published, "stored_tables": []}


def _model(node: Mapping[str, Any]) -> Model:
    sql = node["compiled_code"]
    for each in node["extra_ctes"]:
        # What is written out here is a model of its own; to parse it in each that reads it takes most of the time.
        sql = sql.replace(each["sql"], f" {_EPHEMERAL}{each['id'].split('.')[-1]} as (select null)")
    stated = node["config"]["meta"].get("discloses")
    disclosure = Disclosure(stated.get("purpose", ""), tuple(stated.get("columns", ()))) if stated else None
    return Model(_table(node), sql, tuple(node["columns"]), disclosure)


def _table(node: Mapping[str, Any]) -> str:
    return f"{node['schema']}.{node.get('alias') or node['name']}"


def _sources(sources: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for each in sources:
        stored = tuple(STORED) if each["schema"] == "silver" else ()
        yield f"{each['schema']}.{each['name']}", (*each["columns"], *stored)
