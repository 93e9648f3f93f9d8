"""`lake recall` says what it would do and what it cannot do, before anything of the lake changes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from spark_jobs.base.errors import LakeError
from spark_jobs.cli import app
from spark_jobs.control import ledger, recalls
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.recall.recalling import look
from tests.e2e.files import REGISTRY
from tests.unit.ask import small_lake


@pytest.fixture(scope="module", autouse=True)
def _built(lake_home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two days in force, a file that was rejected, and one that was sent twice."""
    small_lake.build(lake_home, tmp_path_factory.mktemp("sent"))


def delivery_of(name: str) -> Delivery:
    found = ledger.in_states(REGISTRY, list(DeliveryState))
    return next(row for row in found if row.object_key.endswith(f"/resident_registry_{name}.csv"))


def recall(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["recall", *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_what_it_would_do_is_shown_and_nothing_is_done() -> None:
    row = delivery_of("20261101")
    shown = recall(row.delivery_id, "--reason", "误报", "--dry-run")
    assert "将撤回" in shown
    assert "silver 4 行，quarantine 2 行，bronze 6 行" in shown
    assert "base.base_person" in shown
    assert "下次同步" not in shown
    said = json.loads(recall(row.delivery_id, "--reason", "误报", "--by", "值班员", "--dry-run", "--json"))
    assert (said["is_new"], said["by"], said["rows"]["silver"], said["carried_on"]) == (False, "值班员", 4, [])
    assert ledger.by_id(row.delivery_id).state == DeliveryState.COMMITTED


def test_one_that_was_recalled_is_said_to_be() -> None:
    row = delivery_of("20261102")
    found = look(row.delivery_id, "误报", "甲")
    recalls.begin(row, found.document)
    shown = recall(row.delivery_id, "--reason", "另一个原因", "--dry-run")
    assert "由 甲 撤回，原因：误报；本次没有改变" in shown
    stale = delivery_of("20261101")
    ledger.change(stale.sequence, claim_epoch=7)
    with pytest.raises(LakeError, match="has gone on since it was looked at"):
        recalls.begin(stale, found.document)


def test_what_cannot_be_recalled_is_said_with_what_to_do() -> None:
    with pytest.raises(LakeError, match="没有可撤回的数据") as refused:
        recall(delivery_of("20261103").delivery_id, "--reason", "误报", "--dry-run")
    assert "无需撤回" in str(refused.value.next_step)


def test_one_of_another_feed_or_itself_corrects_nothing() -> None:
    row = delivery_of("20261101")
    with pytest.raises(LakeError, match="cannot stand in the place"):
        recall(row.delivery_id, "--reason", "误报", "--replaced-by", row.delivery_id, "--dry-run")
    with pytest.raises(LakeError, match="is rejected"):
        recall(row.delivery_id, "--reason", "误报", "--replaced-by", delivery_of("20261103").delivery_id, "--dry-run")
