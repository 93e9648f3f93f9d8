"""Airflow, and the lake server where it is needed, for the length of a job."""

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import ExitStack, contextmanager

from expectations.contract.catalogue import load_feeds
from infra.airflow import runtime
from infra.job.progress import stage
from infra.warm import keeper
from spark_jobs.commands.console import out, working
from spark_jobs.commands.serving import prepared
from spark_jobs.lake.server import lifecycle as server


@contextmanager
def services(
    stages: MutableMapping[str, float], needs_server: bool, meanwhile: Callable[[], None] | None = None
) -> Iterator[None]:
    """Both services, with the DAGs of all feeds on and no clock; what ran before stays up afterwards.

    Args:
        stages: gets the seconds of starting, and those of `meanwhile` as the stage `city`.
        needs_server: whether the job needs the lake server from the first; one that is started later ends here too.
        meanwhile: done while the lake server starts.

    Raises:
        LakeError: one of them does not start.
    """
    prepared()
    was_up = server.status().running is not None
    warms = False
    try:
        if needs_server and not was_up:
            server.up(wait=False)
        warms = keeper.ensure()
        if meanwhile is not None:
            with stage("city", stages):
                meanwhile()
        with ExitStack() as running:
            with stage("services", stages), working("starting the services"):
                url = running.enter_context(runtime.running([feed.table for feed in load_feeds()], by_clock=False))
                if needs_server:
                    server.ensure_up()
            with_server = "lake server, " if needs_server else ""
            out.print(f"services up in {stages['services']:.0f} s: {with_server}Airflow at {url}", highlight=False)
            yield
    finally:
        if warms:
            keeper.stop()
        if not was_up:
            server.down()
