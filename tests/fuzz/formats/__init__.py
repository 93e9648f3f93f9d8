"""How each format is fuzzed: every format of the registry is; a module here by its name may say how it is best done.

A module may have `OPTIONS` to decode with, `WEIGHT` (its share of the time, 1 without it), `seeds()` (files to begin
with), `content(data)` (the file that the fuzzer's bytes stand for) and `deliveries(contracts)` (a strategy). What it
has not, or a format without a module, goes by the format's own samples and rows to fix.
"""

import pkgutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from expectations.contract.feed import FeedContract
from spark_jobs.intake.formats import FORMATS, write_rows_to_fix, write_sample
from spark_jobs.intake.formats.machinery.exported import RowToFix
from tests.fuzz.drawing import Delivery, changed
from tests.unit.intake.formats.decoding_cases import contract_of
from tests.unit.intake.formats.forms import FORMS_OF

_MODULES = {module.name: import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)}
_MOST_FORMS = 8
HERE = Path(__file__).parents[1]
"""Where words and finds are kept."""


def _said(name: str, what: str, otherwise: Any) -> Any:
    return getattr(_MODULES.get(name), what, otherwise)


def _contracts(name: str) -> tuple[FeedContract, ...]:
    options: Sequence[dict[str, Any]] = _said(name, "OPTIONS", FORMS_OF[name][:_MOST_FORMS])
    return tuple(contract_of(each, on_unknown_column=unknown) for each in options for unknown in ("freeze", "rescue"))


CONTRACTS: dict[str, tuple[FeedContract, ...]] = {name: _contracts(name) for name in sorted(FORMATS)}
"""What the deliveries of each format are decoded with."""
WEIGHTS: dict[str, float] = {name: _said(name, "WEIGHT", 1) for name in CONTRACTS}
"""Parts of the time."""


def delivery(name: str, data: bytes) -> Delivery:
    """What the fuzzer's bytes stand for: the first says which contract."""
    content: Callable[[bytes], bytes] = _said(name, "content", bytes)
    return (data[0] if data else 0) % len(CONTRACTS[name]), content(data[1:])


@cache
def seeds(name: str) -> list[bytes]:
    """Bytes to begin with, of every contract."""
    written: list[bytes] = _said(name, "seeds", list)()
    return [
        bytes([number]) + each
        for number, contract in enumerate(CONTRACTS[name])
        for each in [*written, *_samples(contract)]
    ]


def found(name: str) -> list[Path]:
    """Inputs that once broke a decoder."""
    return sorted((HERE / "found" / name).glob("[!.]*"))


def deliveries(name: str) -> st.SearchStrategy[Delivery]:
    """Deliveries that are mostly what their contract says, with what breaks decoders here and there in them."""
    own: Callable[..., st.SearchStrategy[Delivery]] | None = _said(name, "deliveries", None)
    by_bytes = changed(seeds(name)).map(lambda data: delivery(name, data))
    return own(CONTRACTS[name]) | by_bytes if own else by_bytes


def _samples(contract: FeedContract) -> list[bytes]:
    """Rows to fix of the contract, and a sample where its fields have room for one."""
    values = ("1", "甲", '{"x":"=y"}')[: len(contract.columns) + (contract.on_unknown_column == "rescue")]
    with tempfile.TemporaryDirectory() as folder:
        rows = [RowToFix(2, "原因", "=改", values)]
        paths = write_rows_to_fix(contract, lambda part: Path(folder) / f"{part}", rows)
        with suppress(ValueError):
            paths.append(write_sample(contract, Path(folder), n=2))
        return [path.read_bytes() for path in paths]
