"""Scores of a lake that has taken files in: they follow from the receipts that it gave out, and from nothing else."""

import json
from datetime import datetime

import pytest
from typer.testing import CliRunner

from expectations.dimensions import Dimension
from spark_jobs.ask.scores.asked import of_feeds
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.cli import app
from tests.e2e.files import REGISTRY
from tests.unit.ask.small_lake import REASON, SmallLake


def test_scores_follow_from_the_receipts_in_the_outbox(lake: SmallLake) -> None:
    receipts = [json.loads(path.read_text("utf-8")) for path in lake.objects("outbox", "*.receipt.json")]
    accepted = [each for each in receipts if each["rejection"] is None]
    rejected = {each["rejection"]["code"] for each in receipts if each["rejection"]}
    assert rejected == {"line_ends", "duplicate_delivery"}
    (score,) = of_feeds(datetime.now(CITY_TIME).date(), 2)
    agree = [1 - each["reasons"].get(REASON, 0) / each["rows_counted"] for each in accepted]
    assert min(agree) < 1
    assert score.deliveries == len(receipts)
    assert score.dimensions[Dimension.CONSISTENCY].points == pytest.approx(100 * sum(agree) / len(agree))
    # The file whose lines end otherwise, and the one that was sent twice, have no point where their reasons are.
    shares = len(accepted) / (len(accepted) + 1)
    for dimension in (Dimension.CONFORMITY, Dimension.ACCURACY):
        assert score.dimensions[dimension].points == pytest.approx(100 * shares)
    assert score.dimensions[Dimension.ACCESSIBILITY].points == 100


def test_the_command_names_the_reason_that_the_receipt_gives(lake: SmallLake) -> None:
    done = CliRunner().invoke(app, ["scores", "--feed", REGISTRY])
    assert done.exit_code == 0
    assert "出生日期与身份号码第7至14位不一致" in done.output
