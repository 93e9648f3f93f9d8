"""Errors that a person reads: what happened, where, and what to do next."""

import re

_QUOTED = re.compile(r"(got \d+): .*|\s*['\"].*", re.DOTALL)
"""Where Arrow's text of an error begins to quote the file: a row at its end, or a value in quotation marks."""


class LakeError(Exception):
    """An error with its next step; the command line prints it without a traceback.

    Args:
        what: what happened, naming file, row, field or rule.
        next_step: what the reader should do.
    """

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.what}\n  next: {self.next_step}"


def without_values(error: Exception) -> str:
    """What Arrow says of a file or a cast, without the row or the value that it quotes."""
    return _QUOTED.sub(r"\1", str(error), count=1)
