"""A folder of files below `sources/`: what a department's server offers, from which we fetch it."""

import hashlib
from datetime import date
from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.samples import file_name
from spark_jobs.city.batch import Batch
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.texts import Ints
from spark_jobs.city.write.formats import write_batch, write_sample_rows
from spark_jobs.city.write.manifest import write_manifest
from spark_jobs.city.write.place import Place

_WRONG_HASH = hashlib.sha256(b"another file").hexdigest()


class Folder(Place):
    """`sources/<agency>/<feed>/`."""

    root = "sources"

    def __init__(self, contract: FeedContract, out: Path) -> None:
        super().__init__(contract, out)
        self._good: list[str] = []
        self._path = out / self.root / contract.id
        self._path.mkdir(parents=True, exist_ok=True)

    def has_manifest(self, day: date) -> bool:
        """The day's files have a manifest beside them; a server's folder has none."""
        return False

    def name(self, day: date, part: int, parts: int) -> str:
        """A name that the contract's pattern accepts; of several files of a day, numbered."""
        stem, dot, extension = file_name(self.contract, day).partition(".")
        return f"{stem}_{part + 1:02d}{dot}{extension}" if parts > 1 else f"{stem}{dot}{extension}"

    def batch(self, slot: Slot, batch: Batch) -> Ints:
        """See Place.batch."""
        numbers = write_batch(batch, self.contract, self._path / slot.file)
        self._finish(slot.file, slot.business_date, batch.rows)
        return numbers

    def sample(self, name: str, day: date, rows: list[dict[str, str]]) -> None:
        """See Place.sample."""
        write_sample_rows(rows, self.contract, self._path / name)
        self._finish(name, day, len(rows))

    def content(self, name: str, day: date, content: bytes, rows: int) -> None:
        """See Place.content."""
        (self._path / name).write_bytes(content)
        self._finish(name, day, rows)

    def bad_file(self, bad: BadFile) -> str:
        """See Place.bad_file."""
        good = min(self._good)
        stem, dot, extension = good.partition(".")
        path = self._path / (bad.name or f"{stem}{bad.suffix}{dot}{extension}")
        path.write_bytes(bad.change((self._path / good).read_bytes()))
        if bad.denied_by_manifest:
            write_manifest(path, sha256=_WRONG_HASH)
        return path.name

    def _finish(self, name: str, day: date, rows: int) -> None:
        self._good.append(name)
        if self.has_manifest(day):
            write_manifest(self._path / name, rows=rows, business_date=day.isoformat())
