"""Run a suite over a batch."""

import copy
from typing import Any

from pyspark.sql import DataFrame

from spark_jobs.base.errors import LakeError
from spark_jobs.verify.engine import great_expectations
from spark_jobs.verify.outcome import Check

_COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
"""No value of any row enters a result."""


def validate(suite: dict[str, Any], batch: DataFrame, rows: int, parameters: dict[str, Any]) -> tuple[Check, ...]:
    """What Great Expectations says of a batch, expectation by expectation, in the suite's order.

    Args:
        suite: as `expectations.render.suites.suite` gives it.
        batch: the rows.
        rows: how many there should be; a share of fewer than an expectation's `needs_rows` is not judged.
        parameters: values of the suite's `$PARAMETER`s.

    Raises:
        LakeError: an expectation could not be evaluated.
    """
    judged = [e for e in suite["expectations"] if rows >= e["meta"].get("needs_rows", 0)]
    result = _run(suite["name"], judged, batch, parameters)
    found = {each.expectation_config.meta["number"]: each for each in result.results}
    return tuple(_check(expectation, found[number]) for number, expectation in enumerate(judged))


def _run(name: str, expectations: list[dict[str, Any]], batch: DataFrame, parameters: dict[str, Any]) -> Any:
    gx = great_expectations()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(globally=False)
    source = context.data_sources.add_spark("silver", persist=False)
    definition = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("not yet published")
    numbered = copy.deepcopy(expectations)
    for number, expectation in enumerate(numbered):
        expectation["meta"]["number"] = number
    # A validation definition would keep suite and result too, in stores that end with the context.
    made = gx.ExpectationSuite(name=name, expectations=numbered)
    return definition.get_batch({"dataframe": batch}).validate(
        made, expectation_parameters=parameters, result_format=_COUNTS_ONLY
    )


def _check(expectation: dict[str, Any], found: Any) -> Check:
    column = expectation["kwargs"].get("column")
    if (found.exception_info or {}).get("raised_exception", True):
        # The engine's own message is left out: it may quote a value.
        raise LakeError(
            f"expectation {expectation['type']} on {column or 'the batch'} could not be evaluated",
            "look for the error in the lake server's log, then run verify again",
        )
    unexpected, elements = _counts(found)
    return Check(
        expectation=expectation["type"],
        title=expectation["meta"]["title"],
        column=column,
        success=bool(found.success),
        unexpected_count=unexpected,
        element_count=elements,
        mostly=float(expectation["kwargs"].get("mostly", 1.0)),
    )


def _counts(found: Any) -> tuple[int, int]:
    """Rows that broke an expectation, and rows looked at."""
    if "element_count" in found.result:
        return int(found.result["unexpected_count"]), int(found.result["element_count"])
    rows = int(found.result["observed_value"])
    return abs(rows - int(found.expectation_config.kwargs["value"])), rows
