"""Take a delivery back."""

import getpass
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spark_jobs.commands.console import out, working

if TYPE_CHECKING:
    from spark_jobs.recall.recalling import Recalled


def add_to(app: typer.Typer) -> None:
    """Add recall."""
    app.command()(recall)


def recall(
    delivery: Annotated[str, typer.Argument(metavar="DELIVERY", help="number of its receipt (回执编号)")],
    reason: Annotated[str, typer.Option("--reason", help="why; its department reads it, so name no person")],
    replaced_by: Annotated[
        str | None, typer.Option("--replaced-by", metavar="DELIVERY", help="the delivery that corrects it")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="who recalls; by default the user of this machine")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="show what it would do, and change nothing")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Take a whole delivery back (撤回): silver is as if it had never come; its department gets a receipt.

    What it had replaced is in force again. Who is who and the warehouse follow with their next run.
    """
    from spark_jobs.recall import recalling

    who = by or getpass.getuser()
    if dry_run:
        found = recalling.look(delivery, reason, who, replaced_by)
    else:
        with working(f"recalling {delivery}"):
            found = recalling.recall(delivery, reason, who, replaced_by)
    if as_json:
        out.print_json(json.dumps(_as_document(found, dry_run), ensure_ascii=False))
    else:
        _show(found, dry_run)


def _as_document(found: "Recalled", dry_run: bool) -> dict[str, Any]:
    row = found.delivery
    return {
        "delivery_id": row.delivery_id,
        "feed": row.feed,
        "file": row.object_key.rsplit("/", 1)[-1],
        "is_new": found.is_new and not dry_run,
        **found.document,
        "restored": [{"delivery_id": each.delivery_id, "state": each.state} for each in found.restored],
        "silver_version": found.silver_version,
        "receipt": ((row.receipt or {}).get("outbox") or {}).get("receipt"),
    }


def _show(found: "Recalled", dry_run: bool) -> None:
    from spark_jobs.base.settings import CITY_TIME

    row, said = found.delivery, found.document
    name = f"{row.feed} {row.object_key.rsplit('/', 1)[-1]} {row.delivery_id}"
    if not found.is_new:
        when = f"{row.closed_at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}" if row.closed_at else "another time"
        _say(f"{name}：已于 {when} 由 {said['by']} 撤回，原因：{said['reason']}；本次没有改变 (recalled before)")
    counts = "，".join(f"{layer} {rows:,} 行" for layer, rows in said["rows"].items())
    if found.is_new:
        _say(f"{name}：{'将' if dry_run else '已'}撤回 ({'would be recalled' if dry_run else 'recalled'})")
    _say(f"  撤回时 (at that time): {counts}；原始记录和待改正的行留存备查 (bronze and quarantine stay, marked)")
    if said["was"] != "committed":
        _say(f"  此前已不在使用 ({said['was']})：没有行需要退出 (it was not in force: no row had to go)")
    for each in said["carried_on"]:
        _say(
            f"  沿用 (carried on by) {each['provider']} {each['feed']}：{each['deliveries']:,} 次报送 "
            f"{each['rows']:,} 行，{each['how']}"
        )
    if said["tables"]:
        _say(f"  使用该资源的库表 (used by): {', '.join(said['tables'])}")
    for one in found.restored:
        _say(f"  恢复处理 (done again): {one.object_key.rsplit('/', 1)[-1]} {one.delivery_id}, now {one.state}")
    for delivery_id in said["restores"] if dry_run else ():
        _say(f"  将恢复使用 (would be in force again): {delivery_id}")
    _next(found, dry_run)


def _next(found: "Recalled", dry_run: bool) -> None:
    """What follows later, and by what."""
    row, said = found.delivery, found.document
    if said["window"]:
        start, end = said["window"]
        _say(f"  {start} 至 {end} 的数据下次同步时重新读取 (read again by: lake collect {row.feed})")
    if dry_run:
        return
    if found.silver_version is not None:
        _say(f"  silver 第 {found.silver_version} 版已发布 (version {found.silver_version} is published)")
    if said["rows"]["silver"]:
        _say("  next: lake resolve --entity …, lake warehouse build，人员、企业的认定和库表随之更正")
    _say(f"  receipt: outbox/{((row.receipt or {}).get('outbox') or {}).get('receipt')}")


def _say(line: str) -> None:
    out.print(line, highlight=False)
