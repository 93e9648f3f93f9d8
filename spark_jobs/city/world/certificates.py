"""Identifiers of electronic certificates (GB/T 36904-2018, check by ISO 7064 MOD 37,36), whole columns at once."""

import numpy as np
from numpy.typing import NDArray

from spark_jobs.city.world.texts import Texts, fixed_width, joined

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES = np.zeros(128, np.int64)
_VALUES[[ord(character) for character in _CHARACTERS]] = np.arange(36)
_CODES = np.frombuffer(_CHARACTERS.encode(), np.uint8)


def certificate_ids(types: Texts, issuers: Texts, serials: Texts, versions: Texts) -> Texts:
    """The identifiers, dots and check included; each part has one length in all rows."""
    checks = _checks(_matrix(joined(types, issuers, serials, versions)))
    return joined("1.2.156.3005.2", types, issuers, serials, versions, fixed_width(checks[:, None]), separator=".")


def check_of(body: str) -> str:
    """The check character of one identifier's type, issuer, serial and version."""
    return chr(int(_checks(np.frombuffer(body.encode(), np.uint8)[None, :])[0]))


def _matrix(texts: Texts) -> NDArray[np.uint8]:
    rows = [np.frombuffer(text.encode(), np.uint8) for text in texts.to_pylist()]
    return np.stack(rows) if rows else np.zeros((0, 1), np.uint8)


def _checks(bodies: NDArray[np.uint8]) -> NDArray[np.uint8]:
    product = np.full(len(bodies), 36, np.int64)
    for place in range(bodies.shape[1]):
        total = (product + _VALUES[bodies[:, place]]) % 36
        product = np.where(total == 0, 36, total) * 2 % 37
    return _CODES[(37 - product) % 36]
