"""The functions behind the keys of an entity spec, by the names of expectations/key_functions.py."""

import re
from collections.abc import Callable

from pyspark.sql import Column
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.keys import address, chinese_name, company_name, latin, numbers, text
from spark_jobs.entities.keys.sql import expression


def _of_plain(function: Callable[[Column], Column]) -> Callable[..., Column]:
    """A function of plain text, for text as delivered."""
    return lambda column: function(text.plain(column))


FUNCTIONS: dict[str, Callable[..., Column]] = {
    "plain": text.plain,
    "tokens": _of_plain(text.tokens),
    "bigrams": _of_plain(text.bigrams),
    "initials": _of_plain(text.initials),
    "digits": text.digits,
    "year": _of_plain(text.year),
    "soundex": _of_plain(text.sound),
    "sorted_words": _of_plain(text.sorted_words),
    "first_word": _of_plain(latin.first_word),
    "last_word": _of_plain(latin.last_word),
    "code_words": _of_plain(latin.code_words),
    "company_words": _of_plain(latin.company_words),
    "street_words": _of_plain(latin.street_words),
    "chinese_name": chinese_name.folded,
    "chinese_sound": chinese_name.homophone,
    "chinese_dialect_sound": chinese_name.dialect_homophone,
    "chinese_shape": chinese_name.lookalike,
    "chinese_surname": chinese_name.surname,
    "chinese_given_name": chinese_name.given_name,
    "citizen_number": numbers.citizen_number,
    "valid_citizen_number": numbers.valid_citizen_number,
    "telephone": numbers.telephone,
    "uscc": numbers.credit_code,
    "valid_uscc": numbers.valid_credit_code,
    "organisation_code": numbers.organisation_code_of,
    "registration_number": numbers.registration_number,
    "company_written": company_name.folded,
    "company_core": company_name.core,
    "company_core_sound": company_name.core_sound,
    "company_core_shape": company_name.core_shape,
    "company_form": company_name.legal_form,
    "company_branch": company_name.branch,
    "address": address.folded,
    "address_remainder": address.remainder,
    "house_numbers": address.house_numbers,
}

OF_KEYS: dict[tuple[str, str], Callable[..., Column]] = {
    ("valid_citizen_number", "citizen_number"): numbers.valid_of_number,
}
"""What takes the place of a function where its column is a key of another one: the same with less to do."""


def key_batches(spec: EntitySpec) -> list[dict[str, Column]]:
    """Every key of a spec with its expression, in batches: a key reads attributes and keys of earlier batches only.

    Each batch is one pass that moves whole rows, so there are as few as the longest chain of keys is long.
    """
    at: dict[str, int] = {}
    made_by = {key.name: key.by for key in spec.matching.keys}
    batches: list[dict[str, Column]] = []
    for key in spec.matching.keys:
        read = re.findall(r"[a-z][a-z0-9_]*", key.sql) if key.sql is not None else key.of
        at[key.name] = max((at[name] + 1 for name in read if name in at), default=0)
        if at[key.name] == len(batches):
            batches.append({})
        if key.sql is not None:
            found = expression(key.sql)
        else:
            beside = (str(key.by), str(made_by.get(key.of[0])))
            found = OF_KEYS.get(beside, FUNCTIONS[str(key.by)])(*map(F.col, key.of))
        batches[at[key.name]][key.name] = found
    return batches
