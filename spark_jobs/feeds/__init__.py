"""Custom logic of single feeds: `spark_jobs/feeds/<agency>/<feed>.py`, absent for most."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from expectations.contract.feed import FeedContract
from spark_jobs.base.errors import LakeError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Refinement = Callable[["DataFrame"], "DataFrame"]


def refinement_for(contract: FeedContract) -> Refinement:
    """The function that the contract names in `refine`, the identity where it names none.

    It gets the accepted rows with the columns of silver but validity, and returns as many rows with the same columns.

    Raises:
        LakeError: there is no such function.
    """
    if contract.refine is None:
        return lambda rows: rows
    module = f"spark_jobs.feeds.{contract.agency}.{contract.feed}"
    try:
        found: Refinement = getattr(import_module(module), contract.refine)
    except (ModuleNotFoundError, AttributeError) as error:
        what = f"contract {contract.id} names refine: {contract.refine}, which is not in {module}"
        raise LakeError(what, "write the function there, or take refine out of the contract") from error
    return found
