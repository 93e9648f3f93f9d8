"""What others than the lake's user could learn: files that are open to them, and logs that say what rows hold."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq


def open_to_others(home: Path) -> list[str]:
    """All that others could read, but for what the clerk himself has dropped."""
    ours = [path for path in (home, *home.rglob("*")) if path.relative_to(home).parts[:1] != ("inbox",)]
    return [str(path) for path in ours if not path.is_symlink() and path.stat().st_mode & 0o077]


def logs(home: Path) -> Iterator[tuple[Path, str]]:
    """What Delta's logs of all layers and the programs' own say; checkpoints and packed files unpacked."""
    for path in sorted(home.rglob("*")):
        is_log = "_delta_log" in path.parts or {"logs", "target"} & set(path.relative_to(home).parts)
        if path.is_file() and is_log:
            packed = path.suffix == ".parquet"
            yield path, str(pq.read_table(path).to_pylist()) if packed else path.read_text("utf-8", "replace")
