"""The supervision list of all departments, handed in whole once a week: 901 entries, whatever the city's size."""

import numpy as np

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_line, of_quotes
from spark_jobs.city.exchange import every_row_is_new, exchange_columns, of_exchange, of_item_code
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.moments import changes_of_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.supervision import (
    DEPARTMENTS,
    ITEMS,
    check_list_codes,
    item_codes,
    item_departments,
    item_names,
    item_subjects,
)
from spark_jobs.city.world.texts import dates, numbers, repeated, taken

_BASIS = "setting_basis"


def _items(city: City, slot: Slot) -> Batch:
    """The whole list."""
    item = np.arange(slot.first, slot.first + slot.rows)
    department = item_departments()[item]
    codes = taken([code for code, _, _ in DEPARTMENTS], department)
    columns = {
        "supervise_item_code": taken(item_codes(), item),
        "supervise_item_name": taken(item_names(), item),
        "supervise_item_check_icode": taken(check_list_codes(), item),
        "supervise_dept": taken([name for _, name, _ in DEPARTMENTS], department),
        "supervise_dept_code": codes,
        "supervise_type": repeated("1", slot.rows),
        "supervise_object": taken(item_subjects(), item),
        "supervise_mode": taken(["01", "02", "03"], item % 3),
        "implement_level": repeated("3", slot.rows),
        _BASIS: taken(["《中华人民共和国行政处罚法》第四十二条", "《市场主体登记管理条例》第三十八条"], item % 2),
        "is_joint": numbers(item % 5 // 4),
        "valid_from": dates(np.full(slot.rows, slot.business_day - 900) - item % 7 * 30),
        "valid_to": repeated("", slot.rows),
    }
    columns |= exchange_columns(slot, changes_of_day(slot), codes, every_row_is_new(item))
    return Batch(columns, [])


DATA = Generated(
    weight=0,
    fewest=ITEMS,
    rows=each_file(_items),
    kinds=(
        *of_item_code("supervise_item_code"),
        *of_exchange(),
        *of_line(_BASIS, ","),
        *of_quotes(_BASIS),
        missing("supervise_item_name"),
        Kind(
            "list_of_another_body",
            "supervise_item_check_icode",
            "reject",
            "check_list_code_begins_with_department",
            d.rewritten(lambda v: "11420000MFXN999999" + v[18:]),
        ),
        Kind("level_of_county", "implement_level", "warn", "level_agrees_with_check_list", d.constant("4")),
        Kind("ended_before_it_began", "valid_to", "reject", "valid_to_after_valid_from", d.constant("1999-12-31"), ""),
        Kind("joint_in_words", "is_joint", "reject", "boolean_format", d.constant("视情况")),
    ),
    bad_files=(BadFile("gb18030_instead_of_utf8", "encoding_invalid", files.in_gb18030, "_gb"),),
    dates=last_day,
)
