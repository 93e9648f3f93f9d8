"""Bad JSON documents."""

import json

from tests.e2e.bad_input_cases import Case
from tests.e2e.files import INSTITUTION


def _hospital(number: int, **changed: str) -> str:
    """An institution as JSON; what is changed is JSON already."""
    values = {
        "province": '"湖北省"',
        "city": '"咸宁市"',
        "cityCode": "421200",
        "name": json.dumps(f"测试{number}医院", ensure_ascii=False),
        "address": '""',
        "tel": '""',
        "tags": "[]",
    }
    return "{" + ",".join(f'"{name}":{value}' for name, value in {**values, **changed}.items()) + "}"


def _case(
    id: str, name: str, text: str, rows: tuple[int, int, int, int], reasons: dict[str, int] | None = None
) -> Case:
    status = "rejected" if not rows[0] else "partly_accepted" if rows[2] else "accepted"
    return Case(
        f"B31 {id}", INSTITUTION, f"medical_institution_{name}.json", text.encode(), status, rows, reasons or {}
    )


DOCUMENTS = (
    _case(
        "a key twice",
        "20261101",
        f'[{_hospital(1)},{_hospital(2)[:-1]},"tel":"1"}}]',
        (2, 1, 1, 0),
        {"malformed_record": 1},
    ),
    _case(
        "numbers as they are written",
        "20261102",
        f"[{_hospital(3, tel='1234567890123456789')},{_hospital(4, tel='1e400')},{_hospital(5, tel='-0')}]",
        (3, 3, 0, 0),
    ),
    _case(
        "100,000 brackets in a value",
        "20261103",
        f"[{_hospital(6)},{_hospital(7, tags='[' * 100_000 + ']' * 100_000)}]",
        (2, 1, 1, 0),
        {"malformed_record": 1},
    ),
    _case(
        "half a surrogate pair",
        "20261104",
        f"[{_hospital(8)},{_hospital(9, address=chr(34) + chr(92) + 'ud800' + chr(34))}]",
        (2, 1, 1, 0),
        {"control_character": 1},
    ),
    _case(
        "elements of all kinds",
        "20261105",
        f'[{",".join(map(_hospital, range(20, 25)))},1,"x",null,[{_hospital(11)}]]',
        (9, 5, 4, 0),
        {"malformed_record": 4},
    ),
    _case("a byte order mark", "20261106", f"\ufeff[{_hospital(12)}]", (1, 1, 0, 0)),
    _case("two documents", "20261107", f"[{_hospital(13)}][{_hospital(14)}]", (0, 0, 0, 0), {"json_malformed": 1}),
    _case("text after the end", "20261108", f"[{_hospital(15)}]x", (0, 0, 0, 0), {"json_malformed": 1}),
    _case("an object where an array is agreed", "20261109", _hospital(16), (0, 0, 0, 0), {"json_malformed": 1}),
    _case(
        "lines where an array is agreed",
        "20261110",
        f"{_hospital(17)}\n{_hospital(18)}\n",
        (0, 0, 0, 0),
        {"json_malformed": 1},
    ),
    _case("a comma before the end", "20261111", f"[{_hospital(19)},]", (0, 0, 0, 0), {"json_malformed": 1}),
    _case("no record", "20261112", "[]", (0, 0, 0, 0), {"no_records": 1}),
)
