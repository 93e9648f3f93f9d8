"""A clerk checks a file before sending it."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from expectations.contract.feed import FeedContract
from spark_jobs.commands.console import contract_of, out, working

if TYPE_CHECKING:
    from spark_jobs.jobs.check_file import Checked


def add_to(app: typer.Typer) -> None:
    """Add check-file."""
    app.command()(check_file)


def check_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE")],
    feed: Annotated[str, typer.Option(metavar="AGENCY/FEED")],
    business_date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y%m%d"])] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Say what a file's receipt would say, and send nothing; status 1 if anything would be rejected or quarantined."""
    from spark_jobs.jobs.check_file import check_file as check

    contract = contract_of(feed)
    with working(f"正在试检 {file.name}"):
        checked = check(contract, file, business_date.date() if business_date else None)
    if as_json:
        out.print_json(json.dumps(checked.document(), ensure_ascii=False))
    else:
        for line in told(checked, contract):
            out.print(line, highlight=False)
    raise typer.Exit(0 if checked.is_good else 1)


def told(checked: "Checked", contract: FeedContract) -> Iterator[str]:
    """The result in Chinese, a line each; counts and reasons, no values."""
    receipt = checked.receipt
    yield f"试检 {receipt['file']}：{contract.title}（{contract.id}）"
    yield from _of_outside(checked, contract)
    yield from _of_counts(receipt, is_only_content=bool(checked.outside.faults))
    yield from _of_reasons("需要改正", receipt["reasons"] if not receipt["rejection"] else {}, receipt)
    if checked.rows:
        yield f"需要改正的行（前 {len(checked.rows)} 行）："
    for row in checked.rows:
        yield f"  第 {row.row_number} 行  {'  '.join(row.reasons)}"
    yield from _of_reasons("可以入库，但请核对", receipt["warnings"], receipt)
    yield from (f"说明：{note}" for note in receipt["notes"])
    yield from _of_before(checked)
    if checked.receipt["status"] == "duplicate":
        yield "结论：内容与以前报送的相同，不必再报送"
    else:
        yield "结论：可以报送" if checked.is_good else "结论：请改正后再报送"
    yield "以上仅为试检：文件没有报送，没有写入任何数据"


def _of_outside(checked: "Checked", contract: FeedContract) -> Iterator[str]:
    outside = checked.outside
    for fault in outside.faults:
        yield f"不会被接收：{fault.message}；{fault.fix}"
    if outside.example:
        yield f"可用的文件名例如：{outside.example}"
    if not outside.faults:
        yield f"文件名符合约定，业务日期 {outside.business_date}"
    if contract.arrival.is_pulled:
        yield f"该资源由数据湖提取：{contract.arrival.describe(contract.id).replace('`', '')}"


def _of_counts(receipt: dict[str, Any], is_only_content: bool) -> Iterator[str]:
    from spark_jobs.receipts.outbox import STATUS

    yield f"{'更正上述问题后，按内容的结果' if is_only_content else '结果'}：{STATUS[receipt['status']]}"
    if receipt["rejection"]:
        yield f"  {receipt['rejection']['message']}；{receipt['rejection']['fix']}"
    if receipt["rows_counted"]:
        parts = (receipt[name] for name in ("rows_counted", "accepted", "quarantined", "rejected"))
        yield "  文件 {:,} 行 = 入库 {:,} + 待改正 {:,} + 未入库 {:,}".format(*parts)


def _of_reasons(heading: str, counts: dict[str, int], receipt: dict[str, Any]) -> Iterator[str]:
    if counts:
        yield f"{heading}（一行可能有多个原因）："
    for code, rows in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        said = receipt["explanations"][code]
        yield f"  {rows:,} 行  {said['message']}（{code}）；{said['fix']}"


def _of_before(checked: "Checked") -> Iterator[str]:
    if not checked.compared:
        yield "说明：本机没有可读的数据湖收件记录，未核对是否与以前报送的文件重复"
    elif checked.receipt["status"] != "duplicate":
        yield "说明：与以前报送的文件没有重复"
    for received in checked.replaces:
        yield f"说明：{received} 收到过同名文件，报送后以新文件为准，原文件的数据不再使用"
