"""A page says what it shows, of when, from where and what it lacks, and nothing in a row can change it."""

import re
from pathlib import Path

import pytest

from expectations.theme_pages import Figure
from spark_jobs.ask.pages import writing
from spark_jobs.ask.pages.writing import Written, write
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from tests.pages_lake import HOSTILE, figure, page_of


def written(to: Path, *figures: Figure) -> tuple[str, Written]:
    (found,) = write([page_of(*figures)], to)
    return found.path.read_text("utf-8"), found


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))


def test_a_figure_stands_with_its_unit_definition_origin_and_query(pages_lake: Path, tmp_path: Path) -> None:
    html, _ = written(tmp_path, figure(rule="GB 1"))
    text = text_of(html)
    assert "227 人" in text
    assert "口径 人数（persons）" in text
    assert "依据 GB 1" in text
    assert "发明的：按县统计。" in text
    assert "经由 base_invented" in text
    assert "其他 codes" in text
    assert "商品房" in text or "预售" in text
    assert "sum(persons) as figure from marts.mart_invented" in text


def test_the_date_is_the_newest_that_is_in_the_tables(pages_lake: Path, tmp_path: Path) -> None:
    html, _ = written(tmp_path, figure())
    assert "数据截至 2026-11-04" in text_of(html)


def test_what_came_late_or_not_at_all_is_told(pages_lake: Path, tmp_path: Path) -> None:
    html, found = written(tmp_path, figure(county="county_code"))
    holes = text_of(html[html.index('id="holes"') : html.index('id="feeds-title"')])
    assert "迟到 1 次" in holes
    assert "有报送，但没有一份入库" in holes
    assert "没有收到任何报送" in holes
    assert "没有记录的县（市、区）：嘉鱼县、通城县、通山县。" in holes
    assert found.holes == 4


def test_nothing_of_a_row_becomes_part_of_the_page(pages_lake: Path, tmp_path: Path) -> None:
    html, _ = written(tmp_path, figure(groups=[{"title": HOSTILE, "by": "kind"}]))
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;&amp;") >= 2


def test_a_page_needs_no_network_and_no_script(pages_lake: Path, tmp_path: Path) -> None:
    html, _ = written(tmp_path, figure(trend={"by": "month", "grain": "month"}, county="county_code"))
    assert re.findall(r"(?:src|href)=\"(?!#|index\.html)[^\"]*\"", html) == []
    assert "@import" not in html
    assert "url(" not in html


def test_counties_stand_in_their_order_and_others_behind_them(pages_lake: Path, tmp_path: Path) -> None:
    html, _ = written(tmp_path, figure(county="county_code"))
    table = text_of(html[html.index("<caption>按县") :])
    assert re.findall(r"(\S+) (—|[\d,]+) ", table)[:7] == [
        ("咸安区", "100"),
        ("嘉鱼县", "—"),
        ("通城县", "—"),
        ("崇阳县", "7"),
        ("通山县", "—"),
        ("赤壁市", "0"),
        ("其他（422301）", "120"),
    ]


def test_of_few_persons_neither_table_nor_map_nor_drawing_says_how_many(pages_lake: Path, tmp_path: Path) -> None:
    trend = {"by": "month", "grain": "month"}
    html, _ = written(
        tmp_path, figure(county="county_code", counts="persons", trend=trend, measure={"where": "persons < 60"})
    )
    assert "&lt;10" in html
    assert "不显示" in html
    assert not re.search(r">\s*(7|40)\s*<", html)
    assert "<svg" not in html


def test_a_share_of_few_is_not_shown_either(pages_lake: Path, tmp_path: Path) -> None:
    share = figure(value="sum(persons)", measure={"per": "sum(persons) + 50"}, unit="%", times=100, counts="persons")
    html, _ = written(tmp_path, share.model_copy(update={"county": "county_code"}))
    text = text_of(html)
    assert "81.9" not in text  # whole numbers unless the figure asks for more
    assert "82 %" in text
    assert "崇阳县 人数&lt;10" in text


def test_a_trend_is_drawn_and_described_in_words(pages_lake: Path, tmp_path: Path) -> None:
    html, _ = written(tmp_path, figure(trend={"by": "month", "grain": "month"}))
    (said,) = re.findall(r'<svg [^>]*role="img" aria-label="([^"]*)"', html)
    assert said == (
        "人数走势图，2026-09 至 2026-11：起点 40人，终点 120人，最高 120人（2026-11），最低 40人（2026-09）。"
    )
    assert "width=" not in re.findall(r"<svg [^>]*>", html)[0]


def test_codes_are_words_and_the_largest_comes_first(pages_lake: Path, tmp_path: Path) -> None:
    html, _ = written(tmp_path, figure(groups=[{"title": "按类别", "by": "kind", "words": {HOSTILE: "丙"}}]))
    table = text_of(html[html.index("<caption>按类别") :])
    assert re.findall(r"(甲|乙|丙) (\d+)", table)[:3] == [("乙", "120"), ("丙", "60"), ("甲", "47")]


def test_nought_by_nought_is_no_figure(pages_lake: Path, tmp_path: Path) -> None:
    html, _ = written(tmp_path, figure(value="sum(points) / sum(persons)", county="county_code"))
    assert "nan" not in html.lower()
    assert "赤壁市 —" in text_of(html)


def test_a_table_that_is_not_built_is_a_hole_and_no_failure(pages_lake: Path, tmp_path: Path) -> None:
    html, found = written(tmp_path, figure(), figure(name="later", title="以后的", measure={"model": "mart_not_built"}))
    assert "marts.mart_not_built 尚未生成" in html
    assert "227" in html
    assert found.failures == ()


def test_a_query_that_fails_is_told_and_keeps_no_other_figure_back(pages_lake: Path, tmp_path: Path) -> None:
    html, found = written(tmp_path, figure(), figure(name="broken", title="坏的", value="sum(nothing_of_the_kind)"))
    assert "本次未能计算" in html
    assert "227" in html
    assert [failure.partition(":")[0] for failure in found.failures] == ["invented.broken"]


def test_the_index_leads_to_every_page(pages_lake: Path, tmp_path: Path) -> None:
    write([page_of(figure())], tmp_path)
    assert '<a href="invented.html">发明</a>' in (tmp_path / "index.html").read_text("utf-8")


def test_one_theme_alone_leaves_the_index_as_it_is(pages_lake: Path, tmp_path: Path) -> None:
    write([page_of(figure())], tmp_path, with_index=False)
    assert [path.name for path in tmp_path.iterdir()] == ["invented.html"]


def test_pages_lie_below_the_lake_home(pages_lake: Path) -> None:
    assert writing.folder() == pages_lake / "pages"


def test_a_theme_without_a_page_is_refused_with_those_that_have_one() -> None:
    with pytest.raises(LakeError, match="no theme astrology has a page") as refused:
        writing.chosen("astrology")
    assert "housing" in refused.value.next_step


def test_without_a_build_there_are_no_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    settings.cache_clear()
    with pytest.raises(LakeError, match=r"manifest\.json") as refused:
        write([page_of(figure())], tmp_path)
    assert "lake warehouse build" in refused.value.next_step
