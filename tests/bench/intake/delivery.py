"""A delivery of any format: a register of twelve columns, none of it true."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from expectations.contract.feed import FeedContract
from spark_jobs.intake.formats import FORMATS
from tests.unit.intake.formats.decoding_cases import contract_of

_NAMES = ("number", "name", "sex", "born", "division", "street", "phone", "kind", "amount", "paid", "changed", "remark")
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋"


def sources(renamed: dict[str, str]) -> list[str]:
    """What the columns are called at the source."""
    return [renamed.get(name, name) for name in _NAMES]


def contract(options: dict[str, Any], renamed: dict[str, str]) -> FeedContract:
    """The contract of such a delivery; `renamed` are columns that the format calls otherwise."""
    columns = [
        {"source": source, "name": name, "type": "string", "sensitivity": "open", "title_en": name}
        for name, source in zip(_NAMES, sources(renamed), strict=True)
    ]
    return contract_of(options, columns=columns)


def write(path: Path, of: FeedContract, rows: int) -> None:
    """Write it by the format's own writer."""
    header = [column.source for column in of.columns]
    FORMATS[of.layout.format].write_sample(path, of.layout, header, _rows(header, rows))


def _rows(header: list[str], count: int) -> Iterator[dict[str, str]]:
    for number in range(count):
        values = (
            f"{number:08d}",
            f"{_SURNAMES[number % 10]}{_GIVEN[number // 10 % 10]}{_GIVEN[number // 7 % 10]}",
            str(number % 2 + 1),
            f"{1950 + number % 60}-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
            f"4212{number % 90 + 10}",
            f"咸宁市咸安区淦河大道{number % 999 + 1}号",
            f"154{number:08d}",
            str(number % 9),
            f"{114 + number % 1000 / 2000:.6f}",
            f"{29 + number % 997 / 1500:.6f}",
            f"2026-11-{number % 28 + 1:02d} 08:{number % 60:02d}:00",
            "" if number % 3 else "变更登记",
        )
        yield dict(zip(header, values, strict=True))
