"""Any name that a file can have, and any bytes of a manifest, end in what intake expects."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.manifest import ManifestUnreadable, read_manifest
from spark_jobs.lake.storage.folder_store import FolderStore
from spark_jobs.lake.storage.objects import ObjectVersion, writable_key
from spark_jobs.lake.storage.raw_names import shown, with_raw_bytes
from spark_jobs.receipts.names import correction_name, notice_stem, receipt_stem
from tests.unit.intake.formats.decoding_cases import CSV, contract_of

FEED = contract_of(CSV)
AT = datetime(2026, 11, 2, tzinfo=UTC)

_PARTS = st.sampled_from(
    [
        b"\\xb9",
        b"\\x5c",
        b"\\",
        b"\xb9",
        b"x5c",
        b"\xe7\x94\xb2",
        b".manifest.json",
        b"\n",
        b"\x1b",
        b"example_20261101",
    ]
    + [b"\xe2\x80\xae", b"%2e", b" ", b".", b"e\xcc\x81", b"\xc3\xa9", b".csv"]
)
NAMES = (
    st.lists(_PARTS | st.binary(min_size=1, max_size=3), min_size=1, max_size=8)
    .map(b"".join)
    .filter(lambda name: not set(b"/\0") & set(name) and name not in {b".", b".."} and len(name) <= 255)
)


@given(names=st.lists(NAMES, min_size=1, max_size=4, unique=True))
def test_files_of_any_names_have_keys_of_their_own_and_are_found_by_them(names: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "inbox", "a", "b")
        folder.mkdir(parents=True)
        for name in names:
            (folder / os.fsdecode(name)).write_bytes(name)
        store = FolderStore(Path(home))
        look = store.look("inbox")
        hidden = [name for name in names if name.startswith(b".")]
        assert len({item.key for item in look.objects} | {odd.key for odd in look.oddities}) == len(names)
        assert len(look.oddities) == len(hidden)
        assert {store.read_bytes("inbox", item.key) for item in look.objects} == set(names) - set(hidden)


@given(name=NAMES)
def test_what_is_given_out_for_any_name_can_be_written(name: bytes) -> None:
    key = shown(os.fsdecode(name))
    assert os.fsencode(with_raw_bytes(key)) == name
    receipt = {"file": key, "business_date": "2026-11-01", "delivery_id": "0123456789abcdef"}
    for given_out in (
        f"{receipt_stem(receipt, FEED)}.receipt.html",
        f"{notice_stem(f'a/b/{key}', 'a', '01234567')}.notice.json",
        correction_name(receipt, FEED),
    ):
        assert writable_key(given_out) == given_out


_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["2026-11-01", "0" * 64]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=3), below, max_size=3),
    max_leaves=6,
)
_FIELDS = st.sampled_from(["file", "bytes", "sha256", "rows", "business_date", "corrects", "x", "\ud800"])
_OBJECTS = st.lists(st.tuples(_FIELDS, _VALUES), max_size=5).map(
    lambda pairs: "{" + ",".join(f"{json.dumps(name)}:{json.dumps(value)}" for name, value in pairs) + "}"
)
MANIFESTS = st.binary(max_size=40) | _OBJECTS.map(str.encode) | _OBJECTS.map(lambda text: text.encode("utf-16"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FolderStore]:
    """A store of one object."""
    home = tmp_path_factory.mktemp("store")
    yield FolderStore(home)
    shutil.rmtree(home)


@given(content=MANIFESTS)
def test_any_manifest_is_read_refused_or_said_to_be_unreadable(store: FolderStore, content: bytes) -> None:
    key = "a/b/example_20261101.csv.manifest.json"
    store.put_bytes("inbox", key, content)
    try:
        said = read_manifest(store, ObjectVersion("inbox", key, "1", len(content), AT))
    except ManifestUnreadable:
        return
    except DeliveryRejected as rejected:
        f"{rejected.message}{rejected.fix}".encode()
        assert rejected.code in {"manifest_invalid", "manifest_mismatch"}
        return
    assert said.keys() <= {"bytes", "sha256", "rows", "business_date", "corrects"}
    assert all(0 <= said[name] < 1 << 63 for name in ("bytes", "rows") if name in said)
    json.dumps(said).encode()
