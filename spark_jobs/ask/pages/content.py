"""What stands on a page: its figures with definition, origin and SQL, the date of its data, and what it lacks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from expectations.contract.catalogue import feed_ids
from expectations.entity_spec import load_entities
from expectations.theme_pages import Figure, ThemePage
from spark_jobs.ask.pages import views
from spark_jobs.ask.pages.holes import LEDGER, FeedState
from spark_jobs.ask.pages.models import Models
from spark_jobs.ask.pages.queries import definition_of, has_definition, named_in, queries_of
from spark_jobs.ask.pages.trend_chart import drawn
from spark_jobs.ask.pages.views import Ask, View
from spark_jobs.base.errors import LakeError


@dataclass(frozen=True)
class Origin:
    """A model that a figure is counted from.

    Args:
        model: its name.
        purpose: what it is, in Chinese.
        between: base libraries and marts that it reads.
        feeds: `agency/feed` of all that reaches it.
        others: registers of who is who, code tables and other sources, in Chinese or by name.
    """

    model: str
    purpose: str
    between: tuple[str, ...]
    feeds: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True)
class ShownFigure:
    """A figure of a page; its views are empty where it could not be counted.

    Args:
        figure: as it is declared.
        definition: what is counted, a term and its text each.
        origins: what it is counted from.
        total: of the whole city.
        trend: over time, with its drawing.
        chart: of the trend.
        county: by county.
        groups: by what else.
        problem: why it could not be counted, in Chinese.
    """

    figure: Figure
    definition: tuple[tuple[str, str], ...]
    origins: tuple[Origin, ...]
    total: View | None = None
    trend: View | None = None
    chart: Markup | None = None
    county: View | None = None
    groups: tuple[View, ...] = ()
    problem: str | None = None

    @property
    def queries(self) -> list[View]:
        """Its views, each with the SQL that gave it."""
        return [view for view in (self.total, self.trend, self.county, *self.groups) if view]


@dataclass(frozen=True)
class ShownPage:
    """A page with all that stands on it.

    Args:
        page: as it is declared.
        figures: in its order.
        feeds: how the feeds stand that reach it, by `agency/feed`.
        failures: figures whose query failed, and why, for whoever runs the command.
    """

    page: ThemePage
    figures: tuple[ShownFigure, ...]
    feeds: dict[str, FeedState]
    failures: tuple[str, ...]

    @property
    def newest(self) -> date | None:
        """The newest business date that is in it."""
        return max((each.newest for each in self.feeds.values() if each.newest), default=None)

    @property
    def holes(self) -> list[str]:
        """What it lacks, in Chinese: of feeds, of figures, of counties."""
        of_feeds = [
            f"{each.title}（{each.provider}）：{'；'.join(each.holes)}" for each in self.feeds.values() if each.holes
        ]
        of_figures = [f"{each.figure.title}：{each.problem}" for each in self.figures if each.problem]
        counties = [
            f"{each.figure.title}：{each.county.notes[0]}"
            for each in self.figures
            if each.county and each.county.notes and each.county.notes[0].startswith(views.WITHOUT_ROWS)
        ]
        return [*of_feeds, *of_figures, *counties]


def shown(
    page: ThemePage, models: Models, stored: Iterable[str], states: Mapping[str, FeedState], ask: Ask
) -> ShownPage:
    """A page with the answers to its queries.

    Args:
        page: as it is declared.
        models: what dbt says of them.
        stored: tables that there are, `layer.table`.
        states: how each feed stands.
        ask: answers a query.
    """
    there = frozenset(stored)
    figures, failures = [], []
    for figure in page.figures:
        try:
            figures.append(_figure(figure, models, there, ask))
        except LakeError as error:
            failures.append(f"{page.theme}.{figure.name}: {error.what}")
            figures.append(_uncounted(figure, models, "本次未能计算，已告知数据平台"))
    feeds = {feed for each in figures for origin in each.origins for feed in origin.feeds}
    return ShownPage(page, tuple(figures), {feed: states[feed] for feed in sorted(feeds)}, tuple(failures))


def _figure(figure: Figure, models: Models, stored: frozenset[str], ask: Ask) -> ShownFigure:
    missing = sorted({table for query in queries_of(figure) for table in named_in(query).tables} - stored)
    if missing:
        return _uncounted(figure, models, f"{'、'.join(missing)} 尚未生成")
    trend = views.trend_of(figure, figure.trend, ask) if figure.trend else None
    return ShownFigure(
        figure,
        _definition(figure, models),
        _origins(figure, models),
        views.total_of(figure, ask) if figure.has_total else None,
        trend,
        drawn(trend.rows, figure, figure.trend) if trend and figure.trend else None,
        views.county_view_of(figure, ask) if figure.county else None,
        tuple(views.group_of(figure, group, models, ask) for group in figure.groups),
    )


def _uncounted(figure: Figure, models: Models, problem: str) -> ShownFigure:
    return ShownFigure(figure, _definition(figure, models), _origins(figure, models), problem=problem)


def _definition(figure: Figure, models: Models) -> tuple[tuple[str, str], ...]:
    """The question, what the columns mean that are counted, those of the counties, and the rule."""
    lines = [("问题", figure.asked.question)] if figure.asked else []
    counted = [definition_of(figure).by()] if has_definition(figure) else list(queries_of(figure))
    lines += [("口径", meaning) for meaning in [_meanings(figure, counted, models)] if meaning]
    if figure.county:
        lines += [("分县", _meanings(figure, [f"select {figure.county}"], models))]
    return tuple(lines + ([("依据", figure.rule)] if figure.rule else []))


def _meanings(figure: Figure, queries: Iterable[str], models: Models) -> str:
    """What the columns of queries mean, each with its name."""
    columns = sorted({name for query in queries for name in named_in(query).columns})
    found = [
        f"{meaning}（{column}）"
        for column in columns
        for meaning in dict.fromkeys(models.meaning(model, column) for model in _models_of(figure))
        if meaning
    ]
    return "；".join(found)


def _origins(figure: Figure, models: Models) -> tuple[Origin, ...]:
    return tuple(_origin(model, models) for model in _models_of(figure))


def _models_of(figure: Figure) -> Sequence[str]:
    return sorted({table.partition(".")[2] for query in queries_of(figure) for table in named_in(query).tables})


def _origin(model: str, models: Models) -> Origin:
    inputs = models.inputs(model)
    titles = {spec.entity: f"{spec.title}归并结果" for spec in load_entities()}
    others = (*(titles[entity] for entity in inputs.entities), *inputs.seeds, *inputs.others)
    # What stands in the ledger is of every feed.
    feeds = tuple(feed_ids()) if LEDGER.partition(".")[2] in inputs.others else inputs.feeds
    return Origin(model, models.purpose(model), inputs.models, feeds, others)
