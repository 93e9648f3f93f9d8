"""How loud a broken expectation is."""

from enum import StrEnum


class Severity(StrEnum):
    """Three loudnesses, chosen in the contract."""

    HALT = "halt"
    """The delivery is not what we think it is: nothing of it is written, the department gets a receipt."""
    REJECT = "reject"
    """The row goes to quarantine with its reason."""
    WARN = "warn"
    """The row is accepted; the breach is counted and shown."""
