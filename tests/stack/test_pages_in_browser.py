"""A page in a browser: nobody is kept out of it, and nothing runs out of a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spark_jobs.ask.pages.writing import write
from spark_jobs.base.settings import settings
from tests import pages_lake as invented
from tests.browser.looking import lacking, look
from tests.pages_lake import HOSTILE, figure, page_of


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One with all that a page may have: drawing, map, tables, hidden figures, holes and a figure that failed."""
    why_not = lacking()
    if why_not is not None:
        pytest.skip(why_not)
    home = tmp_path_factory.mktemp("lake")
    full = figure(
        trend={"by": "month", "grain": "month"},
        county="county_code",
        groups=[{"title": "按类别", "by": "kind", "words": {HOSTILE: "很长的名称" * 12}}],
    )
    few = figure(name="few", title="少数", county="county_code", counts="persons", unit="")
    broken = figure(name="broken", title="坏的", value="sum(nothing_of_the_kind)")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_HOME", str(home))
        settings.cache_clear()
        invented.build(home)
        (found,) = write([page_of(full, few, broken)], tmp_path_factory.mktemp("written"))
        yield found.path
    settings.cache_clear()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["invented.html", "index.html"])
def test_a_page_keeps_every_rule_of_axe_and_fits(page: Path, name: str, width: int, tmp_path: Path) -> None:
    seen = look(page.with_name(name), width, tmp_path)
    assert seen.violations == []
    assert seen.rules > 20
    assert seen.overflow == 0
