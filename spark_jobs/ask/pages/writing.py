"""Write the pages of the themes and their index, each whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from expectations.contract.catalogue import feed_ids
from expectations.theme_pages import ThemePage, load_pages
from spark_jobs.ask import sql
from spark_jobs.ask.pages.content import ShownPage, shown
from spark_jobs.ask.pages.holes import LEDGER, OF_LEDGER, states_of
from spark_jobs.ask.pages.models import Models
from spark_jobs.ask.pages.queries import named_in, queries_of
from spark_jobs.ask.pages.words import TILES
from spark_jobs.base.errors import LakeError
from spark_jobs.base.logs import logger
from spark_jobs.base.pages import render, replace
from spark_jobs.base.settings import CITY_TIME, settings
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.stored import stored_tables

INDEX = "index.html"
_TEMPLATES = Path(__file__).with_name("templates")
_LAYERS: tuple[Layer, ...] = ("base", "restricted", "marts", "reference")
log = logger("pages")


@dataclass(frozen=True)
class Written:
    """What became of a page.

    Args:
        page: which.
        path: of its file.
        holes: what it says that it lacks.
        failures: figures that could not be counted, and why.
    """

    page: ThemePage
    path: Path
    holes: int
    failures: tuple[str, ...]


def folder() -> Path:
    """Where pages are written unless told otherwise."""
    return settings().home / "pages"


def chosen(theme: str | None) -> tuple[ThemePage, ...]:
    """Every page, or that of one theme.

    Raises:
        LakeError: the theme has no page.
    """
    pages = load_pages()
    found = tuple(page for page in pages if theme in {None, page.theme})
    if not found:
        known = ", ".join(page.theme for page in pages)
        raise LakeError(f"no theme {theme} has a page", f"one of {known}; dbt/README.md says how to add one")
    return found


def write(pages: Sequence[ThemePage], to: Path | None = None, with_index: bool = True) -> list[Written]:
    """Write pages, and the index of them.

    Raises:
        LakeError: the warehouse has not been built.
    """
    contents = _contents(pages)
    at = datetime.now(CITY_TIME)
    root = to or folder()
    written = [_write(root, each, at) for each in contents]
    if with_index:
        replace(root / INDEX, render(_TEMPLATES, "index.html.j2", pages=contents, made_at=at))
    log.info("written", pages=len(written), failures=sum(len(each.failures) for each in written))
    return written


def _contents(pages: Sequence[ThemePage]) -> list[ShownPage]:
    """What stands on the pages, asked in one session over the tables that there are."""
    models, stored = Models.of_last_build(), _stored()
    if LEDGER not in stored:
        raise LakeError(f"there is no {LEDGER}", "build the warehouse first: lake warehouse build")
    wanted = [query for page in pages for figure in page.figures for query in queries_of(figure)]
    answerable = [query for query in wanted if named_in(query).tables <= stored]
    with sql.asking([OF_LEDGER, *answerable]) as ask:
        states = states_of(feed_ids(), ask)
        return [shown(page, models, stored, states, ask) for page in pages]


def _stored() -> frozenset[str]:
    filesystem, root = lake_filesystem(settings())
    return frozenset(f"{layer}.{table}" for layer in _LAYERS for table in stored_tables(filesystem, root, layer))


def _write(root: Path, content: ShownPage, at: datetime) -> Written:
    text = render(_TEMPLATES, "page.html.j2", content=content, page=content.page, made_at=at, tiles=TILES)
    path = replace(root / f"{content.page.theme}.html", text)
    return Written(content.page, path, len(content.holes), content.failures)
