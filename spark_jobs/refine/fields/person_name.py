"""Names of persons: every character is kept, only the dot and white space are unified."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import SPACE, closed_up, is_ascii
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_DOTS = "•・‧∙⋅･●"
_DAMAGE = "[?？□*＊\ufffd]|[\\[［【][^\\]］】]+[+＋][^\\]］】]+[\\]］】]"
"""A character that an export could not write, or its parts in brackets: 张[王+玉]."""


def parse(text: Column, given: Given) -> Parsing:
    """The name with `·` between its parts and no white space but that between Latin words (GB 18030-2022)."""
    (has_dot,) = yield (~is_ascii(text) & text.rlike(f"[{_DOTS}]"),)
    (has_space,) = yield (text.rlike(f"[{SPACE}]"),)
    dotted = F.when(has_dot, F.translate(text, _DOTS, "·" * len(_DOTS))).otherwise(text)
    (closed,) = yield (F.when(has_space, closed_up(dotted, "A-Za-z.,", "A-Za-z")).otherwise(dotted),)
    return Parsed(
        value=closed,
        breaches={"person_name_damaged": closed.rlike(_DAMAGE)},
        notes={"person_name_dot": has_dot, "person_name_spaces": has_space & (closed != dotted)},
    )


def plain(text: Column, given: Given) -> Plain:
    """Chinese characters alone, and the dot between the parts of a name."""
    return Plain(text.rlike("^[\u3400-\u9fff·]+\\z"), text)
