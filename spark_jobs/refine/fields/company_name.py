"""Names of organisations: one width for brackets, letters and digits."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import SPACE, closed_up, half_width
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain


def parse(text: Column, given: Given) -> Parsing:
    """The name with Chinese brackets （）, half-width letters and digits, and no stray white space."""
    (odd,) = yield (text.rlike(f"[()\uff10-\uff19\uff21-\uff3a\uff41-\uff5a{SPACE}]"),)
    (unified,) = yield (F.when(odd, F.translate(half_width(text), "()", "（）")).otherwise(text),)
    (closed,) = yield (F.when(odd, closed_up(unified, "A-Za-z.,&", "A-Za-z&")).otherwise(unified),)
    return Parsed(
        value=closed,
        notes={"company_name_width": odd & (unified != text), "company_name_spaces": odd & (closed != unified)},
    )


def plain(text: Column, given: Given) -> Plain:
    """Chinese characters and Chinese brackets alone."""
    return Plain(text.rlike("^[\u3400-\u9fff（）]+\\z"), text)
