"""Errors that a person reads: what happened, where, and what to do next."""


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
