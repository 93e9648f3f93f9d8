"""Names of persons in Chinese characters: as written today, as they sound, as they look.

Each key is one `translate` from a table of all characters. The tables include every form of `written`, so a key takes
a name as delivered or as `folded` gives it, to the same end. A key is not for display: OpenCC's tables are safe
character by character as a match key only (they make 干 of 乾, 徐乾学's name, and 鹹 of 咸宁's).
"""

from functools import cache

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.entities.keys import hanzi
from spark_jobs.entities.keys.patterns import ANY
from spark_jobs.entities.keys.text import as_arguments

_PARTS = "[\\[［【][^\\]］】]+[+＋][^\\]］】]+[\\]］】]"
"""A character by its parts: [王+玉]."""


def folded(name: Column) -> Column:
    """The name in simplified characters, half-width capitals, `·` between parts, without any white space.

    A character that could not be written (`?`, `□`, `*`, U+FFFD, private use) is one `?`, and so are the parts of a
    character in brackets: 张[王+玉] is 张?.
    """
    return _translated(_whole(name), *_folding())


def homophone(name: Column) -> Column:
    """The name with one character for all of a sound, without tones and dots; 单, 曾, 尉迟 sound as the surnames do."""
    return _translated(_with_surname_sound(name), *_sounding(dialect=False))


def dialect_homophone(name: Column) -> Column:
    """Like `homophone`, looser: sounds that Xianning speech does not tell apart are one (see `hanzi.in_dialect`)."""
    return _translated(_with_surname_sound(name), *_sounding(dialect=True))


def lookalike(name: Column) -> Column:
    """The name with one character for all that look like it, without dots: 己, 已, 巳 are one."""
    return _translated(_whole(name), *_looking())


def surname(name: Column) -> Column:
    """The surname: two characters where they are a compound surname and something follows, else one.

    Of a name with `·` it is the part before; a name in Latin letters has none.

    Args:
        name: as `folded` gives it.
    """
    return F.nullif(F.substring(name, F.lit(1), surname_length(name)), F.lit(""))


def given_name(name: Column) -> Column:
    """What follows the surname; null where nothing does.

    Args:
        name: as `folded` gives it.
    """
    start = surname_length(name) + F.when(name.contains("·"), 2).otherwise(1)
    rest = F.substring(name, start, F.length(name))
    return F.nullif(rest, F.lit(""))


def surname_length(name: Column) -> Column:
    """How many characters of a folded name are the surname: 0 in Latin letters."""
    compounds = sorted(hanzi.compound_surnames())
    is_compound = (F.length(name) > 2) & F.substring(name, 1, 2).isin(compounds)
    return (
        F.when(name.contains("·"), F.instr(name, "·") - 1)
        .when(is_compound, 2)
        .when(name.rlike("^[A-Z]"), 0)
        .when(name.isNotNull(), 1)
    )


def _with_surname_sound(name: Column) -> Column:
    """The name with its surname in characters that always sound as the surname does.

    Few names need it: one look at the first character tells which.
    """
    singles, compounds = hanzi.surname_sounds(), hanzi.compound_surname_sounds()
    heads = "".join(sorted({*singles, *(pair[0] for pair in compounds), *hanzi.SPACES}))
    bare = F.regexp_replace(_whole(name), f"^[{hanzi.SPACES}]+", "")
    single = F.concat(
        F.translate(F.substring(bare, 1, 1), *as_arguments(singles)),
        F.substring(bare, F.lit(2), F.length(bare)),
    )
    pairs = F.create_map(*(F.lit(text) for pair in compounds.items() for text in pair))
    compound = F.concat(pairs[F.substring(bare, 1, 2)], F.substring(bare, F.lit(3), F.length(bare)))
    is_compound = bare.rlike(f"^(?:{'|'.join(compounds)}){ANY}")
    is_special = F.contains(F.lit(heads), F.substring(name, 1, 1))
    return F.when(is_special, F.when(is_compound, compound).otherwise(single)).otherwise(_whole(name))


def _whole(name: Column) -> Column:
    """The name with one `?` for a character that is given by its parts."""
    has_parts = name.contains("+") | name.contains("＋")
    return F.when(has_parts, F.regexp_replace(name, _PARTS, hanzi.WILDCARD)).otherwise(name)


def _translated(name: Column, matching: str, replacing: str) -> Column:
    return F.nullif(F.translate(name, matching, replacing), F.lit(""))


@cache
def _folding() -> tuple[str, str]:
    return as_arguments(hanzi.written())


@cache
def _sounding(dialect: bool) -> tuple[str, str]:
    return as_arguments(hanzi.sounds(dialect))


@cache
def _looking() -> tuple[str, str]:
    return as_arguments(hanzi.shapes())


def prepare() -> None:
    """Make the tables that keys are made by, an eighth of a second, in a process from which others begin."""
    for made in (_folding, _looking, hanzi.surname_sounds, hanzi.compound_surname_sounds, hanzi.compound_surnames):
        made()
    _sounding(dialect=False)
