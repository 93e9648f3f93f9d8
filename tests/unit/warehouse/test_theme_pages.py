"""Every theme has a page or says why not, and its figures name what the warehouse has."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.theme_pages import MODELS, Figure, Group, ThemePage, WithoutPage, load_declared, load_pages
from spark_jobs.ask.pages.models import Models
from spark_jobs.ask.pages.queries import key_columns, named_in, queries_of, query_of
from spark_jobs.ask.pages.words import TILES, counties, words_of
from tests.theme_pages import models_of_project

FIGURES = [pytest.param(figure, id=f"{page.theme}-{figure.name}") for page in load_pages() for figure in page.figures]
CHINESE = re.compile("[\u4e00-\u9fff]")
NOT_OF_CITIZENS = {"officers_with_card"}
"""Figures in 人 that count who holds an office."""


@cache
def models() -> Models:
    return models_of_project()


@cache
def accepted(model: str) -> dict[str, list[str]]:
    """The values that a model's columns may have, where its tests say so."""
    (path,) = MODELS.rglob(f"{model}.yml")
    (described,) = yaml.safe_load(path.read_text("utf-8"))["models"]
    return {column["name"]: values for column in described["columns"] for values in _accepted(column)}


def _accepted(column: dict[str, Any]) -> Iterator[list[str]]:
    for test in column.get("data_tests", []):
        if isinstance(test, dict) and "accepted_values" in test:
            yield test["accepted_values"]["arguments"]["values"]


def test_every_theme_has_a_page_or_says_why_not() -> None:
    folders = {path.name for path in (MODELS / "marts").iterdir() if path.is_dir()} | {"base"}
    assert folders == {each.theme for each in load_declared()}


def test_a_page_speaks_chinese() -> None:
    for page in load_pages():
        said = [page.title, page.department, page.summary, *(figure.title for figure in page.figures)]
        assert [text for text in said if not CHINESE.search(text)] == []
    assert all(CHINESE.search(each.no_page_because) for each in load_declared() if isinstance(each, WithoutPage))


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_names_tables_and_columns_that_are_described(figure: Figure) -> None:
    queries = list(queries_of(figure))
    assert queries
    for query in queries:
        named = named_in(query)
        assert named.tables
        described = {
            column
            for table in named.tables
            for column in models().nodes[f"model.xianning_warehouse.{table.partition('.')[2]}"]["columns"]
        }
        assert named.columns <= described


@pytest.mark.parametrize("figure", FIGURES)
def test_every_code_that_a_group_may_show_has_a_word(figure: Figure) -> None:
    for group in figure.groups:
        by = list(keys_of(figure, group))
        words = words_of(group, by, models())
        codes = [code for model, column in by for code in accepted(model).get(column, [])]
        assert [code for code in codes if not CHINESE.search(words.get(code, code)) and not is_numeral(code)] == []


def keys_of(figure: Figure, group: Group) -> Iterator[tuple[str, str]]:
    for table in named_in(query_of(figure, group)).tables:
        model = table.partition(".")[2]
        yield from ((model, column) for column in key_columns(figure, group) if models().meaning(model, column))


def is_numeral(code: str) -> bool:
    return code in "ⅠⅡⅢⅣⅤ"


@pytest.mark.parametrize("figure", FIGURES)
def test_what_counts_persons_or_households_is_declared_to(figure: Figure) -> None:
    if figure.unit in {"人", "户", "人次"} and figure.name not in NOT_OF_CITIZENS:
        assert figure.counts or figure.name in {"visitors_by_county"}, figure.name


def test_every_county_has_a_tile_of_its_own() -> None:
    assert sorted(counties().values()) == sorted(["咸安区", "嘉鱼县", "通城县", "崇阳县", "通山县", "赤壁市"])
    assert len(set(TILES.values())) == len(TILES) == len(counties())


def test_a_page_is_found_by_its_file_alone(tmp_path: Path) -> None:
    folder = tmp_path / "marts" / "archives"
    folder.mkdir(parents=True)
    stated = {
        "title": "档案",
        "department": "市档案馆",
        "summary": "馆藏",
        "figures": [
            {"name": "files", "title": "案卷", "unit": "卷", "measure": {"model": "mart_a", "value": "count(*)"}}
        ],
    }
    (folder / "page.yml").write_text(yaml.safe_dump(stated, allow_unicode=True), "utf-8")
    (page,) = load_pages(tmp_path)
    assert (page.theme, page.figures[0].name) == ("archives", "files")


@pytest.mark.parametrize(
    ("figure", "says"),
    [
        pytest.param({"name": "a"}, "a question or a measure", id="neither"),
        pytest.param(
            {"question": "sales_by_month", "measure": {"model": "m", "value": "1"}}, "one of them", id="two definitions"
        ),
        pytest.param({"question": "what_is_love"}, "no question what_is_love", id="nobody's question"),
        pytest.param(
            {"name": "a", "measure": {"model": "m", "value": "1"}, "groups": [{"title": "按什么"}]},
            "a question's own",
            id="a group by nothing",
        ),
    ],
)
def test_a_figure_has_one_definition(figure: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Figure.model_validate({"title": "数", "unit": "个", **figure})


@pytest.mark.parametrize("other", [{"name": "b"}, {"title": "别的"}], ids=["title", "name"])
def test_no_two_figures_of_a_page_have_one_name_or_title(other: dict[str, str]) -> None:
    figure = Figure.model_validate({"title": "数", "unit": "个", "question": "sales_by_month"})
    with pytest.raises(ValueError, match="one name or title"):
        ThemePage(
            theme="a", title="页", department="局", summary="要", figures=(figure, figure.model_copy(update=other))
        )
