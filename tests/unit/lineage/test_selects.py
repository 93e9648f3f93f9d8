"""What columns of a query depend on: each form of SQL that models use, by small examples."""

import pytest

from spark_jobs.lake.silver.parts import state_of
from tests.unit.lineage.drawing import columns_of, drawn, edges_of, model


@pytest.mark.parametrize(
    ("expression", "edges"),
    [
        pytest.param("county", {"shop.county": "identity"}, id="the same value"),
        pytest.param("upper(county)", {"shop.county": "transformation"}, id="a function"),
        pytest.param("sample.limit", {"shop.sample": "transformation"}, id="a field of a stored struct"),
        pytest.param("sales > 5", {"shop.sales": "transformation masked"}, id="whether it meets a condition"),
        pytest.param("county is null", {"shop.county": "transformation masked"}, id="whether it is there"),
        pytest.param(
            "if(county = '1', sales, 0)", {"shop.sales": "transformation", "shop.county": "conditional"}, id="if"
        ),
        pytest.param("case county when '1' then 'north' end", {"shop.county": "conditional"}, id="case of constants"),
        pytest.param(
            "case when sales > 5 then shop_name else county end",
            {"shop.shop_name": "transformation", "shop.county": "transformation", "shop.sales": "conditional"},
            id="case of values",
        ),
        pytest.param(
            "coalesce(county, shop_id)",
            {"shop.county": "transformation", "shop.shop_id": "transformation"},
            id="the first of several",
        ),
        pytest.param("'open'", {"shop": "rows"}, id="a constant has the rows of its table"),
        pytest.param("concat('a', county)", {"shop.county": "transformation"}, id="a constant beside a value"),
        pytest.param(
            "filter(array(county, shop_id), each -> each is not null)",
            {"shop.county": "transformation", "shop.shop_id": "transformation"},
            id="an array without what is null",
        ),
        pytest.param(
            "transform(array(struct(county, sales)), each -> each.county)",
            {"shop.county": "transformation"},
            id="a field of each struct of an array",
        ),
        pytest.param("struct(county, shop_name).county", {"shop.county": "identity"}, id="a field of a struct"),
        pytest.param(
            "(select max(v.visitor) from {visit} as v where v.shop_id = s.shop_id)",
            {"visit.visitor": "aggregation", "visit.shop_id": "filter", "shop.shop_id": "filter"},
            id="a query of its own for each row",
        ),
        pytest.param(
            "exists (select 1 from {visit} as v where v.shop_id = s.shop_id)",
            {"visit.shop_id": "filter", "shop.shop_id": "filter"},
            id="whether there is a row",
        ),
    ],
)
def test_an_expression(expression: str, edges: dict[str, str]) -> None:
    assert columns_of(f"select {expression} as it from {{shop}} as s") == {"it": edges}


@pytest.mark.parametrize(
    ("expression", "edges"),
    [
        pytest.param("sum(sales)", {"shop.sales": "aggregation"}, id="sum"),
        pytest.param("count(*)", {"shop": "aggregation"}, id="count of rows"),
        pytest.param("count(1)", {"shop": "aggregation"}, id="count of a constant"),
        pytest.param("count(distinct shop_name)", {"shop.shop_name": "aggregation masked"}, id="how many names"),
        pytest.param("count_if(sales > 5)", {"shop.sales": "aggregation masked"}, id="how many meet a condition"),
        pytest.param(
            "max_by(shop_name, opened)", {"shop.shop_name": "aggregation", "shop.opened": "sort"}, id="newest"
        ),
        pytest.param(
            "max_by(struct(shop_name, sales), struct(opened)).sales",
            {"shop.sales": "aggregation", "shop.opened": "sort"},
            id="one field of the newest",
        ),
        pytest.param(
            "sum(sales) filter (where opened is null)",
            {"shop.sales": "aggregation", "shop.opened": "conditional"},
            id="of some rows alone",
        ),
    ],
)
def test_an_aggregate(expression: str, edges: dict[str, str]) -> None:
    found = columns_of(f"select county, {expression} as it from {{shop}} group by county")
    assert found == {"county": {"shop.county": "identity"}, "it": edges}


def test_what_a_query_filters_groups_and_sorts_by_decides_its_rows() -> None:
    text = (
        "select county, sum(sales) as s from {shop} where opened is not null"
        " group by 1 having max(shop_id) > '1' order by s"
    )
    assert edges_of(text)[""] == {
        "shop": "rows",
        "shop.opened": "filter",
        "shop.county": "group_by",
        "shop.shop_id": "filter",
        "shop.sales": "sort",
    }


def test_a_join_decides_rows_and_gives_columns_of_both() -> None:
    found = edges_of("select s.*, v.visited from {shop} as s left join {visit} as v on v.shop_id = s.shop_id")
    assert found["visited"] == {"visit.visited": "identity"}
    assert found["sales"] == {"shop.sales": "identity"}
    assert found[""] == {"shop": "rows", "visit": "rows", "visit.shop_id": "join", "shop.shop_id": "join"}


def test_the_right_side_of_an_anti_join_is_not_shown() -> None:
    found = edges_of("select * from {visit} as v left anti join {shop} as s on v.shop_id = s.shop_id")
    assert [*found] == ["", "shop_id", "visited", "visitor", "guest", "amount"]
    assert found[""] == {"visit": "rows", "shop": "rows", "visit.shop_id": "join", "shop.shop_id": "join"}


def test_a_common_table_expression_is_followed_through() -> None:
    found = edges_of(
        "with busy as (select shop_id, count(*) as visits, any_value(visitor) as one from {visit} where amount > 0"
        " group by shop_id), named as (select s.shop_name, b.* from {shop} as s inner join busy as b using (shop_id))"
        " select shop_name, visits + 1 as more, one from named"
    )
    assert found["shop_name"] == {"shop.shop_name": "identity"}
    assert found["more"] == {"visit": "aggregation"}
    assert found["one"] == {"visit.visitor": "aggregation"}
    assert found[""]["visit.amount"] == "filter"
    assert found[""]["shop.shop_id"] == "join"


def test_a_union_gives_each_column_that_of_its_parts_by_place() -> None:
    found = columns_of(
        "select shop_id as id, 'shop' as kind, county as place from {shop}"
        " union all select visitor, 'visit', null from {visit}"
    )
    assert found == {
        "id": {"shop.shop_id": "identity", "visit.visitor": "identity"},
        "kind": {"shop": "rows", "visit": "rows"},
        "place": {"shop.county": "identity"},
    }


def test_a_window_decides_and_shows_what_is_in_it() -> None:
    found = columns_of(
        "select row_number() over (partition by county order by opened) as place,"
        " sum(sales) over w as so_far from {shop} window w as (partition by county order by opened)"
    )
    assert found["place"] == {"shop.county": "window", "shop.opened": "window"}
    assert found["so_far"] == {"shop.sales": "aggregation", "shop.county": "window", "shop.opened": "window"}


def test_a_struct_keeps_its_fields_apart_through_a_query() -> None:
    found = columns_of(
        "with newest as (select max_by(struct(shop_name as firm, sales), opened) as last from {shop})"
        " select n.last.firm, last.sales * 2 as twice from newest as n"
    )
    assert found == {
        "firm": {"shop.shop_name": "aggregation", "shop.opened": "sort"},
        "twice": {"shop.sales": "aggregation", "shop.opened": "sort"},
    }


def test_a_lateral_view_of_stack_takes_columns_by_place() -> None:
    found = columns_of(
        "select b.role, person from {visit} as v"
        " lateral view stack(2, 'visitor', v.visitor, 'guest', v.guest) b as role, person"
    )
    assert found == {"role": {"visit": "rows"}, "person": {"visit.visitor": "identity", "visit.guest": "identity"}}


def test_what_explode_gives_comes_of_the_array() -> None:
    found = columns_of("select reason, amount from {visit} lateral view explode(split(visited, ',')) e as reason")
    assert found["reason"] == {"visit.visited": "transformation"}


def test_a_name_that_is_given_is_no_column_that_is_read() -> None:
    assert columns_of("select upper(shop_id) as county from {shop}")["county"] == {"shop.shop_id": "transformation"}


def test_a_column_may_name_one_before_it() -> None:
    assert columns_of("select upper(county) as a, concat(a, 'x') as b from {shop}")["b"] == {
        "shop.county": "transformation"
    }


def test_the_text_of_published_silver_leads_to_the_silver_table() -> None:
    stored = "delta.`lake/silver/trade__shop` version as of 3"
    place = "cast(0 as bigint) as _delivery_sequence, cast(0 as bigint) as _row_number, cast(0 as bigint) as _serial"
    # The text reads columns of provenance; they are given here, as the small table has none of them.
    text = state_of(f"(select *, {place} from {stored})", "r.shop_name, cast(r.opened as timestamp) as opened")
    found = edges_of(f"select s.* from ({text}) as s where s._is_current")
    assert found["shop_name"] == {"shop.shop_name": "identity"}
    assert found["opened"] == {"shop.opened": "transformation"}
    assert found["_valid_to"]["shop._valid_to"] == "transformation"
    assert found[""]["shop._part"] == "filter"


def test_a_model_that_is_no_table_is_a_step_of_its_own() -> None:
    staged = model("select county from {shop}", "staging.stg_trade__shop")
    text = "with __dbt__cte__stg_trade__shop as (select null) select county as place from __dbt__cte__stg_trade__shop"
    edges, faults = drawn(staged, model(text))
    assert faults == []
    ((source, _, _),) = [edge for node, found in edges.items() if node.name == "place" for edge in found]
    assert str(source) == "staging.stg_trade__shop.county"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("select from where", "its SQL cannot be parsed: ", id="no SQL"),
        pytest.param("select shop_nmae from {shop}", "shop_nmae is no column of what is read there", id="misspelt"),
        pytest.param("select x from silver.unheard", "silver.unheard is neither a model nor a source", id="no source"),
        pytest.param(
            "select county from {shop} union all select shop_id, visited from {visit}",
            "a union of queries with different numbers of columns",
            id="two widths",
        ),
        pytest.param("select * from values (1), (2)", "reading from a values is not followed", id="not followed"),
    ],
)
def test_a_model_that_cannot_be_followed_is_named(text: str, fault: str) -> None:
    _, faults = drawn(model(text))
    assert len(faults) == 1
    assert faults[0].startswith(f"marts.mart_trade__shop cannot be followed: {fault}")


def test_a_column_behind_which_there_is_nothing_is_named() -> None:
    _, faults = drawn(model("select county, 1 as one from {shop}"), model("select 1 as one", "base.base_one"))
    assert faults == ["base.base_one.one comes from nowhere: neither a column nor the rows of a table are behind it"]
