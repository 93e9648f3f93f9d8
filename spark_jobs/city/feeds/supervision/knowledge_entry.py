"""The knowledge base of supervision: laws, standards, cases and guides, as one JSON document a day."""

import numpy as np

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing
from spark_jobs.city.exchange import exchange_columns, of_exchange, of_item_code
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.moments import changes_of_day
from spark_jobs.city.registers import subject_of_rows
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import choices, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.supervision import DEPARTMENTS, ITEMS, item_codes, item_departments, item_subjects
from spark_jobs.city.world.texts import blank_where, dates, joined, numbers, taken

_ENTRIES = 3 * ITEMS
_KINDS = ["管理条例释义", "检查技术规范", "典型案例", "检查指引", "处罚裁量基准"]
_ABOLISHED = 2


def _entries(city: City, slot: Slot) -> Batch:
    """New entries, and changes of older ones."""
    which, is_new = subject_of_rows(slot, _ENTRIES, slot.rng("rows"))
    keys = keys_of(city.seed, which)
    item, kind = which % ITEMS, choices(keys, "kind of entry", len(_KINDS))
    department = item_departments()[item]
    codes = taken([code for code, _, _ in DEPARTMENTS], department)
    issued = city.today - 400 - choices(keys, "issued", 3000)
    status = np.where(is_new, 0, choices(keys, "status", 3))
    subject = taken(item_subjects(), item)
    columns = {
        "knowledge_code": joined("ZSK", numbers(which, 8)),
        "knowledge_type": numbers(kind + 1),
        "title": joined(subject, taken(_KINDS, kind), "（", numbers(1 + which // ITEMS), "）"),
        "issuing_dept": taken([name for _, name, _ in DEPARTMENTS], department),
        "document_number": joined("咸监〔20", numbers(14 + which % 12), "〕", numbers(1 + which % 90), "号"),
        "supervise_item_code": taken(item_codes(), item),
        "keywords": joined(subject, " 检查 ", taken(_KINDS, kind)),
        "summary": joined("规定对", subject, "实施行政检查的内容、方式和判定要点"),
        "issued_date": dates(issued),
        "effective_date": dates(issued + 30),
        "abolished_date": blank_where(dates(issued + 390), status != _ABOLISHED),
        "status": numbers(status + 1),
    }
    columns |= exchange_columns(slot, changes_of_day(slot), codes, is_new)
    return Batch(columns, [])


DATA = Generated(
    weight=0.1,
    fewest=100,
    rows=each_file(_entries),
    kinds=(
        *of_item_code("supervise_item_code"),
        *of_exchange(),
        missing("title"),
        Kind("date_in_chinese", "issued_date", "none", "", d.rewritten(d.in_chinese_date)),
        Kind("year_alone", "issued_date", "reject", "date_format", d.rewritten(lambda v: v[:4])),
        Kind(
            "in_force_before_issued", "effective_date", "reject", "effective_after_issued", d.rewritten(d.earlier_year)
        ),
        Kind("abolished_without_a_date", "status", "warn", "abolished_when_dated", d.constant("3"), "1"),
        Kind("type_in_words", "knowledge_type", "reject", "unknown_code", d.constant("法律")),
    ),
    bad_files=(BadFile("cut_document", "json_malformed", files.first_part(1, 2), "_cut"),),
)
