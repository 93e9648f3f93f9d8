"""One parser for each domain type."""

from spark_jobs.refine.fields import (
    amount,
    codes,
    company_name,
    dates,
    division_code,
    mobile,
    numbers,
    person_name,
    plain_text,
    registration_number,
    resident_id,
    uscc,
)
from spark_jobs.refine.fields.parsed import Parser, PlainReader

PARSERS: dict[str, Parser] = {
    "amount": amount.parse,
    "boolean": numbers.parse_boolean,
    "code": codes.parse,
    "company_name": company_name.parse,
    "date": dates.parse_date,
    "decimal": numbers.parse_decimal,
    "division_code": division_code.parse,
    "integer": numbers.parse_integer,
    "mobile": mobile.parse,
    "person_name": person_name.parse,
    "registration_number": registration_number.parse,
    "resident_id": resident_id.parse,
    "string": plain_text.parse,
    "timestamp": dates.parse_timestamp,
    "uscc": uscc.parse,
}
"""Domain type of domain_types.yml -> parser."""

PLAIN_READERS: dict[str, PlainReader] = {
    "amount": amount.plain,
    "boolean": numbers.plain_boolean,
    "code": codes.plain,
    "company_name": company_name.plain,
    "date": dates.plain_date,
    "decimal": numbers.plain_decimal,
    "division_code": division_code.plain,
    "integer": numbers.plain_integer,
    "mobile": mobile.plain,
    "person_name": person_name.plain,
    "resident_id": resident_id.plain,
    "string": plain_text.plain,
    "timestamp": dates.plain_timestamp,
    "uscc": uscc.plain,
}
"""Domain type -> its short way; a type without one goes the long way always."""
