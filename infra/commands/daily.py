"""Start, stop and look at all that runs."""

import typer

from spark_jobs.commands.console import out, working


def add_to(app: typer.Typer) -> None:
    """Add up, down, status."""
    app.command()(up)
    app.command()(down)
    app.command()(status)


def up() -> None:
    """Start everything for daily work: the lake server, and Airflow with its UI and every DAG switched on."""
    from infra.airflow import runtime
    from infra.airflow.environment import ADMIN
    from infra.airflow.settings import Places
    from infra.warm import keeper
    from spark_jobs.base.settings import settings
    from spark_jobs.commands.serving import prepared
    from spark_jobs.lake.server import lifecycle as server

    prepared()
    with working("starting the lake server"):
        running = server.ensure_up()
    _say(f"lake server: Spark Connect on port {running.connect_port}")
    keeper.ensure()
    with working("starting Airflow"):
        url = runtime.up(runtime.every_dag())
    places = Places(settings())
    _say(f"Airflow: {url}, user {ADMIN}, password in {places.passwords}")
    _say(f"its own command: set -a; . {places.environment}; set +a; airflow backfill create --help")
    _say("next: drop a file into an inbox, or lake receive FILE --feed AGENCY/FEED; stop with lake down")


def down() -> None:
    """Stop Airflow, the tasks that it runs, and the lake server."""
    from infra.airflow import runtime
    from infra.warm import keeper
    from spark_jobs.lake.server import lifecycle as server

    with working("stopping"):
        stopped = [*runtime.down(), *(["lake server"] if server.down() else [])]
        stopped += ["warm starts"] if keeper.stop() else []
    _say(f"stopped: {', '.join(stopped) or 'nothing ran'}")


def status() -> None:
    """Show what runs: the lake server, who holds the lake, each service of Airflow; exit status 3 if one does not."""
    from infra.airflow import runtime
    from infra.warm import keeper
    from spark_jobs.commands.serving import describe

    services = runtime.status()
    is_up = describe()
    warm = keeper.process()
    _say(f"warm starts: {f'process {warm.pid}' if warm else 'none, each command imports what it needs'}")
    for service in services:
        _say(f"Airflow {service.name}: {f'process {service.pid}' if service.pid else 'not running'}")
    raise typer.Exit(0 if is_up and all(service.pid for service in services) else 3)


def _say(line: str) -> None:
    out.print(line, highlight=False)
