"""Where every zone and table is, for Spark (`s3a://` or a path) and for delta-rs (`s3://` or a path)."""

from typing import Literal, get_args

from spark_jobs.base.settings import Settings, settings

Zone = Literal["inbox", "outbox", "landing", "lake"]
Layer = Literal[
    "bronze", "silver", "current", "quarantine", "entities", "staging", "base", "restricted", "marts", "reference"
]
LAYERS: tuple[Layer, ...] = get_args(Layer)
"""`current` has current rows of silver for engines without views; `restricted` is of persons, for the lake and the
departments whose data it is; `marts` is for every analyst."""


def zone_uri(zone: Zone, scheme: Literal["s3", "s3a"] = "s3", at: Settings | None = None) -> str:
    """Root of a zone: a folder below `home`, or a bucket."""
    at = at or settings()
    if at.is_s3:
        return f"{scheme}://{at.bucket_prefix}{zone}"
    return str(at.home / zone)


def table_uri(layer: Layer, table: str, at: Settings | None = None) -> str:
    """Root of a Delta table as delta-rs and PyArrow want it."""
    return f"{zone_uri('lake', 's3', at)}/{layer}/{table}"


def spark_table_uri(layer: Layer, table: str, at: Settings | None = None) -> str:
    """Root of a Delta table as Spark wants it."""
    return f"{zone_uri('lake', 's3a', at)}/{layer}/{table}"


def storage_options(at: Settings | None = None) -> dict[str, str]:
    """What delta-rs needs to reach the store; empty for a folder."""
    at = at or settings()
    if not at.is_s3 or at.s3_access_key is None or at.s3_secret_key is None or at.s3_endpoint is None:
        return {}
    return {
        "AWS_ENDPOINT_URL": at.s3_endpoint,
        "AWS_ACCESS_KEY_ID": at.s3_access_key,
        "AWS_SECRET_ACCESS_KEY": at.s3_secret_key.get_secret_value(),
        "AWS_REGION": at.s3_region,
        "AWS_ALLOW_HTTP": "true",
        "aws_conditional_put": "etag",
    }


def landing_key(feed: str, sha256: str) -> str:
    """Where the raw bytes of a delivery are kept, by their content."""
    return f"{feed}/{sha256[:2]}/{sha256}"
