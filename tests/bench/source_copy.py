"""A copy of the source tree, whose contracts a benchmark may change."""

import shutil
from pathlib import Path

from spark_jobs.base.settings import PROJECT

_COPIED = ("dags", "dbt", "expectations", "infra", "spark_jobs")
_LINKED = ("infra/bin", "infra/jars/lib")
_NOT_COPIED = ("__pycache__", "bin", "lib")


def copy_source(folder: Path) -> None:
    """Copy what the lake consists of to `folder`: to be put on a command's PYTHONPATH."""
    for name in _COPIED:
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns(*_NOT_COPIED))
    shutil.copy(PROJECT / "pyproject.toml", folder)
    for name in _LINKED:
        if (PROJECT / name).exists():
            (folder / name).symlink_to((PROJECT / name).resolve())
