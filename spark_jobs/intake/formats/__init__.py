"""The formats of deliveries: each module here but `machinery` is one, found by the name that contracts use."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from expectations.contract.catalogue import ContractError
from expectations.contract.feed import FeedContract
from expectations.contract.formats import OPTIONS
from expectations.discovery import one_per_module
from expectations.outline import Outline
from expectations.rejections import DeliveryRejected
from expectations.samples import DAY, file_name, sample_rows
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.format import Decoder, Format
from spark_jobs.intake.formats.machinery.header import RESCUED_COLUMN
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.machinery.sample import Sample
from spark_jobs.intake.formats.machinery.sniff import HEAD_BYTES

__all__ = ["FORMATS", "Decoder", "Format", "locate", "open_decoder", "outlined", "write_rows_to_fix", "write_sample"]


def _found() -> dict[str, Format[Any]]:
    found = {name: kind() for name, kind in one_per_module(__name__, __path__, Format, apart={"machinery"}).items()}
    odd = sorted(found.keys() ^ OPTIONS.keys())
    if odd:
        raise TypeError(f"a format needs a module both here and in expectations/contract/formats: {', '.join(odd)}")
    return found


FORMATS: dict[str, Format[Any]] = _found()
"""Each format by its name."""


def open_decoder(path: Path, contract: FeedContract) -> Decoder:
    """The decoder of a local file that does not change, by the contract's format.

    Raises:
        DeliveryRejected: the file is not what the contract says.
    """
    options = contract.layout
    with path.open("rb") as file:
        FORMATS[options.format].sniff(file.read(HEAD_BYTES), options)
    return FORMATS[options.format].decoder(path, contract, options)


def outlined(path: Path) -> Outline:
    """What a contract of files such as this one would say, by the format that finds itself in it.

    Raises:
        ContractError: no format does, or what stands where names should be are none.
    """
    sample = Sample(path)
    try:
        found = next((told for each in FORMATS.values() if (told := each.outline(sample)) is not None), None)
    except DeliveryRejected as rejected:
        raise ContractError(f"{path}: {rejected.message}") from rejected
    if found is None:
        raise ContractError(
            f"{path}: no format finds a header of distinct names in it, or records with names; give a file that has "
            "them, or leave --sample away and describe it by hand: lake keys csv says what a contract says of CSV"
        )
    options = OPTIONS[found.decode["format"]].model_validate(found.decode)
    suffix = next(filter(path.name.lower().endswith, options.suffixes), found.suffix)
    corrected = next((each for each in options.suffixes_to_fix if each not in options.suffixes), "")
    return replace(found, suffix=suffix, corrected=corrected)


def locate(path: Path, contract: FeedContract, place: Place) -> str:
    """The text of a record as it stands in the delivery, by the provenance that decoding gave it."""
    return FORMATS[contract.layout.format].locate(path, contract, contract.layout, place)


def write_sample(contract: FeedContract, folder: Path, n: int = 20, seed: int = 1, business_date: date = DAY) -> Path:
    """Write a synthetic delivery in the form in which the feed is delivered; returns the file.

    Raises:
        ValueError: the arrival pattern is not one that a name can be made for.
    """
    path = folder / file_name(contract, business_date)
    folder.mkdir(parents=True, exist_ok=True)
    header = [column.source for column in contract.columns]
    rows = sample_rows(contract, n, seed, business_date)
    FORMATS[contract.layout.format].write_sample(path, contract.layout, header, rows)
    return path


def write_rows_to_fix(contract: FeedContract, path_of: Callable[[int], Path], rows: Iterable[RowToFix]) -> list[Path]:
    """Write rows to fix as deliveries of the feed that can be corrected and sent again; returns the files.

    Args:
        contract: the feed's contract.
        path_of: where the first file goes, and the second, if one file cannot hold all rows, and so on from 1.
        rows: the rows, in order; memory is bounded by a few of them.
    """
    sources = [column.source for column in contract.columns]
    if contract.on_unknown_column == "rescue":
        sources.append(RESCUED_COLUMN)
    return FORMATS[contract.layout.format].write_rows_to_fix(path_of, contract.layout, sources, rows)
