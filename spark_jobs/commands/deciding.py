"""Stewards' decisions: made, taken back, listed."""

import getpass
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spark_jobs.commands.console import out, working

if TYPE_CHECKING:
    from expectations.entity_spec import EntitySpec
    from spark_jobs.control.exclusive import Exclusive
    from spark_jobs.entities.resolution.outcome import ResolveOutcome
    from spark_jobs.lake.engine.workbench import Workbench

Entity = Annotated[str | None, typer.Option("--entity", help="kind of entity, where the ids do not tell")]
OneEntity = Annotated[str | None, typer.Option("--entity", help="kind of entity; none means all")]
A = Annotated[str, typer.Argument(help="entity id, profile id, or FEED:DELIVERY:ROW[:ROLE]")]
B = Annotated[str, typer.Argument(help="the same of the other side")]
Reason = Annotated[str, typer.Option("--reason", help="why; it stays on record")]
By = Annotated[str | None, typer.Option("--by", help="who decides; by default the user of this machine")]
Later = Annotated[bool, typer.Option("--later", help="leave it to the next resolution")]

IDS = {"ignore_unknown_options": True}
"""Half of all profile ids are negative, and an option begins with the same sign."""


def add_to(app: typer.Typer) -> None:
    """Add decide."""
    decide = typer.Typer(help="Stewards' decisions: who is, or is not, one entity.", no_args_is_help=True)
    app.add_typer(decide, name="decide")
    decide.command("must-link", context_settings=IDS)(must_link)
    decide.command("cannot-link", context_settings=IDS)(cannot_link)
    decide.command("undo")(undo)
    decide.command("list")(listed)


def must_link(a: A, b: B, reason: Reason, entity: Entity = None, by: By = None, later: Later = False) -> None:
    """Decide that two are one entity."""
    _decide("must-link", a, b, reason, entity, by, later)


def cannot_link(a: A, b: B, reason: Reason, entity: Entity = None, by: By = None, later: Later = False) -> None:
    """Decide that two are not one entity."""
    _decide("cannot-link", a, b, reason, entity, by, later)


def _decide(kind: Any, a: str, b: str, reason: str, entity: str | None, by: str | None, later: bool) -> None:
    from spark_jobs.entities.explain import lookup, side
    from spark_jobs.entities.resolution import decisions

    spec = side.spec_of((a, b), entity)
    with lookup.opened(spec) as at:
        one, other = (side.side(at, text).oldest for text in (a, b))
    with bench_for("decide", spec) as bench:
        made = decisions.decide(bench, spec, kind, one, other, reason, by or getpass.getuser())
        out.print(f"{made}: {kind} {a} {b}", highlight=False)
        _take_effect(bench, spec, later)


def undo(
    decision_id: Annotated[str, typer.Argument(metavar="ID")],
    entity: OneEntity = None,
    by: By = None,
    later: Later = False,
) -> None:
    """Take a decision back."""
    from spark_jobs.base.errors import LakeError
    from spark_jobs.entities.explain import lookup
    from spark_jobs.entities.resolution import decisions

    for spec in resolved(entity):
        with lookup.opened(spec) as at:
            known = {row["decision_id"] for row in at.decisions()}
        if decision_id in known:
            with bench_for("undo", spec) as bench:
                decisions.undo(bench, spec, decision_id, by or getpass.getuser())
                out.print(f"{decision_id}: undone", highlight=False)
                _take_effect(bench, spec, later)
            return
    raise LakeError(f"there is no decision {decision_id}", "lake decide list")


def listed(entity: OneEntity = None) -> None:
    """List all decisions, those undone too."""
    from spark_jobs.entities.explain import lookup

    for spec in resolved(entity):
        with lookup.opened(spec) as at:
            for row in at.decisions():
                ends = [lookup.owner_of_profile(at, row[name]) for name in ("profile_a", "profile_b")]
                undone = f"  undone {row['undone_at']:%Y-%m-%d} by {row['undone_by']}" if row["undone_at"] else ""
                out.print(
                    f"{row['decision_id']}  {row['kind']}  {ends[0]}  {ends[1]}  {row['decided_at']:%Y-%m-%d} "
                    f"{row['decided_by']}: {row['reason']}{undone}",
                    highlight=False,
                    markup=False,
                )


def resolved(entity: str | None) -> "list[EntitySpec]":
    """The kind that is named, or all that have been resolved."""
    from expectations.entity_spec import load_entities
    from spark_jobs.entities import state
    from spark_jobs.entities.explain.side import spec_of

    if entity is not None:
        return [spec_of((), entity)]
    return [spec for spec in load_entities() if state.last_note(spec) is not None]


def bench_for(job: str, spec: "EntitySpec") -> "AbstractContextManager[Workbench]":
    """A workbench for what feeds have published of a kind of entity."""
    from spark_jobs.control.publication import published_versions
    from spark_jobs.entities.resolution import bench

    return bench.bench_for(job, spec, published_versions())


def resolve_again(bench: "Workbench", spec: "EntitySpec", alone: "Exclusive") -> "ResolveOutcome":
    """Resolve a kind of entity over what feeds have published, for who has the right to it."""
    from spark_jobs.control.publication import published_versions
    from spark_jobs.entities.resolution.resolve import resolve_alone

    return resolve_alone(alone, bench, spec.entity, published_versions())


def _take_effect(bench: "Workbench", spec: "EntitySpec", later: bool) -> None:
    if later:
        out.print(f"takes effect with: lake resolve --entity {spec.entity}", highlight=False)
        return
    from spark_jobs.entities.resolution.resolve import alone_with

    with working("resolving"), alone_with(spec.entity) as alone:
        outcome = resolve_again(bench, spec, alone)
    happened = ", ".join(f"{n:,} {event}" for event, n in sorted(outcome.events.items())) or "nothing changed"
    out.print(f"{spec.entity}: {happened}", highlight=False)
