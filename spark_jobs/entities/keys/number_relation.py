"""How two numbers of persons or organisations relate: the same, one slip apart, two numbers."""

from enum import IntEnum

from pyspark.sql import Column
from pyspark.sql import functions as F

_NOT_ASKED = -9
"""In place of a distance that would tell nothing."""


class Relation(IntEnum):
    """How two numbers relate, the closer the higher."""

    CONFLICT = -1
    """Both are valid and they differ: what looks like a slip is a neighbour, such as a twin's number."""
    UNRELATED = 0
    """Different by more than one slip."""
    ZEROED_TAIL = 1
    """The first 15 are equal and one ends in 000: a spreadsheet keeps 15 digits."""
    ONE_MORE = 2
    """One has a character that the other lacks."""
    ONE_OTHER = 3
    """One character differs."""
    TRANSPOSED = 4
    """Two neighbours changed places."""
    OLD_FORM = 5
    """One is the other's form of 15 digits, from before 1999."""
    EQUAL = 6


def damage(a: Column, b: Column) -> Column:
    """How two numbers, as written, relate as texts: a level of `Relation`, null where one is absent."""
    return _level(a, b, F.levenshtein(a, b, 2))


def number_relation(a: Column, valid_a: Column, b: Column, valid_b: Column) -> Column:
    """Like `damage`, where both are valid and differ a conflict: one slip never makes a valid number of another.

    MOD 11-2 (GB 11643) and the check of GB 32100 detect every wrong character and every transposition of neighbours,
    so two valid numbers that are one slip apart are two numbers.

    Args:
        a: a number as written.
        valid_a: the valid number in it, null where there is none.
        b: the other as written.
        valid_b: the valid number in that.
    """
    are_valid = valid_a.isNotNull() & valid_b.isNotNull()
    distance = F.coalesce(F.levenshtein(F.when(~are_valid, a), b, 2), F.lit(_NOT_ASKED))
    of_valid = (
        F.when((distance == _NOT_ASKED) & (valid_a != valid_b), Relation.CONFLICT)
        .when((distance == _NOT_ASKED) & (valid_a == valid_b) & (F.length(a) != F.length(b)), Relation.OLD_FORM)
        .when((distance == _NOT_ASKED) & (valid_a == valid_b), Relation.EQUAL)
    )
    return _level(a, b, distance, of_valid)


def _level(a: Column, b: Column, distance: Column, of_valid: Column | None = None) -> Column:
    """The level by the edit distance (-1 for more than 2).

    Every condition looks at the distance: Spark computes once what all conditions of a CASE have in common.
    """
    is_same_length = F.length(a) == F.length(b)
    is_equal = (distance == 0, Relation.EQUAL)
    return (
        (F.when(*is_equal) if of_valid is None else of_valid.when(*is_equal))
        .when((distance == 1) & is_same_length, Relation.ONE_OTHER)
        .when((distance == 2) & is_same_length & _is_transposed(a, b), Relation.TRANSPOSED)
        .when((distance >= -1) & _is_zeroed_tail(a, b), Relation.ZEROED_TAIL)
        .when(distance == 1, Relation.ONE_MORE)
        .when((distance >= -1) & (_is_old_form(a, b) | _is_old_form(b, a)), Relation.OLD_FORM)
        .when(distance >= -1, Relation.UNRELATED)
    )


def _is_transposed(a: Column, b: Column) -> Column:
    """Two neighbours changed places and nothing else, for texts of one length that differ."""
    places = F.sequence(F.lit(1), F.greatest(F.length(a) - 1, F.lit(1)))
    return F.exists(places, lambda at: b == _exchanged(a, at))


def _exchanged(text: Column, at: Column) -> Column:
    """The text with the character at a place, from 1, and the one after it in each other's place."""
    one, next_one = F.substring(text, at, F.lit(1)), F.substring(text, at + 1, F.lit(1))
    return F.concat(F.substring(text, F.lit(1), at - 1), next_one, one, F.substring(text, at + 2, F.length(text)))


def _is_zeroed_tail(a: Column, b: Column) -> Column:
    ends = a.endswith("000") | b.endswith("000")
    return ends & (F.length(a) == 18) & (F.length(b) == 18) & (F.substring(a, 1, 15) == F.substring(b, 1, 15))


def _is_old_form(old: Column, new: Column) -> Column:
    """`old` has 15 characters: `new` without its century and check character."""
    without = F.concat(F.substring(new, 1, 6), F.substring(new, 9, 9))
    return (F.length(old) == 15) & (F.length(new) == 18) & (without == old)
