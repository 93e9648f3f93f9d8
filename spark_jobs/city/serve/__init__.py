"""The bureaus' servers of a synthetic city, on loopback: a module a protocol, named as the channel that speaks it.

Databases need none: where a bureau's is a file below `sources/`, the jdbc channel reads it as it lies there.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from expectations.contract.catalogue import load_feeds
from expectations.discovery import one_per_module
from spark_jobs.base.settings import settings
from spark_jobs.city.serve.server import SourceServer
from spark_jobs.intake.sources import offered

_SERVERS: dict[str, type[SourceServer]] = one_per_module(__name__, __path__, SourceServer, apart=("server",))


@contextmanager
def served(city: Path) -> Iterator[dict[str, str]]:
    """While the block runs, every source of the contracts that LAKE_SOURCES does not name has a server.

    Args:
        city: where the city was or will be generated; its `sources/` are served.

    Yields:
        Host and port of each source.
    """
    with ExitStack() as running:
        yield {
            name: running.enter_context(_running(_SERVERS[kind], name, city / "sources"))
            for name, kind in sorted(_sources())
            if name not in settings().sources
        }


@contextmanager
def _running(server: type[SourceServer], name: str, folder: Path) -> Iterator[str]:
    folder.mkdir(parents=True, exist_ok=True)
    with server(folder, settings().home / "secrets" / "city" / name).running() as at, offered(name, at.url):
        yield at.address


def _sources() -> set[tuple[str, str]]:
    """Name and channel of the sources that need a server."""
    sources = ((feed.arrival.source(), feed.arrival.kind) for feed in load_feeds())
    return {(name, kind) for name, kind in sources if name is not None and kind in _SERVERS}
