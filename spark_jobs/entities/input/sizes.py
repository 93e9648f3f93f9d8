"""How many records files hold, without reading them: enough to choose what resolves them."""

from pathlib import Path

import pyarrow.dataset as ds

_BLOCK = 1 << 24


def about(files: list[Path]) -> int:
    """The records of all files: exactly those of Parquet, of CSV the lines; what is not there has none."""
    return sum(_rows(path) for path in files if path.exists())


def _rows(path: Path) -> int:
    if path.is_dir() or path.suffix == ".parquet":
        return int(ds.dataset(path, format="parquet").count_rows())
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))
