"""Decoding in a child process: what a delivery may use, and who pays when it takes more."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from expectations.rejections import DeliveryRejected
from spark_jobs.base.settings import settings
from spark_jobs.intake.child import connection
from spark_jobs.intake.child.decoded import Decoded, DecodeTask
from spark_jobs.intake.child.decoding import GROUP_TASKS, decode_all
from tests.unit.intake.formats.decoding_cases import CSV, contract_of, decoded

Decode = Callable[..., list[Decoded]]
HEADER = "编号,姓名\n"


@pytest.fixture
def tasks(tmp_path: Path) -> Callable[..., list[DecodeTask]]:
    """Deliveries of these texts or bytes."""

    def make(*contents: str | bytes) -> list[DecodeTask]:
        made = [DecodeTask(f"delivery-{n}", tmp_path / f"{n}") for n in range(len(contents))]
        for task, content in zip(made, contents, strict=True):
            task.path.write_bytes(content.encode() if isinstance(content, str) else content)
        return made

    return make


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server whose decoders do what the delivery says, within small limits."""
    monkeypatch.setattr(connection, "SERVER", "tests.unit.intake.child.hostile_server")
    monkeypatch.setattr(connection, "_idle", [])
    monkeypatch.setenv("LAKE_DECODE_MEMORY", "64MiB")
    monkeypatch.setenv("LAKE_DECODE_CPU_SECONDS", "1")
    monkeypatch.setenv("LAKE_DECODE_WALL_FACTOR", "100")
    monkeypatch.setenv("LAKE_DECODE_SPOOL", "1MiB")
    settings.cache_clear()
    yield
    connection.close_all()


def names(tasks: list[DecodeTask]) -> set[str]:
    """What else lies in the deliveries' folder."""
    return {path.name for path in tasks[0].path.parent.iterdir()} - {task.path.name for task in tasks}


def test_rows_and_accounting_are_those_of_the_decoder(tasks: Callable[..., list[DecodeTask]]) -> None:
    given = tasks(*(f"{HEADER}{n},甲\n{n},乙,丙\n" for n in range(GROUP_TASKS + 3)))
    contract = contract_of(CSV)
    ends = list(decode_all(given, contract))
    assert [end.task for end in ends] == given
    for end in ends:
        table, accounting = decoded(end.task.path, contract)
        assert pa.Table.from_batches(end.batches()).sort_by("_row_number") == table
        assert end.accounting == accounting
        end.discard()
    assert names(given) == set()


def test_a_rejection_comes_with_its_details_and_its_neighbours_stay(tasks: Callable[..., list[DecodeTask]]) -> None:
    given = tasks(f"{HEADER}1,甲\n", f"{HEADER}1,甲".encode() + b"\xff\n", "", f"{HEADER}2,乙\n")
    first, refused, empty, last = decode_all(given, contract_of(CSV))
    assert isinstance(refused.rejected, DeliveryRejected)
    with pytest.raises(DeliveryRejected) as direct:
        decoded(given[1].path, contract_of(CSV))
    assert (refused.rejected.code, refused.rejected.details) == (direct.value.code, direct.value.details)
    assert [each.has_rows for each in (first, refused, empty, last)] == [True, False, False, True]
    assert list(empty.batches()) == []


@pytest.mark.parametrize(
    ("order", "limit"),
    [("hog", "内存"), ("hog_in_one", "内存"), ("spin", "处理器时间"), ("sleep", "处理时间"), ("flood", "展开后")],
)
@pytest.mark.usefixtures("limits")
def test_who_exceeds_a_limit_is_refused_alone(
    tasks: Callable[..., list[DecodeTask]], monkeypatch: pytest.MonkeyPatch, order: str, limit: str
) -> None:
    if order == "sleep":
        monkeypatch.setenv("LAKE_DECODE_WALL_FACTOR", "1")
    given = tasks("behave", "behave", order, "behave")
    ends = list(decode_all(given, contract_of(CSV)))
    refused = ends[2].rejected
    assert refused is not None
    assert refused.code == "decode_limits"
    assert limit in refused.message
    assert [end.accounting.notes if end.accounting else None for end in ends] == [
        ["behaved"],
        ["behaved"],
        None,
        ["behaved"],
    ]
    assert names(given) == {"0.rows", "1.rows", "3.rows"}


@pytest.mark.parametrize(("order", "what"), [("segfault", "SIGSEGV"), ("exit", "exit 3"), ("raise", "ValueError")])
@pytest.mark.usefixtures("limits")
def test_who_brings_the_decoder_down_is_charged_alone(
    tasks: Callable[..., list[DecodeTask]], order: str, what: str
) -> None:
    given = tasks(order, "behave", order, "behave")
    ends = list(decode_all(given, contract_of(CSV)))
    assert [end.failure is not None for end in ends] == [True, False, True, False]
    assert ends[0].failure is not None
    assert ends[0].failure.what == what
    assert order == "exit" or f"_{order}" in ends[0].failure.trace
    assert "RAISE" not in ends[0].failure.trace


@pytest.mark.usefixtures("limits")
def test_the_child_has_none_of_our_environment(
    tasks: Callable[..., list[DecodeTask]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAKE_S3_SECRET_KEY", "secret")
    (end,) = decode_all(tasks("tell_environment"), contract_of(CSV))
    assert end.accounting is not None
    assert not [name for name in end.accounting.notes if name.startswith(("LAKE_", "AWS_", "AIRFLOW"))]
    assert "PYTHONPATH" in end.accounting.notes


@pytest.mark.usefixtures("limits")
def test_who_leaves_early_leaves_no_process_behind(tasks: Callable[..., list[DecodeTask]]) -> None:
    ends = decode_all(tasks("tell_process", "sleep"), contract_of(CSV))
    first = next(ends)
    assert first.accounting is not None
    process = Path("/proc", first.accounting.notes[0])
    assert process.exists()
    ends.close()
    while process.exists():
        time.sleep(0.01)


@pytest.mark.usefixtures("limits")
def test_two_feeds_are_decoded_in_turn(tasks: Callable[..., list[DecodeTask]]) -> None:
    given = tasks("tell_process", "behave", "tell_process", "behave")
    one, other = decode_all(given[:2], contract_of(CSV)), decode_all(given[2:], contract_of(CSV))
    assert [next(one).delivery, next(other).delivery, next(one).delivery, next(other).delivery] == [
        "delivery-0",
        "delivery-2",
        "delivery-1",
        "delivery-3",
    ]


def test_a_server_is_not_shared_with_a_forked_process(
    tasks: Callable[..., list[DecodeTask]], monkeypatch: pytest.MonkeyPatch
) -> None:
    list(decode_all(tasks(HEADER), contract_of(CSV)))
    ours = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: ours + 1)
    assert not connection._idle[-1].is_usable
