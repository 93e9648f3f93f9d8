"""What dbt's manifest says of models: their words, and what they are built from."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings

_CODED = re.compile(r"([0-9A-Za-z_]+)([^0-9A-Za-z_，。：；]+)")
"""A code and its word in a description: `1独居，2空巢`."""
_SILVER, _ENTITIES = "silver", "entities"


@dataclass(frozen=True)
class Inputs:
    """What a model is built from, itself and by the models between; each sorted.

    Args:
        models: base libraries and marts between.
        feeds: `agency/feed`.
        entities: kinds of entity whose resolution it reads.
        seeds: code tables and parameters.
        others: other sources, for example the ledger.
    """

    models: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Described:
    """What dbt says of a table, in Chinese and then in English.

    Args:
        text: of the table.
        columns: of each of its columns that is described, by name.
    """

    text: str
    columns: dict[str, str]


@dataclass(frozen=True)
class Models:
    """Base libraries and marts, by dbt's manifest."""

    nodes: dict[str, dict[str, Any]]
    _inputs: dict[str, Inputs] = field(default_factory=dict)

    @classmethod
    def of_last_build(cls) -> "Models":
        """The manifest that the last build left in the lake home.

        Raises:
            LakeError: nothing has been built from this home.
        """
        path = settings().home / "dbt" / "target" / "manifest.json"
        if not path.is_file():
            raise LakeError(f"there is no {path}", "build the warehouse first: lake warehouse build")
        return cls.of(path)

    @classmethod
    def of(cls, path: Path) -> "Models":
        """A manifest of dbt."""
        return cls(json.loads(path.read_bytes())["nodes"])

    def described(self, table: str) -> Described | None:
        """What is said of a model or a code table; None where dbt knows none of that name."""
        nodes = (self.nodes.get(f"{kind}.xianning_warehouse.{table}") for kind in ("model", "seed"))
        node = next(filter(None, nodes), None)
        if node is None:
            return None
        columns = {name: column["description"].strip() for name, column in node["columns"].items()}
        return Described(node["description"].strip(), columns)

    def code_tables(self) -> frozenset[str]:
        """Names of the seeds: files of the repository."""
        return frozenset(name.rpartition(".")[2] for name in self.nodes if name.startswith("seed."))

    def purpose(self, model: str) -> str:
        """In Chinese: the first line of its description."""
        return str(self._node(model)["description"].partition("\n")[0].strip())

    def meaning(self, model: str, column: str) -> str | None:
        """In Chinese: the description of a column up to the first 。; None where the model has no such column."""
        described = self._node(model)["columns"].get(column)
        return described["description"].partition("。")[0] if described else None

    def words(self, model: str, column: str) -> dict[str, str]:
        """The words of a column's codes, where its description gives them after a colon."""
        _, _, coded = (self.meaning(model, column) or "").partition("：")
        return {code: word.strip("（）() ") for code, word in _CODED.findall(coded)}

    def inputs(self, model: str) -> Inputs:
        """What a model is built from."""
        if model not in self._inputs:
            self._inputs[model] = _told(self._above(f"model.xianning_warehouse.{model}"))
        return self._inputs[model]

    def _above(self, node: str) -> set[str]:
        found: set[str] = set()
        waiting = [node]
        while waiting:
            parents = set(self.nodes.get(waiting.pop(), {}).get("depends_on", {}).get("nodes", ())) - found
            found |= parents
            waiting += parents
        return found

    def _node(self, model: str) -> dict[str, Any]:
        try:
            return self.nodes[f"model.xianning_warehouse.{model}"]
        except KeyError:
            raise LakeError(
                f"dbt's manifest has no model {model}", "build the warehouse: lake warehouse build"
            ) from None


def _told(nodes: Iterable[str]) -> Inputs:
    parts = [node.split(".") for node in sorted(nodes)]
    sources = [(part[2], part[3]) for part in parts if part[0] == "source"]
    entities = {table.removesuffix("_record").removesuffix("_member") for name, table in sources if name == _ENTITIES}
    return Inputs(
        models=tuple(part[2] for part in parts if part[0] == "model" and not part[2].startswith("stg_")),
        feeds=tuple(table.replace("__", "/", 1) for name, table in sources if name == _SILVER),
        entities=tuple(sorted(entities)),
        seeds=tuple(part[2] for part in parts if part[0] == "seed"),
        others=tuple(table for name, table in sources if name not in {_SILVER, _ENTITIES}),
    )
