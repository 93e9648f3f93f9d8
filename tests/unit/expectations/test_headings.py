"""Title and channel of a contract without the rest of it."""

from pathlib import Path

import pytest

from expectations.contract import catalogue
from expectations.contract.catalogue import ContractError, Heading, feed_ids, load_feed, load_heading


def test_it_says_what_the_whole_contract_says() -> None:
    for feed in feed_ids():
        contract = load_feed(feed)
        assert load_heading(feed) == Heading(contract.title, contract.arrival.kind), feed


def test_of_a_contract_that_begins_with_its_columns_the_whole_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (catalogue.FEEDS / "ecology/water_quality.yml").read_text("utf-8")
    head, _, columns = whole.partition("\ncolumns:")
    rest = columns.index("\nwrite:")
    turned = f"columns:{columns[:rest]}\n{head}{columns[rest:]}"
    (tmp_path / "ecology").mkdir()
    (tmp_path / "ecology" / "water_quality.yml").write_text(turned, "utf-8")
    monkeypatch.setattr(catalogue, "FEEDS", tmp_path)
    assert load_heading("ecology/water_quality") == Heading("地表水水质监测", "drop")


def test_a_contract_that_is_not_there_is_named_as_ever() -> None:
    with pytest.raises(ContractError, match="no contract ecology/water_qualities"):
        load_heading("ecology/water_qualities")


def test_a_channel_that_is_none_is_told_as_the_whole_contract_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (catalogue.FEEDS / "ecology/water_quality.yml").read_text("utf-8")
    (tmp_path / "ecology").mkdir()
    (tmp_path / "ecology" / "water_quality.yml").write_text(whole.replace("kind: drop", "kind: pigeon"), "utf-8")
    monkeypatch.setattr(catalogue, "FEEDS", tmp_path)
    with pytest.raises(ContractError, match=r"water_quality\.yml:\d+: arrival"):
        load_heading("ecology/water_quality")
