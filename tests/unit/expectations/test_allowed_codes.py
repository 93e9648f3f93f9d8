"""A clerk who has written an unknown code is told the known ones, or where they are."""

from expectations.allowed_codes import allowed_codes
from expectations.code_tables import codes_of
from expectations.contract.catalogue import load_feeds


def test_few_codes_are_named_and_of_many_the_first_and_the_place() -> None:
    seen = set()
    for feed in load_feeds():
        told = allowed_codes(feed)
        assert set(told) == {column.name for column in feed.columns if column.type == "code"}
        for column in feed.columns:
            if column.type != "code":
                continue
            codes = tuple(column.values or codes_of(str(column.code_table)))
            is_long = len(codes) > 8
            seen.add((is_long, column.code_table is not None))
            assert f"“{column.source}”可填：{'、'.join(codes[:8])}" in told[column.name]
            assert (f"另有 {len(codes) - 8} 个" in told[column.name]) == is_long
            assert not is_long or (column.code_table or feed.id) in told[column.name]
    assert {is_long for is_long, _ in seen} == {True, False}
