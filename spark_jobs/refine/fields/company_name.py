"""Names of organisations: one width for brackets, letters and digits."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import half_width
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_SPACES = "[\\s\\u00a0\\u3000\\ufeff\\u200b]+"


def parse(text: Column, given: Given) -> Parsing:
    """The name with Chinese brackets （）, half-width letters and digits, and no stray white space."""
    (odd,) = yield (text.rlike("[()\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\\s\u00a0\u3000\ufeff\u200b]"),)
    (unified,) = yield (F.when(odd, F.translate(half_width(text), "()", "（）")).otherwise(text),)
    between_latin = f"(?<![A-Za-z.,&]){_SPACES}|{_SPACES}(?![A-Za-z&])"
    (closed,) = yield (F.when(odd, F.regexp_replace(unified, between_latin, "")).otherwise(unified),)
    return Parsed(
        value=closed,
        notes={"company_name_width": odd & (unified != text), "company_name_spaces": odd & (closed != unified)},
    )


def plain(text: Column, given: Given) -> Plain:
    """Chinese characters and Chinese brackets alone."""
    return Plain(text.rlike("^[\u3400-\u9fff（）]+\\z"), text)
