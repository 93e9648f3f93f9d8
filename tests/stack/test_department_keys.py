"""A department's key puts objects into its own inbox; everything else is tried here, and refused."""

import hashlib
import http.client
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from minio import Minio, MinioAdmin
from minio.commonconfig import CopySource, Tags
from minio.credentials import AssumeRoleProvider, Credentials, StaticProvider
from minio.deleteobjects import DeleteObject
from minio.error import MinioAdminException, S3Error
from minio.signer import sign_v4_s3
from minio.versioningconfig import SUSPENDED, VersioningConfig

from tests.stack.running_stack import Stack

OWN, OTHER = "health", "public_security"
OWN_KEY, OTHER_KEY = f"{OWN}/epidemic_daily/20261101.csv", f"{OTHER}/resident_registry/20261101.csv"
BUCKETS = ("inbox", "outbox", "landing", "lake")


@pytest.fixture(scope="module")
def own(stack: Stack) -> Any:
    """The write-only key of one department, in a lake where every zone holds something to read, list or delete."""
    root = stack.root_client()
    for bucket in BUCKETS:
        for key in (OWN_KEY, OTHER_KEY):
            put(root, bucket, key)
    return stack.inbox_client(OWN)


def put(client: Any, bucket: str, key: str) -> None:
    client.put_object(bucket, key, io.BytesIO(b"rows"), 4)


def tags() -> Any:
    made = Tags.new_object_tags()
    made["approved"] = "yes"
    return made


def contents(stack: Stack) -> set[tuple[str, str, str]]:
    root = stack.root_client()
    listed = [one for bucket in BUCKETS for one in root.list_objects(bucket, recursive=True, include_version=True)]
    return {(one.bucket_name, one.object_name, one.version_id) for one in listed}


def test_a_department_puts_into_its_own_inbox(own: Any, stack: Stack) -> None:
    key = f"{OWN}/epidemic_daily/20261102.csv"
    put(own, "inbox", key)
    assert stack.root_client().stat_object("inbox", key).size == 4


def test_a_department_puts_a_file_of_many_parts(own: Any, stack: Stack) -> None:
    key, size = f"{OWN}/epidemic_daily/20261103.csv", 11 << 20
    own.put_object("inbox", key, io.BytesIO(bytes(size)), size, part_size=5 << 20)
    assert stack.root_client().stat_object("inbox", key).size == size


def test_every_department_has_keys_of_its_own(stack: Stack) -> None:
    folders = sorted((stack.home / "secrets" / "departments").glob("*.json"))
    keys = [stack.department(folder.stem)[box]["secret_key"] for folder in folders for box in ("inbox", "outbox")]
    assert len(keys) == len(set(keys)) >= 16


READS: dict[str, Callable[[Any], Any]] = {
    "list the buckets": lambda own: own.list_buckets(),
    "list the inbox": lambda own: list(own.list_objects("inbox")),
    "list its own inbox": lambda own: list(own.list_objects("inbox", prefix=f"{OWN}/")),
    "list versions of its own inbox": lambda own: list(own.list_objects("inbox", f"{OWN}/", include_version=True)),
    "list another inbox": lambda own: list(own.list_objects("inbox", prefix=f"{OTHER}/")),
    "list the outbox": lambda own: list(own.list_objects("outbox", prefix=f"{OWN}/")),
    "list landing": lambda own: list(own.list_objects("landing", prefix=f"{OWN}/")),
    "list the lake": lambda own: list(own.list_objects("lake")),
    "read what it sent": lambda own: own.get_object("inbox", OWN_KEY),
    "read another inbox": lambda own: own.get_object("inbox", OTHER_KEY),
    "read the outbox": lambda own: own.get_object("outbox", OWN_KEY),
    "read landing": lambda own: own.get_object("landing", OWN_KEY),
    "read the lake": lambda own: own.get_object("lake", OWN_KEY),
    "look at what it sent": lambda own: own.stat_object("inbox", OWN_KEY),
    "read the inbox policy": lambda own: own.get_bucket_policy("inbox"),
    "read tags": lambda own: own.get_object_tags("inbox", OWN_KEY),
}
CHANGES: dict[str, Callable[[Any], Any]] = {
    "delete what it sent": lambda own: own.remove_object("inbox", OWN_KEY),
    "delete in another inbox": lambda own: own.remove_object("inbox", OTHER_KEY),
    "delete landing": lambda own: own.remove_object("landing", OWN_KEY),
    "write another inbox": lambda own: put(own, "inbox", OTHER_KEY),
    "write an agency that begins like its own": lambda own: put(own, "inbox", f"{OWN}_bureau/x.csv"),
    "write its own folder's name": lambda own: put(own, "inbox", OWN),
    "write beside the inboxes": lambda own: put(own, "inbox", "x.csv"),
    "write with an encoded parent": lambda own: put(own, "inbox", f"%2e%2e/{OTHER}/x.csv"),
    "write with an encoded slash": lambda own: put(own, "inbox", f"{OWN}%2f..%2f{OTHER}/x.csv"),
    "write with another case": lambda own: put(own, "inbox", f"{OWN.upper()}/x.csv"),
    "write with a wildcard": lambda own: put(own, "inbox", "*/x.csv"),
    "write the outbox": lambda own: put(own, "outbox", OWN_KEY),
    "write landing": lambda own: put(own, "landing", OWN_KEY),
    "write the lake": lambda own: put(own, "lake", OWN_KEY),
    "copy from another inbox": lambda own: own.copy_object(
        "inbox", f"{OWN}/stolen.csv", CopySource("inbox", OTHER_KEY)
    ),
    "copy from landing": lambda own: own.copy_object("inbox", f"{OWN}/stolen.csv", CopySource("landing", OTHER_KEY)),
    "tag what it sent": lambda own: own.set_object_tags("inbox", OWN_KEY, tags()),
    "make a bucket": lambda own: own.make_bucket("mine"),
    "remove a bucket": lambda own: own.remove_bucket("lake"),
    "open the inbox to all": lambda own: own.set_bucket_policy("inbox", '{"Version":"2012-10-17","Statement":[]}'),
    "stop versioning": lambda own: own.set_bucket_versioning("landing", VersioningConfig(SUSPENDED)),
}


@pytest.mark.parametrize("attempt", READS)
def test_it_cannot_look_anywhere(own: Any, attempt: str) -> None:
    with pytest.raises(S3Error) as refusal:
        READS[attempt](own)
    assert refusal.value.code == "AccessDenied"


@pytest.mark.parametrize("attempt", CHANGES)
def test_it_cannot_change_anything_else(own: Any, stack: Stack, attempt: str) -> None:
    before = contents(stack)
    with pytest.raises(S3Error) as refusal:
        CHANGES[attempt](own)
    assert refusal.value.code == "AccessDenied"
    assert contents(stack) == before


def test_a_batch_deletion_is_refused_object_by_object(own: Any, stack: Stack) -> None:
    before = contents(stack)
    errors = list(own.remove_objects("inbox", [DeleteObject(OWN_KEY), DeleteObject(OTHER_KEY)]))
    assert [error.code for error in errors] == ["AccessDenied", "AccessDenied"]
    assert contents(stack) == before


@pytest.mark.parametrize(
    "path",
    [
        f"/inbox/{OWN}/../{OTHER}/x.csv",
        f"/inbox/{OWN}/%2e%2e/{OTHER}/x.csv",
        f"/inbox/{OWN}/..%2f{OTHER}/x.csv",
        f"/inbox/{OWN}/%252e%252e/../../landing/x.csv",
        f"/inbox/{OWN}/../../landing/x.csv",
        f"/inbox//{OTHER}/x.csv",
        f"/inbox/./{OTHER}/x.csv",
        f"/inbox\\..\\landing/{OWN}/x.csv",
    ],
)
def test_a_path_written_by_hand_leads_nowhere_else(own: Any, stack: Stack, path: str) -> None:
    before = contents(stack)
    assert put_by_hand(stack, path) in (400, 403, 404)
    assert contents(stack) == before


def put_by_hand(stack: Stack, path: str) -> int:
    """PUT exactly this path, rightly signed; clients would tidy it up first."""
    keys = stack.department(OWN)["inbox"]
    host, now, digest = (
        urlsplit(stack.settings.s3_endpoint or "").netloc,
        datetime.now(UTC),
        hashlib.sha256(b"rows").hexdigest(),
    )
    headers = {"Host": host, "x-amz-date": now.strftime("%Y%m%dT%H%M%SZ"), "x-amz-content-sha256": digest}
    signed = sign_v4_s3(
        method="PUT",
        url=urlsplit(f"http://{host}{path}"),
        region=stack.settings.s3_region,
        headers=headers,
        credentials=Credentials(keys["access_key"], keys["secret_key"]),
        content_sha256=digest,
        date=now,
    )
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.request("PUT", path, body=b"rows", headers=signed)
    return connection.getresponse().status


ADMINISTRATION: dict[str, Callable[[Any], Any]] = {
    "list users": lambda admin: admin.user_list(),
    "add a user": lambda admin: admin.user_add("intruder", "intruder-secret"),
    "give itself a policy": lambda admin: admin.policy_set("consoleAdmin", user=f"inbox-{OWN}"),
    "make a further key for itself": lambda admin: admin.add_service_account(),
    "look at the server": lambda admin: admin.info(),
}


def temporary(stack: Stack, keys: dict[str, str], policy: str | None) -> Any:
    """A client with credentials that a key has AssumeRole make for itself, for the longest time there is."""
    endpoint = stack.settings.s3_endpoint or ""
    role = AssumeRoleProvider(
        sts_endpoint=endpoint,
        access_key=keys["access_key"],
        secret_key=keys["secret_key"],
        duration_seconds=365 * 24 * 3600,
        policy=policy,
        region=stack.settings.s3_region,
    )
    return Minio(urlsplit(endpoint).netloc, credentials=role, secure=False, region=stack.settings.s3_region)


ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":["arn:aws:s3:::*"]}]}'


@pytest.mark.parametrize("policy", [pytest.param(None, id="its own rights"), pytest.param(ALL, id="all rights")])
def test_credentials_that_a_key_makes_for_itself_are_good_for_nothing(
    own: Any, stack: Stack, policy: str | None
) -> None:
    before = contents(stack)
    inbox, outbox = (temporary(stack, stack.department(OWN)[box], policy) for box in ("inbox", "outbox"))
    attempts: list[Callable[[], Any]] = [
        lambda: put(inbox, "inbox", f"{OWN}/epidemic_daily/20261109.csv"),
        lambda: outbox.get_object("outbox", OWN_KEY),
        lambda: list(outbox.list_objects("outbox", f"{OWN}/")),
        lambda: inbox.list_buckets(),
    ]
    for attempt in attempts:
        with pytest.raises(S3Error) as refusal:
            attempt()
        assert refusal.value.code == "AccessDenied"
    assert contents(stack) == before


@pytest.mark.parametrize("attempt", ADMINISTRATION)
def test_it_cannot_administer(stack: Stack, attempt: str) -> None:
    keys = stack.department(OWN)["inbox"]
    host = urlsplit(stack.settings.s3_endpoint or "").netloc
    admin = MinioAdmin(endpoint=host, credentials=StaticProvider(keys["access_key"], keys["secret_key"]), secure=False)
    with pytest.raises(MinioAdminException, match="AccessDenied"):
        ADMINISTRATION[attempt](admin)


def test_the_receipt_key_reads_its_own_outbox_only(own: Any, stack: Stack) -> None:
    keys = stack.department(OWN)["outbox"]
    reader = stack.client(keys["access_key"], keys["secret_key"])
    assert [one.object_name for one in reader.list_objects("outbox", f"{OWN}/", recursive=True)] == [OWN_KEY]
    assert reader.get_object("outbox", OWN_KEY).read() == b"rows"
    refused: list[Callable[[], Any]] = [
        lambda: list(reader.list_objects("outbox", f"{OTHER}/")),
        lambda: list(reader.list_objects("outbox")),
        lambda: reader.get_object("outbox", OTHER_KEY),
        lambda: reader.get_object("inbox", OWN_KEY),
        lambda: put(reader, "outbox", OWN_KEY),
        lambda: reader.remove_object("outbox", OWN_KEY),
    ]
    for attempt in refused:
        with pytest.raises(S3Error) as refusal:
            attempt()
        assert refusal.value.code == "AccessDenied"


@pytest.mark.parametrize("bucket", ["inbox", "outbox", "landing"])
def test_the_pipeline_itself_deletes_no_delivery(own: Any, stack: Stack, bucket: str) -> None:
    secret = stack.settings.s3_secret_key
    pipeline = stack.client(stack.settings.s3_access_key or "", secret.get_secret_value() if secret else "")
    with pytest.raises(S3Error) as refusal:
        pipeline.remove_object(bucket, OWN_KEY)
    assert refusal.value.code == "AccessDenied"


def test_strangers_are_refused(own: Any, stack: Stack) -> None:
    for client in (stack.client(f"inbox-{OWN}", "wrong-secret"), stack.client("stranger", "wrong-secret")):
        with pytest.raises(S3Error):
            put(client, "inbox", OWN_KEY)
