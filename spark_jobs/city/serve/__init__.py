"""The bureaus' servers of a synthetic city, on loopback: a module a protocol, named as the channel that speaks it.

Databases need none: where a bureau's is a file below `sources/`, the jdbc channel reads it as it lies there.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract
from expectations.discovery import one_per_module
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.city.serve.faults import Faults
from spark_jobs.city.serve.server import SourceServer
from spark_jobs.intake.sources import offered

_SERVERS: dict[str, type[SourceServer]] = one_per_module(__name__, __path__, SourceServer, apart=("server", "faults"))


@contextmanager
def served(
    city: Path, feeds: Iterable[FeedContract] | None = None, faults: Mapping[str, Faults] | None = None
) -> Iterator[dict[str, str]]:
    """While the block runs, every source of the contracts that LAKE_SOURCES does not name has a server.

    Args:
        city: where the city was or will be generated; its `sources/` are served.
        feeds: the contracts; all there are by default.
        faults: of sources by their names; they may be changed meanwhile.

    Yields:
        Host and port of each source.

    Raises:
        LakeError: a fault is named for a source that has no server here, or whose protocol cannot have it.
    """
    sources = {name: of for name, of in _sources(feeds or load_feeds()).items() if name not in settings().sources}
    for name, wanted in (faults or {}).items():
        _require_possible(name, wanted, sources)
    with ExitStack() as running:
        yield {
            name: running.enter_context(_running(name, of, city / "sources", (faults or {}).get(name)))
            for name, of in sources.items()
        }


@contextmanager
def _running(name: str, feeds: list[FeedContract], folder: Path, faults: Faults | None) -> Iterator[str]:
    folder.mkdir(parents=True, exist_ok=True)
    made = _SERVERS[feeds[0].arrival.kind]
    server = made(folder, settings().home / "secrets" / "city" / name, feeds, faults or Faults())
    with server.running() as at, offered(name, at.url):
        yield at.address


def _require_possible(name: str, wanted: Faults, sources: Mapping[str, list[FeedContract]]) -> None:
    if name not in sources:
        raise LakeError(f"no source {name} is served here", f"served are {', '.join(sources)}")
    possible = _SERVERS[sources[name][0].arrival.kind].possible
    if wanted.kinds - possible:
        raise LakeError(
            f"the source {name} cannot have the fault {', '.join(sorted(wanted.kinds - possible))}",
            f"its protocol can be {', '.join(sorted(possible))}",
        )


def _sources(feeds: Iterable[FeedContract]) -> dict[str, list[FeedContract]]:
    """The feeds of each source that needs a server."""
    found: dict[str, list[FeedContract]] = {}
    for feed in feeds:
        name = feed.arrival.source()
        if name is not None and feed.arrival.kind in _SERVERS:
            found.setdefault(name, []).append(feed)
    return dict(sorted(found.items()))
