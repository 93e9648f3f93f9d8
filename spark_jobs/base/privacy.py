"""What the lake writes is for its own user alone."""

import os

PRIVATE = 0o077
"""The umask of every process of the lake: folders 0700, files 0600, whatever the shell that started it says."""


def keep_private() -> None:
    """From here on this process and its children make files and folders that nobody else can read.

    The first call of every program of the lake.
    """
    os.umask(PRIVATE)
