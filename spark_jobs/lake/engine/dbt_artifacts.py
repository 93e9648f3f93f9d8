"""What dbt writes of its project beside tables, written once and quickly: otherwise a fifth of what its start costs."""

import json
from pathlib import Path
from typing import Any


def write_once(keep_standing: bool = False) -> None:
    """Have the manifest written at the end alone, not when the project is read too, and encoded in C.

    dbt gives `json.dump` a file, which takes the encoder that is written in Python: 1.1 of 5.4 CPU-seconds of a build
    of one seed.

    Args:
        keep_standing: a manifest that says what dbt has parsed is left as it is, another half of a second. It has the
            SQL that an earlier run compiled.
    """
    # The task, which writes at the end, takes the function by its name when it is imported: that has to come first.
    from dbt.artifacts.schemas import base
    from dbt.parser import manifest
    from dbt.task import runnable

    vars(manifest)["write_manifest"] = _not_yet
    vars(base)["write_json"] = _written
    if keep_standing:
        writes = vars(runnable)["write_manifest"]
        vars(runnable)["write_manifest"] = lambda parsed, folder: None if _stands(folder) else writes(parsed, folder)


def _stands(folder: str) -> bool:
    """A manifest was written after the project had been parsed as it is: dbt notes what it parses when that changes."""
    written, parsed = Path(folder) / "manifest.json", Path(folder) / "partial_parse.msgpack"
    return written.exists() and parsed.exists() and written.stat().st_mtime_ns > parsed.stat().st_mtime_ns


def _not_yet(*_given: Any, **_named: Any) -> None:
    return None


def _written(path: str, data: dict[str, Any]) -> bool:
    from dbt_common.utils.encoding import JSONEncoder

    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(data, cls=JSONEncoder), "utf-8")
    return True
