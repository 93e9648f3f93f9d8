"""Everything that follows from contracts, as files: suites, dbt sources, data dictionary, catalogue, timetable."""

import json
from collections.abc import Iterator
from pathlib import Path

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract
from expectations.entity_spec import load_entities
from expectations.render.catalogue import catalogue_csv
from expectations.render.dbt import dbt_sources
from expectations.render.dictionary import feed_page, index_page
from expectations.render.suites import suite
from expectations.render.timetable import timetable_page

PROJECT = Path(__file__).resolve().parents[2]


def render_all(check: bool, root: Path = PROJECT) -> list[Path]:
    """Bring the rendered files up to date, and give those that were not; with `check` nothing is written.

    A file of a feed that is no more is among them, and removed.
    """
    wanted = {root / path: text for path, text in rendered(load_feeds())}
    drifted = [path for path, text in wanted.items() if not path.is_file() or path.read_bytes() != text.encode()]
    orphans = [path for path in _present(root) if path not in wanted]
    if not check:
        for path in drifted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[path].encode())
        for path in orphans:
            path.unlink()
    return sorted(drifted + orphans)


def rendered(feeds: tuple[FeedContract, ...]) -> Iterator[tuple[str, str]]:
    """Path below the project, and text, of each rendered file; the same contracts give the same bytes."""
    for feed in feeds:
        document = json.dumps(suite(feed), ensure_ascii=False, indent=2) + "\n"
        yield f"expectations/rendered/suites/{feed.table}.json", document
        yield f"expectations/rendered/dictionary/{feed.table}.md", feed_page(feed)
    yield "expectations/rendered/dictionary/index.md", index_page(feeds)
    yield "expectations/rendered/dictionary/timetable.md", timetable_page(feeds)
    yield "expectations/rendered/catalogue.csv", catalogue_csv(feeds)
    yield "dbt/models/staging/sources.yml", dbt_sources(feeds, load_entities())


def _present(root: Path) -> list[Path]:
    return sorted(path for path in (root / "expectations" / "rendered").rglob("*") if path.is_file())
