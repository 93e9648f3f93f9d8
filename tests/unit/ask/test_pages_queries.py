"""A figure's queries all come from its one definition."""

import pytest

from expectations.theme_pages import Figure
from spark_jobs.ask.pages import queries
from spark_jobs.ask.pages.queries import definition_of, key_columns, named_in, queries_of
from spark_jobs.base.errors import LakeError


def figure(**stated: object) -> Figure:
    return Figure.model_validate({"name": "a", "title": "数", "unit": "个", **stated})


def asking(monkeypatch: pytest.MonkeyPatch, query: str, **stated: object) -> Figure:
    monkeypatch.setattr(queries, "_asked", lambda _: query)
    return figure(question="sales_by_month", **stated)


def test_a_measure_is_counted_as_a_whole_and_by_a_key() -> None:
    found = definition_of(figure(measure={"model": "mart_x__y", "value": "sum(n)", "where": "is_open"}))
    assert found.by() == "select\n  sum(n) as figure\nfrom marts.mart_x__y\nwhere is_open"
    assert found.by("county_code").endswith("where is_open\ngroup by 1")
    assert found.by("day", 31).endswith("group by 1\norder by 1 desc\nlimit 31")


def test_a_ratio_tells_how_many_it_is_of_and_divides_by_nought_to_nothing() -> None:
    found = definition_of(figure(measure={"model": "base_x", "value": "sum(a)", "per": "sum(b)"})).by()
    assert "1.0 * (sum(a)) / nullif(sum(b), 0) as figure" in found
    assert "sum(a) as part" in found
    assert "sum(b) as whole" in found
    assert "from base.base_x" in found


def test_a_question_is_asked_by_another_key_with_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    query = (
        "select -- of what, and how many\n concat(a, ', from', b), 100.0 * sum(greatest(n, 0)) / sum(m) "
        "from marts.x where kind in (select kind from marts.y) group by 1 having sum(m) > 0"
    )
    found = definition_of(asking(monkeypatch, query))
    assert found.figure == "100.0 * sum(greatest(n, 0)) / sum(m)"
    assert found.source == "marts.x"
    assert found.where == "kind in (select kind from marts.y)"


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("select 'a', sum(n) from marts.x union all select 'b', sum(m) from marts.x", id="union"),
        pytest.param("with x as (select 1 as n) select 'a', sum(n) from x", id="with"),
        pytest.param("select 1", id="of no table"),
    ],
)
def test_a_question_of_several_parts_is_not_asked_by_another_key(monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    with pytest.raises(LakeError, match="no single SELECT"):
        definition_of(asking(monkeypatch, query))


def test_a_question_of_several_parts_is_shown_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    union = "select 'a', sum(n) from marts.x union all select 'b', sum(m) from marts.x"
    stated = asking(monkeypatch, union, has_total=False, groups=[{"title": "按什么"}])
    assert list(queries_of(stated)) == [union]
    assert key_columns(stated, stated.groups[0]) == frozenset()


def test_a_group_is_by_the_columns_before_the_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    stated = asking(
        monkeypatch, "select kind, sum(n) from marts.x where state = '1' group by 1", groups=[{"title": "按"}]
    )
    assert key_columns(stated, stated.groups[0]) == {"kind"}


def test_names_in_a_query_are_read_as_the_engine_reads_them() -> None:
    found = named_in("select t.a, count(*) filter (where b = 'c') from marts.x as t where d in (select e from base.y)")
    assert found.tables == {"marts.x", "base.y"}
    assert found.columns == {"a", "b", "d", "e"}
