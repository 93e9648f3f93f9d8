"""Start dbt over the project of the warehouse, in a process of its own, which ends with this one."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spark_jobs.base.settings import PROJECT
from spark_jobs.lake.engine import dbt_child, dbt_warm

DBT_PROJECT = PROJECT / "dbt"


@dataclass(frozen=True)
class Dbt:
    """A dbt.

    Args:
        folder: that is there, in which it works.
        writes: that is there, where its target and its logs are.
        root: where the layers of the lake are, as models name them.
        program: `dbt_child`, or a module that does more before it.
        target: of profiles.yml; each has its own folder of what dbt has parsed.
    """

    folder: Path
    writes: Path
    root: str
    program: str = dbt_child.__name__
    target: str = "lake"

    def run(
        self, arguments: Sequence[str], told: Mapping[str, Any], reached: Mapping[str, str]
    ) -> "subprocess.CompletedProcess[str]":
        """Run it with these arguments.

        Args:
            arguments: of dbt.
            told: what models are told, see the macro `told`.
            reached: the environment that an engine gives.
        """
        arguments = ["--no-use-colors", *arguments]
        environment = os.environ | self._environment() | dict(reached) | {dbt_child.PARENT: str(os.getpid())}
        waiting = dbt_warm.lent() if self.program == dbt_child.__name__ else None
        if waiting is not None:
            return waiting.run(arguments, environment, self.folder, json.dumps(told))
        return subprocess.run(
            [sys.executable, "-m", self.program, *arguments],
            env=environment,
            # Of thousands of feeds it is more than a variable that is handed to a program may hold.
            input=json.dumps(told),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def _environment(self) -> dict[str, str]:
        return {
            "LAKE_SPARK_ROOT": self.root,
            "DBT_PROJECT_DIR": str(DBT_PROJECT),
            "DBT_PROFILES_DIR": str(DBT_PROJECT),
            "DBT_TARGET": self.target,
            "DBT_TARGET_PATH": str(self.writes / target_name(self.target)),
            "DBT_LOG_PATH": str(self.writes / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            # Whatever the operator's shell says: only the runner's own option replaces what is incremental.
            "DBT_FULL_REFRESH": "false",
        }


def target_name(target: str) -> str:
    """The folder in which dbt keeps what it has parsed and what it says."""
    return "target" if target == "lake" else f"target-{target}"


def last_lines(ended: "subprocess.CompletedProcess[str]") -> str:
    """What a dbt said at its end."""
    lines = (ended.stdout or ended.stderr).splitlines()
    return " ".join(line.strip() for line in lines[-6:])[:600]
