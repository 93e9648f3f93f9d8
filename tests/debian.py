"""Debian's packages of real parts that tests talk to."""

import os
import shutil
import subprocess
from pathlib import Path


def installed(program: Path, package: str) -> bool:
    """Whether the program is there, after Debian's package was asked for where that is needed and possible."""
    if not program.exists() and os.geteuid() == 0 and shutil.which("apt-get"):
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", package]):
            subprocess.run(["apt-get", *command], env=env, capture_output=True, check=False)
    return program.exists()
