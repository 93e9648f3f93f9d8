"""SQL of specs without `try_to_date`, which not every engine has."""

import pytest

from spark_jobs.entities.keys.sql import without_try_to_date


@pytest.mark.parametrize(
    ("sql", "other"),
    [
        ("upper(name)", "upper(name)"),
        ("try_to_date(dob, 'yyyyMMdd')", "cast(try_to_timestamp(dob, 'yyyyMMdd') as date)"),
        ("TRY_TO_DATE (dob)", "cast(try_to_timestamp(dob) as date)"),
        (
            "coalesce(try_to_date(substr(a, 1, (4 + 4)), 'yyyyMMdd'), try_to_date(b, '(dd'))",
            "coalesce(cast(try_to_timestamp(substr(a, 1, (4 + 4)), 'yyyyMMdd') as date), "
            "cast(try_to_timestamp(b, '(dd') as date))",
        ),
        (
            "try_to_date(date_format(try_to_date(a), 'y'), 'y')",
            "cast(try_to_timestamp(date_format(cast(try_to_timestamp(a) as date), 'y'), 'y') as date)",
        ),
        ("name = 'try_to_date(x)'", "name = 'try_to_date(x)'"),
        (
            "name = 'try_to_date(x)' or try_to_date(a) > b",
            "name = 'try_to_date(x)' or cast(try_to_timestamp(a) as date) > b",
        ),
        ("my_try_to_date(a)", "my_try_to_date(a)"),
        ("try_to_date(a", "try_to_date(a"),
    ],
)
def test_a_cast_of_a_timestamp_stands_in_its_place(sql: str, other: str) -> None:
    assert without_try_to_date(sql) == other
