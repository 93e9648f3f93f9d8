"""Data Docs: one page for each verified version, and an index.

Great Expectations' own pages load styles, scripts and pictures from eight sites outside; in a government network
they neither show nor may try. These pages stand alone and hold counts only.
"""

from datetime import datetime
from pathlib import Path

from expectations.contract.feed import FeedContract
from spark_jobs.base.pages import render, replace
from spark_jobs.base.settings import CITY_TIME, settings
from spark_jobs.verify.outcome import Check

_TEMPLATES = Path(__file__).with_name("templates")


def write_page(contract: FeedContract, version: int, checks: tuple[Check, ...]) -> Path:
    """Write the page of one verified version, and the index anew; returns the page's path."""
    root = settings().home / "data-docs"
    page = root / contract.agency / contract.feed / f"{version:08d}.html"
    text = render(
        _TEMPLATES,
        "data_docs.html.j2",
        contract=contract,
        version=version,
        checks=checks,
        passed=all(check.success for check in checks),
        verified_at=datetime.now(CITY_TIME).isoformat(sep=" ", timespec="seconds"),
    )
    replace(page, text)
    pages = sorted(path.relative_to(root) for path in root.glob("*/*/*.html"))
    newest = {path.parent.as_posix(): path.as_posix() for path in pages}
    replace(root / "index.html", render(_TEMPLATES, "data_docs_index.html.j2", newest=newest))
    return page
