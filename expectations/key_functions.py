"""The functions that a key of an entity spec can be computed by: names, and how many columns each takes.

What they do is written in Spark expressions in spark_jobs/entities/keys; by this list a spec is checked without Spark.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class KeyFunction:
    """One function.

    Args:
        arguments: how many columns it takes.
        gives: what comes out, for the documentation.
    """

    arguments: int
    gives: str


KEY_FUNCTIONS: dict[str, KeyFunction] = {
    "plain": KeyFunction(1, "lower case, accents and punctuation folded, single spaces"),
    "tokens": KeyFunction(1, "array of the distinct words of `plain`, sorted"),
    "sorted_words": KeyFunction(1, "the same as one text: word order and repetition do not matter"),
    "first_word": KeyFunction(1, "the first word of `plain`"),
    "last_word": KeyFunction(1, "the last word of `plain`"),
    "code_words": KeyFunction(1, "array of the words with a digit in them: models, part numbers"),
    "bigrams": KeyFunction(1, "array of the distinct pairs of neighbouring characters of `plain`"),
    "initials": KeyFunction(1, "first letters of the words of `plain`, in order"),
    "digits": KeyFunction(1, "the digits of a text"),
    "year": KeyFunction(1, "the first year (1500–2099) in a text, as a number"),
    "soundex": KeyFunction(1, "Soundex code of the first Latin word"),
    "company_words": KeyFunction(1, "`plain` without legal forms (Inc, Ltd, GmbH, …) and `the`, `and`, `of`"),
    "street_words": KeyFunction(1, "`plain` with street, road, north and their like in short form"),
    "chinese_name": KeyFunction(1, "a Chinese name in its plain written form: width, spaces, traditional, variants"),
    "chinese_sound": KeyFunction(1, "one character per toneless pinyin, surname readings heeded"),
    "chinese_dialect_sound": KeyFunction(1, "as chinese_sound, with n/l, -n/-ng, s/sh, z/zh, c/ch alike"),
    "chinese_shape": KeyFunction(1, "one character per class of look-alike characters"),
    "chinese_surname": KeyFunction(1, "the surname, compound surnames heeded"),
    "chinese_given_name": KeyFunction(1, "the name without the surname"),
    "citizen_number": KeyFunction(1, "GB 11643 number as delivered: width, spaces, upper X; 15 digits upgraded to 18"),
    "valid_citizen_number": KeyFunction(
        1, "GB 11643 number if check digit and birth date hold and it is no placeholder"
    ),
    "uscc": KeyFunction(1, "GB 32100 code as delivered: width, spaces, upper case"),
    "valid_uscc": KeyFunction(1, "GB 32100 code if its check character holds"),
    "telephone": KeyFunction(1, "a telephone number without country and area code"),
    "organisation_code": KeyFunction(2, "GB 11714 code, from the USCC (characters 9–17) or as delivered"),
    "registration_number": KeyFunction(1, "15-digit business registration number"),
    "company_written": KeyFunction(1, "a company's name in its plain written form: width, brackets, spaces, variants"),
    "company_core": KeyFunction(1, "a company's name without legal form and division"),
    "company_core_sound": KeyFunction(1, "a core with one character per sound, without a misspelt division"),
    "company_core_shape": KeyFunction(1, "a core with one character per look, without a misspelt division"),
    "company_form": KeyFunction(1, "a company's legal form"),
    "company_branch": KeyFunction(1, "what makes a name that of a branch"),
    "address": KeyFunction(1, "an address with width, numerals and building notation made one"),
    "address_remainder": KeyFunction(1, "an address without province, city, county and town"),
    "house_numbers": KeyFunction(1, "the numbers of an address, joined by hyphens"),
}
