"""What must hold of a table, as quality checks of ODCS 3.2.0; `${object}` stands for the table."""

from typing import Any

from expectations.contract.feed import Column, FeedContract, Rule, Total
from expectations.dimensions import TITLES, Dimension
from expectations.domain_types import Breach
from expectations.severity import Severity

_SEVERITIES = {Severity.HALT: "critical", Severity.REJECT: "error", Severity.WARN: "warning"}
_NOT_IN_ODCS = {Dimension.ACCESSIBILITY}
"""The standard lists seven dimensions; this is none of them."""


def of_column(column: Column, contract: FeedContract) -> list[dict[str, Any]]:
    """Checks of one column: filled in as agreed, codes of the table, and all that its type can have wrong."""
    found = []
    share = 1.0 if column.required else contract.checks.fill_rate.get(column.name)
    if share is not None:
        empty: dict[str, float] = (
            {"mustBe": 0} if column.required else {"mustBeLessOrEqualTo": round(100 * (1 - share), 4)}
        )
        check = {"type": "library", "metric": "nullValues", "unit": "percent", **empty}
        found.append({"name": f"{column.name}_is_filled", "dimension": "completeness", **check})
    if column.values:
        codes = {"arguments": {"validValues": list(column.values)}, "mustBe": 0, "unit": "rows"}
        check = {"type": "library", "metric": "invalidValues", **codes}
        found.append({"name": f"{column.name}_is_listed", "dimension": "conformity", **check})
    return found + [_breach(code, breach, column) for code, breach in column.domain.breaches.items()]


def of_table(contract: FeedContract) -> list[dict[str, Any]]:
    """Checks of the whole: the number of rows, one current row a key, rules of rows, totals."""
    rows = contract.checks.rows
    count = {"name": "rows_per_delivery", "type": "library", "metric": "rowCount", "dimension": "completeness"}
    found: list[dict[str, Any]] = [{**count, "unit": "rows", **_bounds(rows.min, rows.max)}]
    if contract.write.key:
        once = {"type": "library", "metric": "duplicateValues", "arguments": {"properties": list(contract.write.key)}}
        found.append({"name": "one_current_row_a_key", "dimension": "uniqueness", **once, "mustBe": 0, "unit": "rows"})
    found += [_rule(rule, contract) for rule in contract.rules]
    return found + [_total(total) for total in contract.checks.totals]


def _breach(code: str, breach: Breach, column: Column) -> dict[str, Any]:
    severity = column.severities.get(code, breach.severity)
    return {"name": code, "type": "text", **_said(breach.message, breach.fix, severity, breach.dimension)}


def _rule(rule: Rule, contract: FeedContract) -> dict[str, Any]:
    breach = contract.breaches()[rule.name]
    broken = " ".join(f"select count(*) from ${{object}} where not coalesce(({rule.sql}), false)".split())
    said = _said(rule.message, rule.fix, rule.severity, breach.dimension)
    return {"name": rule.name, "type": "sql", "query": broken, "mustBe": 0, "unit": "rows", **said}


def _total(total: Total) -> dict[str, Any]:
    low, high = total.min, total.max
    query = " ".join(f"select {total.sql} from ${{object}}".split())
    said = {"description": total.message, "severity": _SEVERITIES[total.severity], "dimension": "accuracy"}
    return {"name": total.name, "type": "sql", "query": query, **_bounds(low, high), **said}


def _bounds(low: float | None, high: float | None) -> dict[str, Any]:
    """One operator: the standard takes exactly one."""
    if low is not None and high is not None:
        return {"mustBe": low} if low == high else {"mustBeBetween": [low, high]}
    if high is not None:
        return {"mustBeLessOrEqualTo": high}
    return {"mustBeGreaterOrEqualTo": low} if low is not None else {"mustNotBe": None}


def _said(message: str, fix: str, severity: Severity, dimension: Dimension) -> dict[str, Any]:
    found: dict[str, Any] = {"description": f"{message}。{fix}", "severity": _SEVERITIES[severity]}
    if dimension not in _NOT_IN_ODCS:
        found["dimension"] = dimension.value
    return {**found, "tags": [TITLES[dimension]]}
