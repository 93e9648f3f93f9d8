"""Any bytes end in rows that add up, or in a rejection: hypothesis on every decoder, and what once broke one."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.csv.decode import DelimitedDecoder
from spark_jobs.intake.formats.jsonl.decode import JsonLinesDecoder
from tests.fuzz.decoding import check, check_decoder
from tests.fuzz.drawing import Delivery
from tests.fuzz.formats import CONTRACTS, deliveries, delivery, found, seeds

FORMATS = sorted(CONTRACTS)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "delivery"


def ends_well(path: Path, name: str, given_: Delivery) -> bool:
    """All that must hold of decoding holds; whether there are rows."""
    path.write_bytes(given_[1])
    table, _ = check(path, CONTRACTS[name][given_[0]])
    return bool(table)


@pytest.mark.parametrize("name", FORMATS)
def test_what_once_broke_a_decoder_does_so_no_more(path: Path, name: str) -> None:
    for each in found(name):
        ends_well(path, name, delivery(name, each.read_bytes()))


@pytest.mark.parametrize("name", FORMATS)
def test_the_fuzzer_begins_with_deliveries_that_are_read(path: Path, name: str) -> None:
    assert {ends_well(path, name, delivery(name, seed)) for seed in seeds(name)} == {True, False}


@pytest.mark.parametrize("name", FORMATS)
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_delivery(path: Path, name: str, data: st.DataObject) -> None:
    ends_well(path, name, data.draw(deliveries(name)))


@pytest.mark.parametrize("name", FORMATS)
@given(number=st.integers(0, 5), content=st.binary(max_size=300))
def test_any_bytes(path: Path, name: str, number: int, content: bytes) -> None:
    ends_well(path, name, (number, content))


def in_chunks(decoder: type[Any], path: Path, name: str, number: int, size: int) -> Any:
    """The rows with that chunk size, or the code of the rejection."""
    contract = CONTRACTS[name][number]
    try:
        return check_decoder(decoder(path, contract, contract.layout, size), path, contract).to_pylist()
    except DeliveryRejected as rejected:
        return rejected.code


@given(given_=deliveries("csv"), size=st.integers(1, 40))
def test_chunks_do_not_show_in_tables(path: Path, given_: Delivery, size: int) -> None:
    path.write_bytes(given_[1])
    whole, parts = (in_chunks(DelimitedDecoder, path, "csv", given_[0], each) for each in (1 << 20, size))
    assert whole == parts or (isinstance(whole, str) and isinstance(parts, str))


@given(given_=deliveries("jsonl"), size=st.integers(1, 40))
def test_chunks_do_not_show_in_lines(path: Path, given_: Delivery, size: int) -> None:
    path.write_bytes(given_[1])
    whole, parts = (in_chunks(JsonLinesDecoder, path, "jsonl", given_[0], each) for each in (1 << 20, size))
    assert whole == parts or (isinstance(whole, str) and isinstance(parts, str))
