"""What refine and verify ask of an engine, each engine understands, and in the same way."""

import ast
import re
from collections.abc import Iterator

import pytest

from expectations.contract.catalogue import load_feeds
from expectations.render.suites import suite
from tests.source_tree import Module, modules

MISUNDERSTOOD = {
    "look-around": r"\(\?(?:[=!]|<[=!])",
    "an atomic group or a possessive quantifier": r"\(\?>|[*+?}]\+(?![^\[\]]*\])",
    "a back-reference": r"(?<!\\)\\[1-9]",
    "a class that is ASCII's in Java and Unicode's in Rust": r"(?<!\\)\\[sSwWdDbBhv]",
    "an end that may stand before a line break": r"[^\s($]\$$",
}
"""Of regular expressions: what Rust's engine refuses, or takes for something else than Java's."""
RAISING_CAST = re.compile(r"(?<!try_)\bcast\s*\(", re.IGNORECASE)
"""An engine may evaluate it also where a condition says that its result is not asked for."""


def faults(text: str) -> list[str]:
    return [what for what, pattern in MISUNDERSTOOD.items() if re.search(pattern, text)]


def texts(module: Module) -> Iterator[tuple[int, str]]:
    """Each text of a module with its line, docstrings left out."""
    prose = {id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


@pytest.mark.parametrize(
    "pattern", [r"(?<!a)b", r"a(?=b)", r"(?>a)", r"a++", r"(a)\1", r"\s+", r"\w", r"^[0-9]{15}$", r"^(a|b)$"]
)
def test_what_only_one_engine_takes_is_seen(pattern: str) -> None:
    assert faults(pattern)


@pytest.mark.parametrize("pattern", [r"^[0-9]{15}\z", r"^(?:\+?86)?a", r"[\t\n\x0b\u00a0]+", "[+＋]", "$1", "(?s)^a"])
def test_what_both_take_is_let_through(pattern: str) -> None:
    assert faults(pattern) == []


def test_regular_expressions_mean_the_same_to_each_engine() -> None:
    found = {
        f"{module}:{line}": faults(text)
        for module in modules("spark_jobs/refine", "spark_jobs/verify", "spark_jobs/feeds")
        for line, text in texts(module)
        if faults(text)
    }
    assert found == {}


def test_rules_and_suites_of_contracts_mean_the_same_to_each_engine() -> None:
    for feed in load_feeds():
        of_rules = {rule.name: rule.sql for rule in feed.rules}
        of_rules |= {total.name: total.sql for total in feed.checks.totals}
        quoted = {name: re.findall(r"'((?:[^'\\]|\\.)*)'", sql) for name, sql in of_rules.items()}
        quoted["suite"] = [str(each["kwargs"].get("regex", "")) for each in suite(feed)["expectations"]]
        for name, found in quoted.items():
            assert [faults(each) for each in found if faults(each)] == [], f"{feed.id}: {name}"


def test_rules_of_contracts_raise_nothing_whatever_a_row_says() -> None:
    raising = {
        f"{feed.id}: {rule.name}" for feed in load_feeds() for rule in feed.rules if RAISING_CAST.search(rule.sql)
    }
    assert raising == set(), "write try_cast"
