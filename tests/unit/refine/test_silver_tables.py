"""A silver table fits the contract by which it was made, or each delivery would write it anew."""

from pathlib import Path

import pytest

from expectations.contract.catalogue import load_feed, load_feeds
from spark_jobs.base.settings import settings
from spark_jobs.refine import write


@pytest.fixture(autouse=True)
def _new_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    settings.cache_clear()


def test_every_feeds_table_takes_what_its_contract_brings() -> None:
    made = {contract.id: write._fits(write.state_of("silver", contract), contract) for contract in load_feeds()}
    assert [feed for feed, fits in made.items() if not fits] == []


def test_a_contract_with_another_order_needs_another_table() -> None:
    contract = load_feed("public_security/resident_registry")
    changed = contract.model_copy(update={"write": contract.write.model_copy(update={"order": ()})})
    assert contract.write.order
    assert not write._fits(write.state_of("silver", contract), changed)
