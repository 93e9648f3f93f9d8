"""Codes in words: of counties, of what a column's description or a contract explains, and what a page says itself."""

import csv
import re
from collections.abc import Iterable
from functools import cache

from expectations.contract.catalogue import load_feed, load_feeds
from expectations.theme_pages import MODELS, Group
from spark_jobs.ask.pages.models import Models

_DIVISIONS = MODELS.parent / "seeds" / "xianning_divisions.csv"
TILES = {"421221": (1, 1), "421202": (1, 2), "421281": (2, 1), "421223": (2, 2), "421224": (2, 3), "421222": (3, 1)}
"""Row and column of each county in a grid that keeps who lies beside whom: 嘉鱼 in the north, 通城 south-west."""
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_PLAIN = {"unknown": "未填", "None": "未填", "True": "是", "False": "否", "421200": "市本级"}


@cache
def counties() -> dict[str, str]:
    """Code and name of the six counties, in the order of their codes."""
    with _DIVISIONS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == "3" and row["code"] in TILES]
    return {row["code"]: row["name"] for row in sorted(rows, key=lambda row: row["code"])}


def county_of(key: str | None) -> str:
    """The name of a county, or what else stands in its place."""
    return counties().get(str(key)) or _PLAIN.get(str(key)) or f"其他（{key}）"


def words_of(group: Group, columns: Iterable[tuple[str, str]], models: Models) -> dict[str, str]:
    """What the codes of a group mean: what contracts say first, then the columns' descriptions, then the page itself.

    Args:
        group: of a figure.
        columns: models and columns that its query is by.
        models: with their descriptions.
    """
    found: dict[str, str] = {}
    for model, column in columns:
        for feed in models.inputs(model).feeds:
            found |= _of_contract(feed, column)
        found |= models.words(model, column)
    if group.words_of:
        found |= _of_contract(*group.words_of.rsplit(".", 1))
    return found | group.words


def label_of(key: object, words: dict[str, str]) -> str:
    """A value of a group in words; several stand with · between them."""
    if isinstance(key, tuple):
        return " · ".join(label_of(each, words) for each in key)
    text = str(key)
    known = words.get(text) or counties().get(text) or _PLAIN.get(text)
    return known or (_departments().get(text, text) if _USCC.fullmatch(text) else text)


@cache
def _departments() -> dict[str, str]:
    """Departments by their social credit codes, as contracts name them."""
    return {each.catalogue.provider_code: each.catalogue.provider for each in load_feeds()}


def _of_contract(feed: str, column: str) -> dict[str, str]:
    found = [each.values for each in load_feed(feed).columns if each.name == column]
    # Some contracts have Chinese codes, and what the lake calls them in English.
    return {code: word for values in found if values for code, word in values.items() if _CHINESE.search(word)}
