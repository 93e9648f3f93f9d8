"""Rows of an entity's tables by id, without Spark: DuckDB over the files of the versions that the last resolution left.

A question reads some rows of tables of millions: DuckDB skips row groups by their statistics and fetches the columns of
the wanted rows only.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from deltalake import DeltaTable
from deltalake.schema import ArrayType

from expectations.entity_spec import EntitySpec
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.entities import state
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.paths import storage_options, table_uri

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
_TABLE = re.compile(r"\{(\w*)\}")
_VALUE = re.compile(r"\$(\w+)")
_OTHERWISE_IN_DUCKDB = {"timestamp": "TIMESTAMPTZ", "timestamp_ntz": "TIMESTAMP", "byte": "TINYINT"}
"""Delta's types that DuckDB knows under another name, or by this name as another type."""
_UNVERSIONED = {"decision", "erased", "record"}


class EntityTables:
    """The tables of one kind of entity, as the last complete resolution left them."""

    def __init__(self, spec: EntitySpec, connection: "duckdb.DuckDBPyConnection") -> None:
        self.spec = spec
        note = state.last_note(spec)
        if note is None:
            raise LakeError(f"{spec.entity} has never been resolved", f"lake resolve --entity {spec.entity}")
        self.note = note
        self._connection = connection
        self._open: set[str] = set()

    def rows(self, text: str, **values: Any) -> list[Row]:
        """The answer to a query as dictionaries; `{edge}` stands for the edge table, `{}` for golden records.

        Args:
            text: the query.
            values: what its `$names` stand for: whole numbers, texts, lists of them, None.
        """
        for name in set(_TABLE.findall(text)):
            self._view(name)
        named = _TABLE.sub(lambda found: f'"entity_{found[1]}"', text)
        # Not bound as parameters: to look at a value, DuckDB would import pandas, which takes longer than the query.
        found = self._connection.execute(_VALUE.sub(lambda name: _literal(values[name[1]]), named))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _view(self, name: str) -> None:
        if name in self._open:
            return
        table = f"{self.spec.entity}_{name}" if name else self.spec.entity
        delta = DeltaTable(table_uri("entities", table), self._version(name, table), storage_options())
        files = delta.file_uris()
        if not files:
            source = _no_rows(delta)
        elif settings().is_s3:
            # Imported late: PyArrow takes a fifth of a second, and files in a folder need none.
            from spark_jobs.lake.storage.arrow import dataset

            self._connection.register(f"files_{name}", dataset("entities", table, delta.version()))
            source = f'"files_{name}"'
        else:
            listed = ", ".join("'" + path.removeprefix("file://").replace("'", "''") + "'" for path in files)
            source = f"read_parquet([{listed}])"
        self._connection.execute(f'CREATE VIEW "entity_{name}" AS SELECT * FROM {source}')
        self._open.add(name)

    def _version(self, name: str, table: str) -> int | None:
        """The version that the last resolution noted, or what compaction made of it."""
        if name in _UNVERSIONED:
            return None
        return tables.unchanged_until("entities", table, self.note.versions[f"_{name}" if name else ""])

    def profiles(self, where: str, **values: Any) -> list[Row]:
        """Profiles that a condition picks, with their totals, attributes, node and id."""
        names = [attribute.name for attribute in self.spec.attributes]
        said = ", ".join(f"any_value({name}) AS {name}" for name in names)
        return self.rows(
            f"""WITH picked AS (
                SELECT profile_id, any_value(node_id) AS node_id, any_value(value) AS value,
                       sum(records)::BIGINT AS records, min(first_sequence) AS first_sequence,
                       min(first_date) AS first_date, {said}
                FROM {{profile}} WHERE {where} GROUP BY profile_id)
            SELECT p.*, m.{self.spec.id_column} AS entity_id
            FROM picked p LEFT JOIN (
                SELECT * FROM {{member}} WHERE node_id IN (SELECT node_id FROM picked)) m USING (node_id)
            ORDER BY first_sequence, profile_id""",
            **values,
        )

    def of_entity(self, entity_id: str) -> list[Row]:
        """The profiles of an entity, its oldest first."""
        nodes = self.rows(f"SELECT node_id FROM {{member}} WHERE {self.spec.id_column} = $id", id=entity_id)
        return self.profiles(f"node_id IN ({ids_of(row['node_id'] for row in nodes)})") if nodes else []

    def edges(self, where: str, **values: Any) -> list[Row]:
        """The edges that hold, of the pairs that a condition on `a`, `b`, `node_a`, `node_b` picks."""
        return self.rows(
            f"""SELECT a, b, last.node_a, last.node_b, last.rules, last.vector, last.weight FROM (
                SELECT a, b, arg_max(struct_pack(node_a := node_a, node_b := node_b, rules := rules,
                                                 vector := vector, weight := weight), revision) AS last
                FROM {{edge}} WHERE {where} GROUP BY a, b)
            WHERE last.rules <> 0 ORDER BY last.weight DESC, a, b""",
            **values,
        )

    def edges_of(self, nodes: Iterable[int]) -> list[Row]:
        """The edges that have one of these nodes on a side."""
        listed = ids_of(nodes)
        return self.edges(f"node_a IN ({listed}) OR node_b IN ({listed})")

    def edges_between(self, some: Iterable[int], others: Iterable[int]) -> list[Row]:
        """The edges from one set of nodes to another, strongest first."""
        one, other = ids_of(some), ids_of(others)
        return self.edges(f"(node_a IN ({one}) AND node_b IN ({other})) OR (node_a IN ({other}) AND node_b IN ({one}))")

    def owners(self, nodes: Iterable[int]) -> dict[int, str]:
        """Node -> id of its entity."""
        found = self.rows(
            f"SELECT node_id, {self.spec.id_column} AS id FROM {{member}} WHERE node_id IN ({ids_of(nodes)})"
        )
        return {row["node_id"]: row["id"] for row in found}

    def decisions(self) -> list[Row]:
        """All decisions, those undone too, in the order they were made."""
        return self.rows("SELECT * FROM {decision} ORDER BY decided_at, decision_id")


def _no_rows(table: DeltaTable) -> str:
    """An empty table as a query: PyArrow's way to one imports pandas."""
    columns = ", ".join(f'NULL::{_sql_type(field.type)} AS "{field.name}"' for field in table.schema().fields)
    return f"(SELECT {columns} WHERE false)"


def _sql_type(kind: Any) -> str:
    if isinstance(kind, ArrayType):
        return f"{_sql_type(kind.element_type)}[]"
    return _OTHERWISE_IN_DUCKDB.get(kind.type, str(kind.type))


def _literal(value: Any) -> str:
    """A value as SQL writes it.

    Raises:
        TypeError: it is of a kind that no question uses.
    """
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if isinstance(value, int):
        return str(int(value))
    raise TypeError(f"no SQL literal for a {type(value).__name__}")


def owner_of_profile(at: EntityTables, profile_id: int) -> str:
    """The entity that a profile is of; the profile itself where no record speaks of it."""
    rows = at.profiles("profile_id = $id", id=profile_id)
    return str(rows[0]["entity_id"]) if rows else f"(profile {profile_id})"


def ids_of(numbers: Iterable[int]) -> str:
    """Whole numbers as SQL lists them; NULL where there are none, which nothing equals."""
    return ", ".join(str(int(number)) for number in sorted(set(numbers))) or "NULL"


@contextmanager
def opened(spec: EntitySpec) -> Iterator[EntityTables]:
    """The tables of an entity for some questions.

    Raises:
        LakeError: it has never been resolved.
    """
    # Imported late: it starts a thread, which no process may have that others are forked from.
    import duckdb

    connection = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": "2"}
    )
    try:
        yield EntityTables(spec, connection)
    finally:
        connection.close()
