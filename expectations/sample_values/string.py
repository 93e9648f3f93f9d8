"""Texts."""

from expectations.sample_values.asked import Asked


def sample(asked: Asked) -> str:
    """Text; what is called a number or code gets one."""
    if asked.column.name.endswith(("_number", "_code", "_id")):
        return f"H{asked.number:011d}"
    return f"样例{asked.number}"
