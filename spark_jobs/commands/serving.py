"""Start, stop and look at the lake server."""

import typer

from spark_jobs.commands.console import out, working


def add_to(app: typer.Typer) -> None:
    """Add server up, down, status."""
    server = typer.Typer(help="The lake server: the one Spark application, behind Spark Connect.", no_args_is_help=True)
    for command in (up, down, status):
        server.command()(command)
    app.add_typer(server, name="server")


def up() -> None:
    """Start the lake server."""
    from spark_jobs.lake.server import lifecycle as server

    prepared()
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
    """Say whether the lake server runs, and who holds the lake; exit status 3 if it does not run."""
    raise typer.Exit(0 if describe() else 3)


def describe() -> bool:
    """Print the state of the lake server; whether it runs."""
    from spark_jobs.lake.engine.choice import engine
    from spark_jobs.lake.server import lifecycle as server

    out.print(engine().state(), highlight=False)
    state = server.status()
    if state.running:
        running = state.running
        out.print(f"lake server: process {running.pid}, Spark Connect on port {running.connect_port}")
    else:
        out.print("lake server: not running")
    if state.holder and state.holder.is_live:
        out.print(f"lease: held by process {state.holder.pid} on {state.holder.host} since {state.holder.since}")
    return state.running is not None


def prepared() -> None:
    """Bring the lake up to this version of the code, and say what was changed; before anything is started."""
    from spark_jobs.base.settings import settings
    from spark_jobs.jobs.prepare import prepare

    with working("looking at the lake"):
        changes = prepare(settings())
    for change in changes:
        out.print(f"brought up to date: {change}", highlight=False)
