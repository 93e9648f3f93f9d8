"""What a lake has come to, so that two lakes can be compared: tables, ledger, publications, landing, outbox.

Left out is what no two runs have in common: moments, ids that are drawn, and the versions and costs of a resolution.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from tests.e2e.conftest import Lake

State = dict[str, Any]

DRAWN = {
    *("at", "closed_at", "decided_at", "undone_at", "erased_at", "decision_id", "event_hash"),
    *("guards", "inputs", "digest", "previous_digest", "_serial"),
}
"""Columns and fields that differ from run to run."""
LEDGER = "feed, state, object_key, bytes, business_date, sha256, replaces, sight, manifest, rejection, accounting"
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(\+\d{2}:\d{2})?")


def state_of(lake: Lake) -> State:
    """Everything of a lake that must be the same whether or not a process was killed on the way."""
    return {
        **{f"table {name}": rows(log.parent, None) for name, log in _logs(lake).items()},
        **{f"published {name}": content for name, content in published(lake).items()},
        "ledger": [str(row) for row in lake.ledger(f"select {LEDGER} from delivery order by object_key, sight")],
        "notices": lake.ledger("select object_key, agency, code from notice order by 1, 2, 3"),
        "landing": files_below(lake.home / "landing"),
        "outbox": files_below(lake.home / "outbox"),
        "models": files_below(lake.home / "models"),
        "models in force": files_below(lake.project / "expectations" / "entities"),
        "left over": [
            *sorted(str(path.relative_to(lake.home)) for path in lake.home.rglob("*orphan*")),
            *lake.ledger("select name from lease where name like '%orphan%'"),
        ],
    }


def published(lake: Lake) -> State:
    """Rows of each silver table at the version that readers see."""
    newest = "select feed, max(silver_version) from publication where published group by feed"
    tables = [(feed.replace("/", "__"), version) for feed, version in lake.ledger(newest)]
    return {name: rows(lake.home / "lake" / "silver" / name, version) for name, version in tables}


def rows(table: Path, version: int | None) -> list[str]:
    """Rows of a Delta table as sorted text."""
    found = DeltaTable(str(table), version=version).to_pyarrow_table()
    kept = [name for name in found.column_names if name not in DRAWN]
    return sorted(str(list(row.values())) for row in found.select(kept).to_pylist())


def _logs(lake: Lake) -> dict[str, Path]:
    found = sorted((lake.home / "lake").glob("*/*/_delta_log"))
    return {"/".join(log.parts[-3:-1]): log for log in found}


def files_below(folder: Path) -> dict[str, str]:
    """Files below a folder, with a hash of what they say but for its moments."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): _digest(path) for path in files}


def _digest(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix == ".json":
        said = json.loads(content)
        # What is pulled is received when it is asked for; a file, when its sender put it down.
        moments = {"issued_at", "received_at"} if path.name.startswith("pull_") else {"issued_at"}
        # Hashes of what has moments in it, by keys that each lake has for itself.
        moments.add("chain")
        content = json.dumps({k: v for k, v in said.items() if k not in moments}, sort_keys=True).encode()
    elif path.suffix == ".html":
        content = _MOMENT.sub("", content.decode("utf-8")).encode()
    return hashlib.sha256(content).hexdigest()
