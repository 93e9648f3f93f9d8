"""The manifest that a department may put beside a file: what it says of the file, in a form that can be trusted."""

import json
import re
from typing import Any

from expectations.contract.business_date import read_business_date
from expectations.rejections import DeliveryRejected
from spark_jobs.control.in_force import CORRECTS
from spark_jobs.lake.storage.objects import ObjectMissing, ObjectUnreadable, ObjectVersion, Store

SUFFIX = ".manifest.json"
MOST_BYTES = 1_000_000
_MOST_NAME = 255
_SHA256 = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)


class ManifestUnreadable(Exception):  # noqa: N818  (an outcome that intake expects, not a failure)
    """It is no JSON object, perhaps because it is still being written."""


def read_manifest(store: Store, item: ObjectVersion) -> dict[str, Any]:
    """What a manifest says, of the fields that intake keeps: bytes, sha256, rows, business_date, corrects.

    Raises:
        ManifestUnreadable: it is not a JSON object of at most MOST_BYTES.
        DeliveryRejected: `manifest_invalid`, a field has a value that it cannot have, or is there twice;
            `manifest_mismatch`, it is that of another file.
        LakeError: the store cannot be read; nothing is known of the manifest.
    """
    if item.bytes > MOST_BYTES:
        raise ManifestUnreadable
    try:
        content = store.read_bytes(item.zone, item.key)
    except (ObjectMissing, ObjectUnreadable) as error:
        raise ManifestUnreadable from error
    return said_by(content, item.key.removesuffix(SUFFIX).rpartition("/")[2])


def said_by(content: bytes, of: str) -> dict[str, Any]:
    """What the content of a manifest says of the file `of`; see `read_manifest`.

    Raises:
        ManifestUnreadable: it is not a JSON object of at most MOST_BYTES.
        DeliveryRejected: `manifest_invalid`, `manifest_mismatch`.
    """
    if len(content) > MOST_BYTES:
        raise ManifestUnreadable
    try:
        found = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise ManifestUnreadable from error
    if not isinstance(found, dict):
        raise ManifestUnreadable
    said = {name: found[name] for name in _FIELDS if found.get(name) is not None}
    name = found.get("file", of)
    if not isinstance(name, str | None) or name not in {None, of}:
        raise DeliveryRejected("manifest_mismatch", what="文件名", expected=_shown(name), actual=_shown(of))
    for name, value in said.items():
        if not _FIELDS[name](value):
            raise DeliveryRejected("manifest_invalid", field=name)
    return said


def require_hash(manifest: dict[str, Any] | None, sha256: str) -> None:
    """Compare a file's hash with that which its manifest states, if it states one.

    Raises:
        DeliveryRejected: `manifest_mismatch`.
    """
    stated = (manifest or {}).get("sha256")
    if stated and str(stated).lower() != sha256:
        raise DeliveryRejected("manifest_mismatch", what="SHA-256", expected=stated, actual=sha256)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object; which value of a repeated field is meant would be a guess (RFC 8259 section 4)."""
    found = dict(pairs)
    repeated = next((name for name in _FIELDS if sum(key == name for key, _ in pairs) > 1), None)
    if repeated:
        raise DeliveryRejected("manifest_invalid", field=repeated)
    return found


def _shown(name: object) -> str:
    return str(name)[:100].encode("utf-8", "backslashreplace").decode()


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def _is_date(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    try:
        read_business_date(str(value))
    except ValueError:
        return False
    return True


def _is_reference(value: object) -> bool:
    """The number of a receipt, or the name of a file; a text that no query takes is neither."""
    return isinstance(value, str) and 0 < len(value) <= _MOST_NAME and "/" not in value and value.isprintable()


_FIELDS = {
    "bytes": _is_count,
    "sha256": _is_sha256,
    "rows": _is_count,
    "business_date": _is_date,
    CORRECTS: _is_reference,
}
