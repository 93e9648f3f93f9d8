"""Every figure of every page is counted of a built city, and no page shows a person."""

import re

from expectations.theme_pages import load_pages
from tests.e2e.city.conftest import BuiltCity

NUMBER_OF_A_CITIZEN = re.compile(r"(?<![0-9A-Z])\d{17}[\dX](?![0-9A-Z])")


def test_each_theme_has_a_page_on_which_every_figure_is_counted(city: BuiltCity) -> None:
    said = city.lake.run("pages").stdout
    pages = {path.stem: path for path in (city.lake.home / "pages").glob("*.html")}
    assert set(pages) == {page.theme for page in load_pages()} | {"index"}
    assert str(pages["index"]) in said
    texts = {name: path.read_text("utf-8") for name, path in pages.items()}
    assert [name for name, text in texts.items() if "本次未能计算" in text or "尚未生成" in text] == []
    assert [name for name, text in texts.items() if "数据截至" not in text or "尚无数据" in text] == []
    assert [name for name, text in texts.items() if NUMBER_OF_A_CITIZEN.search(text)] == []
    assert [name for name, path in pages.items() if path.stat().st_mode & 0o077] == []
