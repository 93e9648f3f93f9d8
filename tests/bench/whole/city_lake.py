"""A lake of its own with a generated city, and what its commands cost: all processes counted."""

import json
import os
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

from expectations.contract.catalogue import feed_ids
from expectations.entity_spec import load_entities
from tests.bench.night.cpu_account import Account
from tests.e2e.conftest import Lake
from tests.ports import free_port

_LOOK_SECONDS = 3.0


class Spent(NamedTuple):
    """What a stage took."""

    seconds: float
    processor: float
    memory: int
    """Most that all processes of the lake had in use at once, in bytes, pages of two counted half to each."""
    disk: int
    """Bytes of the lake's home at its end."""


class CityLake:
    """A lake home with a city, without Airflow.

    Args:
        home: its folder.
        counted: the account of this process and all that it starts.
    """

    def __init__(self, home: Path, counted: Account) -> None:
        self.home = home
        self._counted = counted
        own = {name: value for name, value in os.environ.items() if not name.startswith("LAKE_")}
        self._lake = Lake(home, own | {"LAKE_HOME": str(home), "LAKE_CONNECT_PORT": str(free_port())})
        self.run, self.held_back, self.warm = self._lake.run, self._lake.held_back, self._lake.warm

    @contextmanager
    def spending(self, into: dict[str, Spent], stage: str) -> Iterator[None]:
        """Note what the block takes."""
        began, used, ended, most = time.monotonic(), self._counted.seconds(), Event(), [0]
        looking = Thread(target=self._look, args=(ended, most), daemon=True)
        looking.start()
        try:
            yield
        finally:
            ended.set()
            looking.join()
        seconds, processor = time.monotonic() - began, self._counted.seconds() - used
        into[stage] = Spent(seconds, processor, most[0], _size(self.home))
        sys.stdout.write(f"{stage}: {seconds:,.1f} s, {processor:,.1f} CPU-s\n")
        sys.stdout.flush()

    def generate(self, records: int, days: int, seed: int) -> None:
        """Its inbox, its bureaus' sources, and the truth."""
        size = ("--records", str(records), "--days", str(days), "--seed", str(seed))
        self.run("city", *size, "--out", str(self.home))

    def take_in(self, *feeds: str) -> None:
        """Feeds, all by default, one after the other, each through its channel to published."""
        with self._lake.bureaus():
            for feed in feeds or feed_ids():
                self.run("deliver", feed)

    def resolve(self) -> None:
        """Who is who."""
        for spec in load_entities():
            self.run("resolve", "--entity", spec.entity)

    def seconds_of(self, models: Collection[str]) -> float:
        """Seconds that models took in the last build."""
        said = json.loads((self.home / "dbt" / "target" / "run_results.json").read_text("utf-8"))["results"]
        took = {each["unique_id"].rpartition(".")[2]: float(each["execution_time"]) for each in said}
        return sum(took[model] for model in models)

    def records(self) -> int:
        """Rows that are accepted, by the receipts."""
        query = "select sum(json_extract(receipt, '$.accepted')) from delivery where state = 'committed'"
        ((rows,),) = self._lake.ledger(query)
        return int(rows)

    def _look(self, ended: Event, most: list[int]) -> None:
        while not ended.wait(_LOOK_SECONDS):
            most[0] = max(most[0], sum(map(_in_use, self._counted.processes())))


def _in_use(process: int) -> int:
    """Bytes that a process has in use, its share of what it has in common with others."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    except (OSError, ValueError):
        return 0
    return sum(int(line.split()[1]) << 10 for line in text.splitlines() if line.startswith("Pss:"))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
