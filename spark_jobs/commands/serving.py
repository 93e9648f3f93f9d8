"""Start, stop and look at the lake server."""

import typer

from spark_jobs.commands.console import out, working


def add_to(app: typer.Typer) -> None:
    """Add up, down, status."""
    app.command()(up)
    app.command()(down)
    app.command()(status)


def up() -> None:
    """Start the lake server (Spark Connect in one JVM)."""
    from spark_jobs.lake.server import lifecycle as server

    with working("starting the lake server"):
        running = server.up()
    out.print(f"lake server up: Spark Connect on port {running.connect_port}")


def down() -> None:
    """Stop the lake server."""
    from spark_jobs.lake.server import lifecycle as server

    with working("stopping the lake server"):
        stopped = server.down()
    out.print("lake server stopped" if stopped else "the lake server was not running")


def status() -> None:
    """Say whether the lake server runs, and who holds the lake."""
    from spark_jobs.lake.server import lifecycle as server

    state = server.status()
    if state.running:
        running = state.running
        out.print(f"running: process {running.pid}, Spark Connect on port {running.connect_port}")
    else:
        out.print("not running")
    if state.holder and state.holder.is_live:
        out.print(f"lease: held by process {state.holder.pid} on {state.holder.host} since {state.holder.since}")
    raise typer.Exit(0 if state.running else 3)
