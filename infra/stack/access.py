"""Buckets and who may do what in them: the pipeline, and two keys for each department."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from minio import Minio, MinioAdmin
from minio.credentials import StaticProvider
from minio.versioningconfig import ENABLED, VersioningConfig

from infra.stack import minio_server
from infra.stack.places import Places
from spark_jobs.base.secret_files import remembered_secrets, write_secret

REGION = "us-east-1"
BUCKETS = ("inbox", "outbox", "landing", "lake")
VERSIONED = ("inbox", "landing", "outbox")
"""What was sent, landed or answered stays, whatever is put over it: the ledger names the version that is ours."""
PIPELINE = "lake-pipeline"
READ = ("s3:GetObject", "s3:GetObjectVersion")
WRITE = ("s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
LIST = ("s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads")

Statement = dict[str, Any]

_NO_FURTHER_KEYS: tuple[Statement, ...] = (
    # Without this MinIO lets every user make service accounts for itself, which outlive a withdrawn key.
    {"Effect": "Deny", "Action": ["admin:*"]},
    # MinIO asks no policy before AssumeRole. What it hands out inherits this one, and is of another type than the
    # user itself: so it is good for nothing, also what was handed out before.
    {
        "Effect": "Deny",
        "Action": ["s3:*"],
        "Resource": ["arn:aws:s3:::*"],
        "Condition": {"StringNotEquals": {"aws:principaltype": ["User"]}},
    },
)
"""A key makes no others: a further one would be nobody's to withdraw."""


def set_up(places: Places, agencies: list[str]) -> dict[str, str]:
    """Make buckets, policies and keys, or leave them as they are; returns the pipeline's secret by its name."""
    host = minio_server.endpoint(places).removeprefix("http://")
    root = StaticProvider(minio_server.ROOT_USER, minio_server.root_secret(places))
    _make_buckets(Minio(host, credentials=root, secure=False, region=REGION))
    admin = MinioAdmin(endpoint=host, credentials=root, secure=False, region=REGION)
    pipeline = remembered_secrets(_users_file(places), (PIPELINE,))
    _add(admin, pipeline, {PIPELINE: pipeline_statements()})
    for agency in agencies:
        _add_department(admin, places, agency)
    return pipeline


def inbox_statements(agency: str) -> list[Statement]:
    """A department's own inbox: putting objects, and nothing else."""
    return [_allow(("s3:PutObject",), f"inbox/{agency}/*")]


def outbox_statements(agency: str) -> list[Statement]:
    """A department's own outbox: listing and reading its receipts and returned rows."""
    listing = _allow(("s3:ListBucket",), "outbox")
    listing["Condition"] = {"StringLike": {"s3:prefix": [f"{agency}/*"]}}
    return [listing, _allow(("s3:GetObject",), f"outbox/{agency}/*")]


def pipeline_statements() -> list[Statement]:
    """The pipeline: it deletes in the lake only, so what was sent, landed or receipted stays."""
    return [
        _allow(LIST, *BUCKETS),
        _allow(READ, *(f"{bucket}/*" for bucket in BUCKETS)),
        _allow(WRITE, *(f"{bucket}/*" for bucket in BUCKETS)),
        _allow(("s3:DeleteObject",), "lake/*"),
    ]


def _make_buckets(client: Any) -> None:
    for bucket in BUCKETS:
        if not client.bucket_exists(bucket):
            client.make_bucket(bucket)
    for bucket in VERSIONED:
        client.set_bucket_versioning(bucket, VersioningConfig(ENABLED))


def _add_department(admin: Any, places: Places, agency: str) -> None:
    users = (f"inbox-{agency}", f"outbox-{agency}")
    keys = remembered_secrets(_users_file(places), users)
    _add(admin, keys, {users[0]: inbox_statements(agency), users[1]: outbox_statements(agency)})
    handed_out = {
        "agency": agency,
        "endpoint": minio_server.endpoint(places),
        "region": REGION,
        "inbox": {"bucket": "inbox", "prefix": f"{agency}/", "access_key": users[0], "secret_key": keys[users[0]]},
        "outbox": {"bucket": "outbox", "prefix": f"{agency}/", "access_key": users[1], "secret_key": keys[users[1]]},
    }
    write_secret(places.secrets / "departments" / f"{agency}.json", json.dumps(handed_out, indent=2))


def _users_file(places: Places) -> Path:
    return places.secrets / "minio_users.json"


def _add(admin: Any, keys: Mapping[str, str], statements: Mapping[str, list[Statement]]) -> None:
    for user, secret in keys.items():
        rules = [*statements[user], *_NO_FURTHER_KEYS]
        admin.policy_add(user, policy={"Version": "2012-10-17", "Statement": rules})
        admin.user_add(user, secret)
        admin.policy_set(user, user=user)


def _allow(actions: tuple[str, ...], *resources: str) -> Statement:
    return {"Effect": "Allow", "Action": list(actions), "Resource": [f"arn:aws:s3:::{one}" for one in resources]}
