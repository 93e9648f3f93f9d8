"""A lake home whose commands find their imports done, as below `lake up`."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from spark_jobs.base.settings import PROJECT


@contextmanager
def warm(env: Mapping[str, str], project: Path = PROJECT) -> Iterator[None]:
    """With a resident process for `lake` commands of an environment.

    Args:
        env: of the commands; it names the lake home.
        project: the tree of source that they run.
    """
    _keeper(env, project, "start")
    try:
        yield
    finally:
        _keeper(env, project, "stop")


def _keeper(env: Mapping[str, str], project: Path, act: str) -> None:
    program = (
        "from infra.warm import keeper; from spark_jobs.base.privacy import keep_private; "
        f"keep_private(); keeper.{act}()"
    )
    own = {**env, "PYTHONPATH": str(project)}
    subprocess.run([sys.executable, "-P", "-c", program], env=own, cwd=project, check=True)
