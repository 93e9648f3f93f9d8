"""The business date in a file's name, or why the file cannot be taken."""

from datetime import UTC, date, datetime

from expectations.contract.channels import FileOptions
from expectations.contract.file_names import date_in_name, in_words
from expectations.rejections import DeliveryRejected
from spark_jobs.base.settings import CITY_TIME


def date_of_name(arrival: FileOptions, name: str) -> date:
    """The day that a file's name states.

    Raises:
        DeliveryRejected: the name does not follow the pattern, or there is no such day.
    """
    try:
        found = date_in_name(arrival.pattern, name)
    except ValueError as error:
        raise DeliveryRejected("business_date_invalid", value=name) from error
    if found is None:
        raise DeliveryRejected("name_not_recognised", file=name, pattern=in_words(arrival.pattern, _today()))
    return found


def _today() -> date:
    return datetime.now(UTC).astimezone(CITY_TIME).date()
