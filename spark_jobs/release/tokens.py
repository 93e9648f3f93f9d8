"""Tokens by which the marts of a theme know persons: HMAC-SM3 (GM/T 0042, GB/T 32905) of the permanent id by its key.

Two themes have two keys, so what one is given cannot be joined with what another is (PIPL, art. 6; GB/T 37964-2019,
pseudonyms). Who holds a key can find a token again, so keys stay in the lake's home; who holds neither key nor table
cannot. The table is written outside of Spark, which has no SM3.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from expectations.protection import purposes
from spark_jobs.base.errors import LakeError
from spark_jobs.base.secret_files import new_secret, remembered_secrets, write_secret
from spark_jobs.base.settings import settings
from spark_jobs.lake.storage import delta_commits, tables
from spark_jobs.lake.storage.arrow import dataset
from spark_jobs.lake.storage.delta_commits import Signed

TABLE = "person_token"
SCHEMA = pa.schema(dict.fromkeys(("purpose", "person_id", "token", "key_mark"), pa.string()))
_BITS = 128
"""Of the 256 of SM3: among a billion persons two share a token with a chance of one in 10²⁰."""
_SIGNED = Signed("tokens")


@dataclass(frozen=True)
class Standing:
    """How the tokens of a purpose stand.

    Args:
        purpose: the theme.
        tokens: persons who have one by the present key.
        outdated: persons whose token is of an earlier key, until the next build.
    """

    purpose: str
    tokens: int
    outdated: int


def write() -> None:
    """Make the table what the persons and keys are now: hash who is new, forget who is gone, keep the others' rows."""
    known = _stored()
    persons = _persons()
    wanted = [_of_purpose(purpose, known, persons) for purpose in purposes()]
    kept, added = (pa.concat_tables([SCHEMA.empty_table(), *each]) for each in zip(*wanted, strict=True))
    if kept.num_rows < known.num_rows or not tables.exists("restricted", TABLE):
        delta_commits.put("restricted", TABLE, pa.concat_tables([kept, added]), _SIGNED)
    elif added.num_rows:
        delta_commits.add("restricted", TABLE, added, _SIGNED)


def rotate(purpose: str) -> None:
    """Give a purpose another key, and destroy the present one: its tokens lead to nobody any more, nor to each other.

    The next build of the warehouse has the new tokens.

    Raises:
        LakeError: there is no such purpose.
    """
    if purpose not in purposes():
        raise LakeError(f"no mart has tokens for the purpose {purpose!r}", f"choose one of {', '.join(purposes())}")
    write_secret(_key_file(purpose), f'{{"{purpose}": "{new_secret()}"}}')


def standings() -> list[Standing]:
    """How the tokens of each purpose stand."""
    known = _stored()
    found = []
    for purpose in purposes():
        marks = known.filter(pc.field("purpose") == purpose)["key_mark"]
        present = pc.sum(pc.equal(marks, _mark(_key(purpose)))).as_py() or 0
        found.append(Standing(purpose, present, len(marks) - present))
    return found


def token(key: bytes, person_id: str) -> str:
    """The token of a person: 32 hexadecimal digits after `T-`."""
    return "T-" + hmac.digest(key, person_id.encode(), "sm3")[: _BITS // 8].hex()


def _of_purpose(purpose: str, known: pa.Table, persons: pa.Array) -> tuple[pa.Table, pa.Table]:
    """Rows of a purpose that stay, and those that it lacks."""
    key = _key(purpose)
    mark = _mark(key)
    kept = known.filter(
        (pc.field("purpose") == purpose) & (pc.field("key_mark") == mark) & pc.field("person_id").isin(persons)
    )
    lacking = persons.filter(pc.invert(pc.is_in(persons, value_set=kept["person_id"].combine_chunks())))
    return kept, _hashed(purpose, key, mark, lacking)


def _hashed(purpose: str, key: bytes, mark: str, persons: pa.Array) -> pa.Table:
    tokens = [token(key, each) for each in persons.to_pylist()]
    columns: list[Iterable[str]] = [[purpose] * len(tokens), persons, tokens, [mark] * len(tokens)]
    return pa.table([pa.array(each, pa.string()) for each in columns], schema=SCHEMA)


def _stored() -> pa.Table:
    if not tables.exists("restricted", TABLE):
        return SCHEMA.empty_table()
    return dataset("restricted", TABLE).to_table(SCHEMA.names).cast(SCHEMA)


def _persons() -> pa.Array:
    """Permanent ids of all who are known."""
    if not tables.exists("entities", "person"):
        return pa.array([], pa.string())
    ids = dataset("entities", "person").to_table(["person_id"])["person_id"]
    return pc.unique(ids.cast(pa.string())).drop_null()


def _key_file(purpose: str) -> Path:
    return settings().home / "secrets" / "tokens" / f"{purpose}.json"


def _key(purpose: str) -> bytes:
    return bytes.fromhex(remembered_secrets(_key_file(purpose), (purpose,))[purpose])


def _mark(key: bytes) -> str:
    """What a key is known by: eight digits that do not lead back to it."""
    return hmac.digest(key, b"mark", "sm3")[:4].hex()
