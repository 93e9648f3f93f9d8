"""A page in a browser: nobody is kept out of it, and nothing runs out of a phone."""

from pathlib import Path

import pytest

from spark_jobs.ask.pages.writing import write
from tests.browser.looking import look, not_at_hand
from tests.unit.ask.pages_lake import HOSTILE, figure, page_of

pytestmark = pytest.mark.skipif(not_at_hand() is not None, reason=str(not_at_hand()))


@pytest.fixture(scope="module")
def page(pages_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One with all that a page may have: drawing, map, tables, hidden figures, holes and a figure that failed."""
    full = figure(
        trend={"by": "month", "grain": "month"},
        county="county_code",
        groups=[{"title": "按类别", "by": "kind", "words": {HOSTILE: "很长的名称" * 12}}],
    )
    few = figure(name="few", title="少数", county="county_code", counts="persons", unit="")
    broken = figure(name="broken", title="坏的", value="sum(nothing_of_the_kind)")
    (found,) = write([page_of(full, few, broken)], tmp_path_factory.mktemp("written"))
    return found.path


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["invented.html", "index.html"])
def test_a_page_keeps_every_rule_of_axe_and_fits(page: Path, name: str, width: int, tmp_path: Path) -> None:
    seen = look(page.with_name(name), width, tmp_path)
    assert seen.violations == []
    assert seen.rules > 20
    assert seen.overflow == 0
