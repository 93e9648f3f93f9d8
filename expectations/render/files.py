"""What follows from contracts, as files: committed ones, each of one feed or entity, and lists over all of them."""

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract
from expectations.entity_spec import EntitySpec, load_entities
from expectations.render.catalogue import SCHEMA, catalogue_document, catalogue_json
from expectations.render.catalogue_workbook import write_workbook
from expectations.render.dbt import entity_source, feed_source
from expectations.render.dcat import BASE, dcat_json
from expectations.render.dictionary import feed_page, index_page
from expectations.render.odcs import odcs_text
from expectations.render.staging import RENDERED, staging_docs, staging_name, staging_sql
from expectations.render.suites import suite
from expectations.render.timetable import timetable_page

PROJECT = Path(__file__).resolve().parents[2]
COMMITTED = ("expectations/dictionary/*/*.md", "dbt/models/staging/*/source_*.yml")
"""Where rendered files stand in the repository, and nothing written by hand."""
STAGING = "dbt/models/staging/*/stg_*"
"""Where rendered staging models stand, beside those that are written by hand."""


def render_all(check: bool, root: Path = PROJECT) -> list[Path]:
    """Bring the committed files up to date, and give those that were not; with `check` nothing is written.

    A file of a feed that is no more is among them, and removed. A staging model written by hand is left as it is.
    """
    files = chain.from_iterable([*map(of_feed, load_feeds()), *map(of_entity, load_entities())])
    by_hand = {path.with_suffix("") for path in root.glob(STAGING) if not _is_rendered(path)}
    wanted = {root / path: text for path, text in files if (root / path).with_suffix("") not in by_hand}
    drifted = [path for path, text in wanted.items() if not path.is_file() or path.read_bytes() != text.encode()]
    orphans = [path for path in committed(root) if path not in wanted]
    if not check:
        _write({path: wanted[path] for path in drifted})
        for path in orphans:
            path.unlink()
    return sorted(drifted + orphans)


def committed(root: Path = PROJECT) -> list[Path]:
    """Every rendered file that stands in the repository."""
    staging = [path for path in root.glob(STAGING) if _is_rendered(path)]
    return sorted([*chain.from_iterable(map(root.glob, COMMITTED)), *staging])


def _is_rendered(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        return RENDERED in file.readline()


def of_feed(feed: FeedContract) -> Iterator[tuple[str, str]]:
    """Path below the project, and text, of each committed file of a feed; they follow from its contract alone.

    Its staging model is among them, which stands there only where none is written by hand.
    """
    yield f"expectations/dictionary/{feed.id}.md", feed_page(feed)
    yield f"dbt/models/staging/{feed.agency}/source_{feed.table}.yml", feed_source(feed)
    yield f"dbt/models/staging/{feed.agency}/{staging_name(feed)}.sql", staging_sql(feed)
    yield f"dbt/models/staging/{feed.agency}/{staging_name(feed)}.yml", staging_docs(feed)


def of_entity(spec: EntitySpec) -> Iterator[tuple[str, str]]:
    """Path below the project, and text, of each committed file of a kind of entity."""
    yield f"dbt/models/staging/entities/source_{spec.entity}.yml", entity_source(spec)


def write_lists(folder: Path, feeds: tuple[FeedContract, ...]) -> list[Path]:
    """Write the dictionary with its index, the timetable and the suites below a folder.

    They go over all feeds, so in the repository any two feeds that are added would conflict.
    """
    files = {folder / f"dictionary/{feed.id}.md": feed_page(feed) for feed in feeds}
    files |= {folder / f"suites/{feed.id}.json": suite_text(feed) for feed in feeds}
    files[folder / "dictionary/index.md"] = index_page(feeds)
    files[folder / "dictionary/timetable.md"] = timetable_page(feeds)
    _write(files)
    return sorted(files)


def write_catalogue(folder: Path, feeds: tuple[FeedContract, ...], portal: str = BASE) -> list[Path]:
    """Write what the world is told of the contracts below a folder.

    That is the catalogue of the national guide, a workbook for people and JSON with its schema; the open ones as DCAT;
    and each as ODCS.

    Args:
        folder: where to.
        feeds: all contracts.
        portal: what the names of open resources begin with.
    """
    texts = {
        folder / "catalogue.json": catalogue_json(feeds),
        folder / "catalogue.schema.json": SCHEMA.read_text("utf-8"),
        folder / "dcat.jsonld": dcat_json(feeds, portal),
    }
    texts |= {folder / f"odcs/{feed.id}.odcs.yaml": odcs_text(feed) for feed in feeds}
    _write(texts)
    workbook = folder / "catalogue.xlsx"
    write_workbook(catalogue_document(feeds), workbook)
    return sorted([*texts, workbook])


def suite_text(feed: FeedContract) -> str:
    """The Great Expectations suite of a feed, as JSON; verify builds the same one from the contract when it runs."""
    return json.dumps(suite(feed), ensure_ascii=False, indent=2) + "\n"


def _write(files: dict[Path, str]) -> None:
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
