"""Addresses: one way to write them, what is left without the divisions, and their numbers.

`folded` takes an address as delivered; the other functions take what `folded` gives.
"""

from functools import cache

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.entities.keys import hanzi
from spark_jobs.entities.keys.divisions import ANY_DIVISION, TOWN
from spark_jobs.entities.keys.patterns import ANY, AT_END

_NUMERALS = "一二三四五六七八九〇零"
_NUMBERED = "(?:[号號栋棟幢座室楼樓层層组組队隊弄门門户戶巷]|[单單]元)"
"""What a number stands before in an address."""
_BETWEEN = "(?:号楼|号院|栋|幢|座|单元|号|室|户|房|层|楼|门|#|之|[-~—–－_/]+)+"
"""What parts the numbers of a building, its unit and its flat; 3栋2单元501室, 3幢2单元501 and 3-2-501 are one."""


def folded(address: Column) -> Column:
    """The address in simplified, half-width characters without white space, numbers in digits, parted by `-`.

    Chinese numerals are read from the first one on that counts something (三栋, 十二组); those of names ahead of it
    (三元村) stay.
    """
    has_numerals = address.rlike(f"[{_NUMERALS}十百]{_NUMBERED}")
    digits = F.when(has_numerals, _with_digits(address)).otherwise(address)
    dashed = F.regexp_replace(F.translate(digits, *_folding()), f"([0-9A-Z]){_BETWEEN}", "$1-")
    return F.nullif(F.regexp_replace(dashed, "第([0-9])|-+$", "$1"), F.lit(""))


def remainder(address: Column) -> Column:
    """The address without province, prefecture, county and town; null where it has no more than those."""
    return F.nullif(F.regexp_replace(address, f"^{ANY_DIVISION}{{0,4}}{TOWN}?", "$1"), F.lit(""))


def house_numbers(address: Column) -> Column:
    """The numbers alone, in order: 12-3-2-501; null where there are none."""
    numbers = F.regexp_extract_all(address, F.lit("[0-9]+"), F.lit(0))
    return F.nullif(F.array_join(numbers, "-"), F.lit(""))


def _with_digits(text: Column) -> Column:
    """Chinese numerals as digits, from the first that counts something on; tens by place (二十三, 十二, 二十, 十)."""
    split = f"^({ANY}*?)([{_NUMERALS}十百]+{_NUMBERED}{ANY}*){AT_END}"
    head = F.regexp_extract(text, split, 1)
    tail = F.translate(F.regexp_extract(text, split, 2), _NUMERALS, "12345678900")
    for pattern, digit in (
        ("百0([0-9])", "0$1"),
        ("百([0-9]十)", "$1"),
        ("百十", "1十"),
        ("百", "00"),
        ("([0-9])十([0-9])", "$1$2"),
        # Again: a digit between two tens is taken by the first.
        ("([0-9])十([0-9])", "$1$2"),
        # A digit behind the group would belong to its number.
        ("([0-9])十", "$1〇"),
        ("〇", "0"),
        ("十([0-9])", "1$1"),
        ("十", "10"),
    ):
        tail = F.regexp_replace(tail, pattern, digit)
    return F.concat(head, tail)


@cache
def _folding() -> tuple[str, str]:
    table = dict(hanzi.written()) | dict.fromkeys("（）()〔〕【】[]，,。.、；;：:", "")
    pairs = sorted(table.items(), key=lambda pair: not pair[1])
    return "".join(char for char, _ in pairs), "".join(to for _, to in pairs)
