"""Which worksheets of a workbook are read, and what a receipt says of the others."""

from collections.abc import Sequence

from expectations.contract.formats.xlsx import Xlsx
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.xlsx.count import count_sheet
from spark_jobs.intake.formats.xlsx.survey import Survey
from spark_jobs.intake.formats.xlsx.workbook import Sheet, Workbook

TO_FIX = "更正"
"""Name of the worksheet of rows to fix, where the contract names none."""
_NAMES_SHOWN = 20


def chosen_sheets(workbook: Workbook, options: Xlsx) -> list[Sheet]:
    """The contract's worksheets, in the workbook's order.

    Raises:
        DeliveryRejected: `sheet_missing`, `several_sheets`.
    """
    visible = [sheet for sheet in workbook.sheets if not sheet.is_hidden]
    if options.sheets == "all":
        found = [sheet for sheet in visible if sheet.name not in options.sheets_except and _has_rows(workbook, sheet)]
        return found or _required(visible[:1], "任何可见工作表")
    if options.sheets is not None:
        return _named(workbook, options.sheets)
    if options.sheet is not None:
        return _required([sheet for sheet in workbook.sheets if sheet.name == options.sheet], options.sheet)
    found = _required(visible[:1], "任何可见工作表")
    others = {sheet.part: sheet for sheet in visible[1:]}.values()
    second = next((sheet for sheet in others if _has_rows(workbook, sheet)), None)
    if second is not None:
        raise DeliveryRejected("several_sheets", sheets=listed([found[0].name, second.name]))
    return found


def sheet_to_fix(workbook: Workbook, options: Xlsx) -> Sheet | None:
    """The worksheet that rows to fix are in, if it is one of theirs; where the contract names one, it is that."""
    if options.sheets is None:
        return None
    return next((sheet for sheet in workbook.sheets if sheet.name == TO_FIX), None)


def notes_of(workbook: Workbook, surveys: Sequence[Survey]) -> list[str]:
    """What a receipt says of the worksheets, in Chinese."""
    read = [each.sheet for each in surveys]
    merged = sum(len(each.count.merged) for each in surveys)
    hidden_rows = sum(each.count.hidden_rows for each in surveys)
    formulas = sum(each.count.formulas for each in surveys)
    hidden = [sheet.name for sheet in workbook.sheets if sheet.is_hidden and sheet not in read]
    unread = [sheet.name for sheet in workbook.sheets if not sheet.is_hidden and sheet not in read]
    notes = (
        (merged, f"合并单元格 {merged} 处，各格均取左上角的值"),
        (hidden_rows, f"隐藏行 {hidden_rows} 行，已照常读取"),
        *((sheet.is_hidden, f"工作表“{sheet.name}”是隐藏的，已照常读取") for sheet in read),
        (hidden, f"隐藏工作表 {len(hidden)} 个，未读取：{listed(hidden)}"),
        (unread, f"其他工作表未读取：{listed(unread)}"),
        (formulas, f"公式单元格 {formulas} 个，取保存时的计算结果"),
        (
            len(read) > 1,
            f"工作表 {len(read)} 张：{listed([sheet.name for sheet in read])}；"
            "第二张起，行号前加工作表的序号，如 20000003 为第 2 张的第 3 行",
        ),
        (not any(each.count.rows for each in surveys), "工作表没有数据行"),
    )
    return [text for holds, text in notes if holds]


def listed(names: list[str]) -> str:
    """Names for a message."""
    return "、".join(name[:60] for name in names[:_NAMES_SHOWN]) + ("…" if len(names) > _NAMES_SHOWN else "")


def _named(workbook: Workbook, names: Sequence[str]) -> list[Sheet]:
    found = {sheet.name: sheet for sheet in workbook.sheets}
    missing = [name for name in names if name not in found]
    if missing:
        raise DeliveryRejected("sheet_missing", sheet=listed(missing))
    return [sheet for sheet in workbook.sheets if sheet.name in names]


def _required(found: list[Sheet], wanted: str) -> list[Sheet]:
    if not found:
        raise DeliveryRejected("sheet_missing", sheet=wanted if wanted != "任何可见工作表" else f"（{wanted}）")
    return found[:1]


def _has_rows(workbook: Workbook, sheet: Sheet) -> bool:
    with workbook.open(sheet.part) as part:
        return count_sheet(part, 0).rows > 0
