"""Keys of texts in Latin letters: words, names of firms without legal form, streets in one way of writing.

All take what `text.plain` gives.
"""

from pyspark.sql import Column
from pyspark.sql import functions as F

_LEGAL_FORMS = (
    "inc|incorporated|corp|corporation|co|company|companies|ltd|limited|llc|l l c|llp|lp|plc|pty|pte|pvt|private|"
    "gmbh|mbh|ag|kg|kgaa|ohg|ug|se|sa|s a|sas|sarl|srl|s r l|spa|s p a|sl|bv|b v|nv|n v|ab|as|a s|asa|aps|oy|oyj|"
    "kft|zrt|doo|d o o|sro|s r o|sp z o o|kk|k k|bhd|sdn|tbk|pt|holdings?|group"
)
_STREETS = {
    "street": "st",
    "str": "st",
    "road": "rd",
    "avenue": "ave",
    "av": "ave",
    "boulevard": "blvd",
    "drive": "dr",
    "lane": "ln",
    "court": "ct",
    "place": "pl",
    "square": "sq",
    "terrace": "ter",
    "parkway": "pkwy",
    "highway": "hwy",
    "circle": "cir",
    "crescent": "cres",
    "apartment": "apt",
    "suite": "ste",
    "floor": "fl",
    "building": "bldg",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "saint": "st",
    "mount": "mt",
}


def company_words(text: Column) -> Column:
    """A firm's name without legal forms and articles; the whole name where nothing else is in it."""
    joined = F.regexp_replace(text, r"\b(and|the|of)\b", " ")
    bare = F.trim(F.regexp_replace(F.regexp_replace(joined, rf"\b({_LEGAL_FORMS})\b", " "), " {2,}", " "))
    return F.coalesce(F.nullif(bare, F.lit("")), text)


def street_words(text: Column) -> Column:
    """An address with the usual words for streets and quarters of the compass in their short form."""
    short = F.create_map(*(F.lit(word) for pair in _STREETS.items() for word in pair))
    return F.array_join(F.transform(F.split(text, " "), lambda w: F.coalesce(F.try_element_at(short, w), w)), " ")


def first_word(text: Column) -> Column:
    """The first word."""
    return F.substring_index(text, " ", 1)


def last_word(text: Column) -> Column:
    """The last word."""
    return F.substring_index(text, " ", -1)


def code_words(text: Column) -> Column:
    """The distinct words with a digit in them, such as models and part numbers; null where there are none."""
    found = F.filter(F.array_distinct(F.split(text, " ")), lambda word: word.rlike("[0-9]"))
    return F.when(F.size(found) > 0, F.array_sort(found))
