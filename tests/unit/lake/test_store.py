"""The folder store keeps the promises of Store, and no key or link leads out of a zone."""

import errno
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import Settings
from spark_jobs.lake.storage.folder_store import FolderStore
from spark_jobs.lake.storage.objects import KEY_BYTES, ObjectGone, ObjectVersion, readable_key, writable_key
from spark_jobs.lake.storage.paths import Zone
from spark_jobs.lake.storage.store import S3Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "lake")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "lake" / "inbox"
    folder.mkdir(parents=True)
    return folder


def keys(store: FolderStore, zone: Zone = "inbox", prefix: str = "") -> list[str]:
    return [one.key for one in store.list(zone, prefix)]


def only(store: FolderStore) -> ObjectVersion:
    (one,) = store.list("inbox")
    return one


def test_settings_choose_the_store(tmp_path: Path) -> None:
    at_s3 = Settings(home=tmp_path, s3_endpoint="http://127.0.0.1:1", s3_access_key="a", s3_secret_key="b")
    assert isinstance(open_store(Settings(home=tmp_path, s3_endpoint=None)), FolderStore)
    assert isinstance(open_store(at_s3), S3Store)


def test_a_zone_that_does_not_exist_is_empty(store: FolderStore) -> None:
    assert keys(store, "landing") == []


def test_listing_is_by_arrival_then_key(store: FolderStore, inbox: Path) -> None:
    for key, seconds in (("b/late", 20), ("z/early", 10), ("a/late", 20)):
        store.put_bytes("inbox", key, b"x")
        os.utime(inbox / key, (seconds, seconds))
    assert keys(store) == ["z/early", "a/late", "b/late"]


def test_a_prefix_is_text_and_not_a_folder(store: FolderStore) -> None:
    for key in ("tax/a.csv", "tax_office/a.csv", "water/a.csv"):
        store.put_bytes("inbox", key, b"x")
    assert sorted(keys(store, prefix="tax")) == ["tax/a.csv", "tax_office/a.csv"]
    assert keys(store, prefix="tax/") == ["tax/a.csv"]


def test_hidden_files_links_and_pipes_are_not_objects(store: FolderStore, inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("secret")
    (inbox / ".part-1").write_text("half")
    (inbox / ".hidden").mkdir()
    (inbox / ".hidden" / "a.csv").write_text("x")
    (inbox / "link.csv").symlink_to(tmp_path / "secret.csv")
    (inbox / "folder").symlink_to(tmp_path)
    os.mkfifo(inbox / "pipe.csv")
    assert keys(store) == []


@pytest.mark.parametrize("key", ["link.csv", "folder/secret.csv", "pipe.csv"])
def test_links_and_pipes_cannot_be_read_by_key(store: FolderStore, inbox: Path, tmp_path: Path, key: str) -> None:
    (tmp_path / "secret.csv").write_text("secret")
    (inbox / "link.csv").symlink_to(tmp_path / "secret.csv")
    (inbox / "folder").symlink_to(tmp_path)
    os.mkfifo(inbox / "pipe.csv")
    with pytest.raises(LakeError):
        store.read_bytes("inbox", key)
    assert not store.exists("inbox", key)


def test_nothing_is_written_through_a_link(store: FolderStore, inbox: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (inbox / "folder").symlink_to(outside)
    with pytest.raises(LakeError):
        store.put_bytes("inbox", "folder/deep/a.csv", b"x")
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("name", ["a\nb.csv", "a\u202egpj.csv", "a%2e%2e.csv", "👻.csv", "a\\b.csv", "居民登记.csv"])
def test_names_that_a_sender_chose_are_fetched_as_they_are(store: FolderStore, inbox: Path, name: str) -> None:
    (inbox / name).write_bytes(b"data")
    one = only(store)
    assert one.key == name
    assert store.fetch(one, inbox.parent / "copy") == hashlib.sha256(b"data").hexdigest()


def test_a_file_name_in_gbk_is_listed_readably_and_fetched(store: FolderStore, inbox: Path) -> None:
    os.close(os.open(os.fsencode(inbox) + b"/" + "名单.csv".encode("gbk"), os.O_CREAT))
    one = only(store)
    assert one.key == r"\xc3\xfb\xb5\xa5.csv"
    assert store.fetch(one, inbox.parent / "copy") == hashlib.sha256(b"").hexdigest()


def test_a_file_changed_after_listing_is_gone_and_leaves_no_copy(store: FolderStore, inbox: Path) -> None:
    store.put_bytes("inbox", "a.csv", b"first")
    listed = only(store)
    store.put_bytes("inbox", "a.csv", b"second")
    with pytest.raises(ObjectGone):
        store.fetch(listed, inbox.parent / "copy")
    assert not (inbox.parent / "copy").exists()


def test_a_file_that_grows_while_it_is_read_is_gone(
    store: FolderStore, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox / "a.csv").write_bytes(b"first")
    listed = only(store)

    def copy_and_append(*_: object) -> str:
        with (inbox / "a.csv").open("ab") as growing:
            growing.write(b"more")
        return "digest"

    monkeypatch.setattr("spark_jobs.lake.storage.folder_store._copy", copy_and_append)
    with pytest.raises(ObjectGone):
        store.fetch(listed, inbox.parent / "copy")


def test_a_target_that_cannot_be_written_is_not_a_withdrawal(store: FolderStore, tmp_path: Path) -> None:
    store.put_bytes("inbox", "a.csv", b"x")
    with pytest.raises(LakeError) as failure:
        store.fetch(only(store), tmp_path / "absent" / "copy")
    assert not isinstance(failure.value, ObjectGone)


def test_a_write_that_fails_leaves_what_was_there(
    store: FolderStore, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    store.put_bytes("inbox", "a.csv", b"whole")
    monkeypatch.setattr("spark_jobs.lake.storage.folder_store._copy", full_disk)
    with pytest.raises(LakeError, match=f"no space left on the disk of {inbox}"):
        store.put_file("inbox", "a.csv", inbox / "a.csv")
    assert [path.name for path in inbox.iterdir()] == ["a.csv"]
    assert store.read_bytes("inbox", "a.csv") == b"whole"


@pytest.mark.parametrize("key", ["", "/etc/passwd", "..", "a/../b", "a//b", "a/", "./a", "a\0b", "inbox/../../x"])
def test_a_key_never_leaves_its_zone(store: FolderStore, key: str) -> None:
    with pytest.raises(LakeError):
        store.put_bytes("inbox", key, b"x")
    with pytest.raises(LakeError):
        store.read_bytes("inbox", key)


@pytest.mark.parametrize(
    "key", ["a\nb", "a\u202eb", "a\\b", ".hidden", "a/.part-1", "x" * 256, "字" * 86, "abc/" * 257 + "a"]
)
def test_the_lake_writes_only_plain_keys(key: str) -> None:
    with pytest.raises(LakeError):
        writable_key(key)


def test_the_longest_key_is_written_and_read(store: FolderStore) -> None:
    key = "/".join(["x" * 204] * 5)
    assert len(key) == KEY_BYTES
    store.put_bytes("outbox", key, b"x")
    assert store.read_bytes("outbox", key) == b"x"


@given(st.text(alphabet="./\\ax\0\n%", max_size=12))
def test_no_readable_key_resolves_outside_its_folder(key: str) -> None:
    try:
        readable_key(key)
    except LakeError:
        return
    assert Path(os.path.normpath(Path("/zone") / key)).is_relative_to("/zone/") and os.path.normpath(key) != "."


def test_a_folder_that_cannot_be_read_is_told_and_the_others_are_listed(
    store: FolderStore, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("readable", "locked"):
        (inbox / "agency" / folder).mkdir(parents=True)
        (inbox / "agency" / folder / "rows.csv").write_bytes(b"rows")
    real = os.scandir

    def scandir(path: str) -> Any:
        if str(path).endswith("/locked"):  # the tests may run as root, whom no permission keeps out
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    seen = store.look("inbox", "agency/")
    assert [item.key for item in seen.objects] == ["agency/readable/rows.csv"]
    assert [(odd.key, odd.kind) for odd in seen.oddities] == [("agency/locked", "unreadable")]
