"""Look at entities and at what made them; erase them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from spark_jobs.commands import deciding
from spark_jobs.commands.console import out, working
from spark_jobs.commands.deciding import IDS, A, B, Entity, OneEntity, bench_for, resolve_again, resolved

if TYPE_CHECKING:
    from expectations.entity_spec import EntitySpec
    from spark_jobs.entities.erase.erasing import ResolveAgain
    from spark_jobs.entities.explain.pair import Compare

Values = Annotated[bool, typer.Option("--show-values", help="show personal values too")]
Html = Annotated[str | None, typer.Option("--html", metavar="FILE", help="write a page with a picture")]


def add_to(app: typer.Typer) -> None:
    """Add entity, why, how, why-not, review, decide, erase, entity-report."""
    for command in (entity, why, how, why_not, review, erase, purge, entity_report):
        app.command(context_settings=IDS)(command)
    deciding.add_to(app)


def entity(
    entity_id: Annotated[str, typer.Argument(metavar="ID")],
    as_of: Annotated[str | None, typer.Option("--as-of", help="date or date-time; its state then")] = None,
    show_values: Values = False,
    life: Annotated[bool, typer.Option("--life", help="events by day; of a firm also by social credit code")] = False,
) -> None:
    """Show an entity: golden record and where each value comes from, members, history; or its life on one page."""
    if life and as_of is not None:
        from spark_jobs.base.errors import LakeError

        raise LakeError("--life shows every day, --as-of the state of one", "leave one of them away")
    if life:
        _show_life(entity_id)
        return
    from spark_jobs.entities.explain import history, lookup, side, text

    spec = side.spec_of((entity_id,), None)
    moment = None if as_of is None else history.moment_of(as_of)
    with lookup.opened(spec) as at:
        _show(text.entity_text(history.entity(at, entity_id, moment), show_values))


def _show_life(text: str) -> None:
    from spark_jobs.ask.life import BUILD, MART, life
    from spark_jobs.entities.explain import side

    found = side.named(text).entity_id
    events = life(found)
    if not events:
        out.print(f"{found}: no events; for what came since the last build: {BUILD}", highlight=False)
        return
    table = Table("日期", "事项", "来源", "报送", "行")
    for each in events:
        table.add_row(str(each.day), each.says, each.feed, each.delivery_id, str(each.row_number))
    out.print(table)
    bytes_by = f"lake trace restricted.{MART} --key subject_id={found}"
    out.print(f"{found}: {len(events)} in all; the bytes of their rows: {bytes_by}", highlight=False)


def why(a: A, b: B, entity: Entity = None, show_values: Values = False, html: Html = None) -> None:
    """Say what links two records, profiles or entities, or speaks against it."""
    from spark_jobs.entities.explain import lookup, pair, side, text
    from spark_jobs.entities.match.model import approved_model

    spec = side.spec_of((a, b), entity)
    with lookup.opened(spec) as at, _comparing(spec) as compare:
        found = pair.why(at, approved_model(spec), side.side(at, a), side.side(at, b), compare)
    _show(text.pair_text(found, show_values))
    if html is not None:
        from spark_jobs.entities.pictures import pages

        out.print(f"page: {pages.pair_page(found, html)}", highlight=False)


def how(entity_id: Annotated[str, typer.Argument(metavar="ID")], entity: Entity = None, html: Html = None) -> None:
    """Show the path that built an entity, and the links that were refused."""
    from spark_jobs.entities.explain import cluster, lookup, side, text

    spec = side.spec_of((entity_id,), entity)
    with lookup.opened(spec) as at:
        found = cluster.how(at, side.side(at, entity_id).entity_id)
    _show(text.cluster_text(found, spec))
    if html is not None:
        from spark_jobs.entities.pictures import pages

        out.print(f"page: {pages.cluster_page(found, spec, html)}", highlight=False)


def why_not(a: A, b: B, entity: Entity = None, show_values: Values = False) -> None:
    """Say why two records, profiles or entities are not one entity."""
    from spark_jobs.entities.explain import apart, lookup, side, text
    from spark_jobs.entities.match.model import approved_model

    spec = side.spec_of((a, b), entity)
    with lookup.opened(spec) as at, _comparing(spec) as compare:
        found = apart.why_not(at, approved_model(spec), side.side(at, a), side.side(at, b), compare)
    _show(text.apart_text(found, spec, show_values))


def review(entity: OneEntity = None, limit: Annotated[int, typer.Option(min=1)] = 20) -> None:
    """List pairs of entities that may be one, the strongest first."""
    from spark_jobs.entities.explain import lookup
    from spark_jobs.entities.explain.review import review as queue

    for spec in resolved(entity):
        with lookup.opened(spec) as at:
            for row in queue(at, limit):
                out.print(
                    f"{row['weight']:+.1f} bits  {row['entity_a']}  {row['entity_b']}  "
                    f"(lake why {row['entity_a']} {row['entity_b']})",
                    highlight=False,
                )


def erase(
    entity_id: Annotated[str, typer.Argument(metavar="ID")],
    reason: Annotated[str, typer.Option("--reason", help="why; it stays on record, so it must not name anybody")],
) -> None:
    """Erase an entity from the entity tables for good, and prove that nothing of it is left there."""
    from spark_jobs.entities.erase import text
    from spark_jobs.entities.erase.erasing import erase as erase_entity
    from spark_jobs.entities.explain import side

    spec = side.spec_of((entity_id,), None)
    with working("erasing"):
        done = erase_entity(partial(bench_for, "erase", spec), spec, entity_id, reason, _resolving(spec))
    for line in text.lines(done):
        out.print(line, highlight=False)


def purge(entity: Annotated[str, typer.Option(help="kind of entity")]) -> None:
    """Finish an erasure that was interrupted."""
    from expectations.entity_spec import load_entity
    from spark_jobs.entities.erase.erasing import finish

    spec = load_entity(entity)
    with working("purging"):
        done = finish(partial(bench_for, "purge", spec), spec, _resolving(spec))
    out.print(f"{entity}: {done.edges} edges, {done.events} events, {done.files} files removed", highlight=False)


def entity_report(entity: OneEntity = None) -> None:
    """Write the pages about the last resolution: model, sizes, weights, blocking."""
    from spark_jobs.entities.pictures.run_page import write_run_page

    for spec in resolved(entity):
        out.print(f"{spec.entity}: {write_run_page(spec)}", highlight=False)


def _resolving(spec: "EntitySpec") -> "ResolveAgain":
    return lambda bench, alone: resolve_again(bench, spec, alone)


def _show(parts: Iterable[Any]) -> None:
    for part in parts:
        if isinstance(part, str):
            out.print(part, highlight=False, markup=False)
        else:
            out.print(part)


@contextmanager
def _comparing(spec: "EntitySpec") -> "Iterator[Compare]":
    """Compares two profiles; an engine is started where a pair needs it."""
    from spark_jobs.entities.explain.on_demand import comparing

    with comparing(spec) as compare:
        yield compare
