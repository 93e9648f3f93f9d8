"""What a client of Spark Connect asks an engine again, and how often."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql.connect.client.retries import RetryPolicy

_UNREADABLE = "Exception deserializing response!"
"""gRPC's words for an answer that it could not read; it logs why."""


def few_retries(most: int, longest: int) -> "RetryPolicy":
    """A policy for an engine that does not come back once it is gone, where the default asks for ten minutes.

    An answer that cannot be read is asked for again where it is one message, to a question about settings or a plan:
    asking changes nothing. Of a running plan it is not: an engine need not keep what it has given out.

    Args:
        most: times that something is asked again.
        longest: milliseconds between two of them.
    """
    from grpc import RpcError, StatusCode
    from pyspark.sql.connect.client.retries import DefaultPolicy

    class Few(DefaultPolicy):  # type: ignore[misc]
        def can_retry(self, error: BaseException) -> bool:
            unreadable = (
                isinstance(error, RpcError)
                and not hasattr(error, "__next__")
                and error.code() == StatusCode.INTERNAL
                and error.details() == _UNREADABLE
            )
            return unreadable or bool(super().can_retry(error))

    return Few(max_retries=most, max_backoff=longest)
