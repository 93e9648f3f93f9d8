"""One Sail for several jobs of a process, where somebody says so; else one for each job."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from spark_jobs.base.settings import Settings
from spark_jobs.lake.sail import process
from spark_jobs.lake.sail.process import Pool, Running
from spark_jobs.lake.storage.scratch import local_scratch


class _Keeper:
    """Starts Sail when the first job asks for it, and again where it has died since."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._sail: Running | None = None

    def sail(self, at: Settings) -> Running:
        if self._sail is None or self._sail.process.poll() is not None:
            self.close()
            work = self._open.enter_context(local_scratch("sail"))
            self._sail = self._open.enter_context(process.running(at, Path(work.root)))
        return self._sail

    def close(self) -> None:
        self._sail = None
        self._open.close()


_keepers: list[_Keeper] = []


@contextmanager
def kept() -> Iterator[None]:
    """Within the block, jobs of this process one after another have one Sail."""
    keeper = _Keeper()
    _keepers.append(keeper)
    try:
        yield
    finally:
        _keepers.remove(keeper)
        keeper.close()


@contextmanager
def running(at: Settings, work: Path, pool: Pool = "fair") -> Iterator[Running]:
    """Sail for a job: the one that is kept, or one of this pool that ends with the block; see `process.running`."""
    if _keepers:
        yield _keepers[-1].sail(at)
        return
    with process.running(at, work, pool) as own:
        yield own
