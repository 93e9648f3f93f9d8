"""What the log of a program says at its end, for whoever is told that it failed."""

import os


def last_lines(log: os.PathLike[str], count: int = 8) -> str:
    """The end of a log file, for an error message."""
    try:
        with open(log, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            return "\n    ".join(["", *(line.rstrip() for line in file.readlines()[-count:])])
    except FileNotFoundError:
        return "nothing was logged"
