"""The codes that a column may have, as a clerk is told of them who has written another."""

from expectations.code_tables import codes_of
from expectations.contract.feed import Column, FeedContract

_SHOWN = 8


def allowed_codes(contract: FeedContract) -> dict[str, str]:
    """For each column of codes, by its name: the first of them in Chinese, how many more, and where all of them are."""
    where = f"数据字典（{contract.agency}/{contract.feed}）"
    return {column.name: _told(column, where) for column in contract.columns if column.type == "code"}


def _told(column: Column, where: str) -> str:
    codes = tuple(column.values) if column.values is not None else codes_of(str(column.code_table))
    listed = "、".join(codes[:_SHOWN])
    if len(codes) <= _SHOWN:
        return f"“{column.source}”可填：{listed}"
    place = f"代码表 {column.code_table}" if column.code_table else where
    return f"“{column.source}”可填：{listed}，另有 {len(codes) - _SHOWN} 个，全部见{place}"
