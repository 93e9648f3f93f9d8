"""Folders and buckets keep the same promises to intake."""

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from spark_jobs.base.errors import LakeError
from spark_jobs.lake.storage.folder_store import FolderStore
from spark_jobs.lake.storage.paths import Zone
from spark_jobs.lake.storage.s3_store import S3Store
from spark_jobs.lake.storage.store import ObjectGone, Store
from tests.stack.running_stack import Stack


@dataclass(frozen=True)
class Backend:
    store: Store
    delete: Callable[[str], None]
    """Withdraws an object from the inbox, as an operator would."""
    prefix: str
    """The part of the inbox that this test has for itself."""


@pytest.fixture(params=["folder", "s3"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    prefix = f"health/{uuid4().hex}/"
    if request.param == "folder":
        return Backend(FolderStore(tmp_path), lambda key: (tmp_path / "inbox" / key).unlink(), prefix)
    stack: Stack = request.getfixturevalue("stack")
    return Backend(S3Store(stack.settings), lambda key: stack.root_client().remove_object("inbox", key), prefix)


class TestEveryStore:
    def test_what_was_put_is_listed_and_fetched(self, backend: Backend, tmp_path: Path) -> None:
        data = os.urandom(6 << 20)  # more than one part of a multipart upload
        (tmp_path / "source").write_bytes(data)
        backend.store.put_file("inbox", f"{backend.prefix}a.csv", tmp_path / "source")
        (listed,) = backend.store.list("inbox", backend.prefix)
        assert (listed.key, listed.bytes) == (f"{backend.prefix}a.csv", len(data))
        assert abs(datetime.now(UTC) - listed.modified) < timedelta(minutes=1)
        assert backend.store.fetch(listed, tmp_path / "copy") == hashlib.sha256(data).hexdigest()
        assert (tmp_path / "copy").read_bytes() == data

    def test_an_empty_object_is_an_object(self, backend: Backend, tmp_path: Path) -> None:
        backend.store.put_bytes("inbox", f"{backend.prefix}empty.csv", b"")
        (listed,) = backend.store.list("inbox", backend.prefix)
        assert backend.store.fetch(listed, tmp_path / "copy") == hashlib.sha256(b"").hexdigest()

    def test_only_the_newest_version_is_listed(self, backend: Backend) -> None:
        key = f"{backend.prefix}a.csv"
        backend.store.put_bytes("inbox", key, b"first")
        (first,) = backend.store.list("inbox", backend.prefix)
        backend.store.put_bytes("inbox", key, b"second!")
        (second,) = backend.store.list("inbox", backend.prefix)
        assert (second.bytes, second.version != first.version) == (7, True)
        assert backend.store.read_bytes("inbox", key) == b"second!"

    def test_the_same_content_again_changes_nothing_for_readers(self, backend: Backend) -> None:
        for _ in range(2):
            backend.store.put_bytes("landing", f"{backend.prefix}same", b"same")
        assert [one.bytes for one in backend.store.list("landing", backend.prefix)] == [4]
        assert backend.store.read_bytes("landing", f"{backend.prefix}same") == b"same"

    def test_listing_is_by_arrival_and_then_key(self, backend: Backend) -> None:
        for name in ("b", "a", "folder/c"):
            backend.store.put_bytes("inbox", backend.prefix + name, b"x")
        found = list(backend.store.list("inbox", backend.prefix))
        assert len(found) == 3
        assert found == sorted(found, key=lambda one: (one.modified, one.key))

    def test_a_prefix_without_slash_is_text(self, backend: Backend) -> None:
        for name in ("tax/a", "tax_office/a", "water/a"):
            backend.store.put_bytes("inbox", backend.prefix + name, b"x")
        found = {one.key for one in backend.store.list("inbox", f"{backend.prefix}tax")}
        assert found == {f"{backend.prefix}tax/a", f"{backend.prefix}tax_office/a"}

    @pytest.mark.parametrize(
        "name", ["居民登记.csv", "👻.csv", "a b+c.csv", "%2e%2e%2fa.csv", "a&b=<c>.csv", "'\";.csv"]
    )
    def test_names_are_kept_to_the_letter(self, backend: Backend, tmp_path: Path, name: str) -> None:
        backend.store.put_bytes("inbox", backend.prefix + name, b"x")
        (listed,) = backend.store.list("inbox", backend.prefix)
        assert listed.key == backend.prefix + name
        assert backend.store.fetch(listed, tmp_path / "copy") == hashlib.sha256(b"x").hexdigest()

    @pytest.mark.parametrize("key", ["../x", "/x", "a/../../x", "a//x", "a\nb", "a\u202eb", "", ".hidden"])
    def test_keys_that_lead_elsewhere_are_refused(self, backend: Backend, key: str) -> None:
        with pytest.raises(LakeError):
            backend.store.put_bytes("outbox", key, b"x")

    def test_an_object_withdrawn_after_listing_is_gone(self, backend: Backend, tmp_path: Path) -> None:
        backend.store.put_bytes("inbox", f"{backend.prefix}a.csv", b"x")
        (listed,) = backend.store.list("inbox", backend.prefix)
        backend.delete(listed.key)
        with pytest.raises(ObjectGone):
            backend.store.fetch(listed, tmp_path / "copy")
        assert not (tmp_path / "copy").exists()
        assert not backend.store.exists("inbox", listed.key)
        assert list(backend.store.list("inbox", backend.prefix)) == []

    def test_what_is_not_there_is_named(self, backend: Backend) -> None:
        assert not backend.store.exists("outbox", f"{backend.prefix}absent")
        with pytest.raises(LakeError, match="absent"):
            backend.store.read_bytes("outbox", f"{backend.prefix}absent")


class TestBuckets:
    @pytest.fixture
    def store(self, stack: Stack) -> S3Store:
        return S3Store(stack.settings)

    def test_an_object_overwritten_after_listing_is_read_as_listed(self, store: S3Store, tmp_path: Path) -> None:
        prefix = f"health/{uuid4().hex}/"
        store.put_bytes("inbox", f"{prefix}a.csv", b"listed")
        (listed,) = store.list("inbox", prefix)
        store.put_bytes("inbox", f"{prefix}a.csv", b"newer")
        assert store.fetch(listed, tmp_path / "copy") == hashlib.sha256(b"listed").hexdigest()
        (newer,) = store.list("inbox", prefix)
        assert newer.version != listed.version

    @pytest.mark.parametrize("zone", ["landing", "outbox"])
    def test_what_was_written_is_read_by_its_version_whatever_is_put_over_it(
        self, store: S3Store, tmp_path: Path, zone: Zone
    ) -> None:
        prefix = f"health/{uuid4().hex}/"
        (tmp_path / "source").write_bytes(b"ours")
        written = {
            f"{prefix}file": store.put_file(zone, f"{prefix}file", tmp_path / "source"),
            f"{prefix}bytes": store.put_bytes(zone, f"{prefix}bytes", b"ours"),
        }
        for key in written:
            store.put_bytes(zone, key, b"somebody else's")
        for newest in store.list(zone, prefix):
            version = written[newest.key]
            assert version not in {None, newest.version}
            ours = replace(newest, version=str(version))
            assert store.fetch(ours, tmp_path / "copy") == hashlib.sha256(b"ours").hexdigest()

    def test_without_versioning_an_overwritten_object_is_gone(self, store: S3Store, tmp_path: Path) -> None:
        prefix = f"health/{uuid4().hex}/"
        assert store.put_bytes("lake", f"{prefix}a.csv", b"listed") is None
        (listed,) = store.list("lake", prefix)
        store.put_bytes("lake", f"{prefix}a.csv", b"newer")
        with pytest.raises(ObjectGone):
            store.fetch(listed, tmp_path / "copy")

    def test_listing_goes_on_after_the_first_page(self, store: S3Store) -> None:
        prefix = f"health/{uuid4().hex}/"
        expected = {f"{prefix}居民 {number}" for number in range(1005)}
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda key: store.put_bytes("outbox", key, b""), expected))
        assert {one.key for one in store.list("outbox", prefix)} == expected

    def test_landing_keeps_every_version(self, store: S3Store, stack: Stack) -> None:
        key = f"health/{uuid4().hex}"
        for content in (b"first", b"second"):
            store.put_bytes("landing", key, content)
        versions = stack.root_client().list_objects("landing", prefix=key, include_version=True)
        assert len(list(versions)) == 2

    def test_a_store_that_is_down_is_named_with_the_next_step(self, stack: Stack) -> None:
        nowhere = stack.settings.model_copy(update={"s3_endpoint": "http://127.0.0.1:9"})
        with pytest.raises(LakeError, match=r"no answer from http://127.0.0.1:9"):
            list(S3Store(nowhere, attempts=2).list("inbox"))

    def test_a_wrong_key_is_not_an_empty_listing(self, stack: Stack) -> None:
        wrong = stack.settings.model_copy(update={"s3_secret_key": SecretStr("wrong-secret")})
        with pytest.raises(LakeError, match="SignatureDoesNotMatch"):
            list(S3Store(wrong).list("inbox"))
