"""What a data engineer sees of the steps of a delivery, whichever process ran them."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import FeedContract
from spark_jobs import cli
from spark_jobs.base.errors import LakeError
from spark_jobs.commands import flow
from spark_jobs.control import steps
from spark_jobs.control.exclusive import exclusive
from spark_jobs.jobs.receive import receive
from spark_jobs.jobs.steps import Work, run_step

FEED = load_feed("health/epidemic_daily")
KILLED = """
import os, signal
from expectations.contract.catalogue import load_feed
from spark_jobs.jobs.steps import run_step
run_step("verify", lambda *_: os.kill(os.getpid(), signal.SIGKILL), load_feed("health/epidemic_daily"), None)
"""


def work_that(result: str | Exception) -> Work:
    def work(_contract: FeedContract, _interval: object) -> list[str]:
        if isinstance(result, Exception):
            raise result
        return [result]

    return work


def state_of(step: str) -> steps.StepState:
    (found,) = (row for row in steps.states(FEED.id) if row.step == step)
    return found


def test_a_step_that_was_done_says_what_it_did(lake_home: Path) -> None:
    run_step("collect", work_that("2 deliveries"), FEED, None)
    seen = state_of("collect")
    assert (seen.state, seen.said, seen.tries) == ("done", "2 deliveries", 1)
    assert seen.ended_at is not None


def test_a_failure_names_its_reason_and_tries_are_counted_until_it_is_done(lake_home: Path) -> None:
    for tries in (1, 2):
        with pytest.raises(LakeError):
            run_step("refine", work_that(LakeError("no space left", "free some")), FEED, None)
        assert (state_of("refine").state, state_of("refine").said) == (
            "failed",
            "no space left; next: free some",
        )
        assert state_of("refine").tries == tries
    run_step("refine", work_that("1 refined"), FEED, None)
    assert (state_of("refine").state, state_of("refine").tries) == ("done", 3)
    run_step("refine", work_that("0 refined"), FEED, None)
    assert state_of("refine").tries == 1


def test_what_an_unexpected_error_says_is_not_kept_as_it_may_hold_values(lake_home: Path) -> None:
    with pytest.raises(ValueError, match="11010519491231002X"):
        run_step("refine", work_that(ValueError("11010519491231002X")), FEED, None)
    assert state_of("refine").said == "ValueError"


def test_a_step_whose_process_died_is_told_from_one_that_runs(lake_home: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED], check=False)
    assert state_of("verify").state == "interrupted"
    with exclusive(steps.lease_of(FEED.id, "verify")):
        assert state_of("verify").state == "running"


def test_deliver_stops_at_the_step_that_fails_and_goes_on_from_there(
    lake_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = LakeError("the engine went away", "run it again")
    monkeypatch.setitem(flow.STEPS, "collect", work_that("collected"))
    monkeypatch.setitem(flow.STEPS, "refine", work_that(gone))
    monkeypatch.setitem(flow.STEPS, "verify", work_that("published"))
    first = CliRunner().invoke(cli.app, ["deliver", FEED.id])
    assert first.exception is gone
    assert (state_of("collect").state, state_of("refine").state) == ("done", "failed")
    assert state_of("verify").begun_at < state_of("collect").begun_at, "verify was not begun"
    monkeypatch.setitem(flow.STEPS, "refine", work_that("refined"))
    assert CliRunner().invoke(cli.app, ["deliver", FEED.id]).exit_code == 0
    shown = CliRunner().invoke(cli.app, ["steps", "--feed", FEED.id]).output
    assert [word for word in ("collect", "refine", "verify") if word in shown] == ["collect", "refine", "verify"]
    assert "failed" not in CliRunner().invoke(cli.app, ["steps", "--feed", FEED.id, "--unfinished"]).output


def test_files_that_are_handed_in_go_through_the_same_steps(lake_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "epidemic_daily_20261101.csv"
    file.write_bytes(b"\xff\xfe no text of this encoding")
    receive(FEED, [file], None)
    seen = state_of("collect")
    assert (seen.state, seen.said) == ("done", "1 file handed in, 0 rows; 1 rejected")
