"""Bureau systems that we read: where each is, from the settings and never from a contract."""

from pydantic import SecretStr

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings


def source_url(connection: str, form: str) -> SecretStr:
    """The URL of a source.

    Args:
        connection: its name in LAKE_SOURCES.
        form: what kind of URL it must be, for whoever has to set it.

    Raises:
        LakeError: it is not configured.
    """
    url = settings().sources.get(connection)
    if url is None:
        raise LakeError(
            f"the source {connection} is not configured", f"set LAKE_SOURCES__{connection.upper()} to its {form}"
        )
    return url
