"""The code lists that refine checks fields against, read from the seeds that dbt also loads."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import PROJECT
from spark_jobs.refine.fields.division_code import OPEN_END
from spark_jobs.refine.fields.known_codes import KnownCodes, Span

SEEDS = PROJECT / "dbt" / "seeds"
_PLACEHOLDER_NAMES = (
    "市辖区",
    "县",
    "省直辖县级行政区划",
    "省直辖行政单位",
    "自治区直辖县级行政区划",
    "直辖县级行政区划",
)
_SAR_AND_TAIWAN = {"710000", "810000", "820000", "830000"}
_NBS_LAST_EDITION = "202306"


@cache
def known_codes(tables: frozenset[str], seeds: Path = SEEDS) -> KnownCodes:
    """Division and country codes, and these code tables.

    Args:
        tables: names of code tables that the contract's columns refer to.
        seeds: folder of the seeds.

    Raises:
        LakeError: a code table has no seed.
    """
    of_tables = {name: frozenset(row["code"] for row in _rows(seeds, name)) for name in tables}
    return replace(of_every_contract(seeds), tables=of_tables)


@cache
def of_every_contract(seeds: Path = SEEDS) -> KnownCodes:
    """Division and country codes, which are known whatever a contract's columns refer to."""
    divisions = _divisions(seeds)
    return KnownCodes(
        divisions=divisions,
        placeholders=frozenset(_placeholders(seeds, divisions)),
        countries=frozenset(row["numeric"] for row in _rows(seeds, "gbt2659_country")),
        tables={},
    )


def _divisions(seeds: Path) -> dict[str, Span]:
    """When each code was in force: by GB/T 2260 to 2019-04, then by NBS 2023-06-30 and MCA 2025-12-31 together."""
    found: dict[str, Span] = {}
    history = list(_rows(seeds, "gb2260_history"))
    editions = sorted({row["last_revision"] for row in history} | {row["first_revision"] for row in history})
    following = dict(zip(editions, [*editions[1:], _NBS_LAST_EDITION], strict=True))
    for row in history:
        earlier = found.get(row["code"], Span("999912", "000001"))
        until = max(earlier.until, following[row["last_revision"]])
        found[row["code"]] = Span(min(earlier.since, row["first_revision"]), until)
    for row in _rows(seeds, "xianning_division_changes"):
        if len(row["old_code"]) > 6:
            found[row["old_code"]] = Span("000001", f"{row['to_release']}12")
    current = [row["code"] for row in _rows(seeds, "divisions_county")]
    current += [row[name] for row in _rows(seeds, "xianning_divisions") for name in ("code", "code12")]
    for code in current:
        found[code] = Span(found[code].since if code in found else "000001", OPEN_END)
    return found


def _placeholders(seeds: Path, divisions: dict[str, Span]) -> Iterator[str]:
    """Six-digit codes that a citizen number cannot begin with, though they are in the lists."""
    names: dict[str, set[str]] = {}
    for source in ("gb2260_history", "divisions_county"):
        for row in _rows(seeds, source):
            names.setdefault(row["code"], set()).add(row["name"])
    for code in divisions:
        if len(code) != 6 or code in _SAR_AND_TAIWAN:
            continue
        if code.endswith("00") or names.get(code, set()) <= set(_PLACEHOLDER_NAMES):
            yield code


def _rows(seeds: Path, name: str) -> Iterator[dict[str, str]]:
    path = seeds / f"{name}.csv"
    if not path.is_file():
        raise LakeError(f"no code table {name}: {path} does not exist", "add the seed, or correct code_table")
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
