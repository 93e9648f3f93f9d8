"""JSON as text of any charset: what it lacks is escaped as RFC 8259, section 7, has it."""

import codecs
import json
from collections.abc import Sequence

from spark_jobs.intake.formats.machinery.charset import GB18030_2022
from spark_jobs.intake.formats.machinery.exported import RowToFix, header_to_fix

JSON_ESCAPES = "lake.json"
"""Name of the handler of encoding errors that writes what a charset lacks as `\\uHHHH`."""

_ALWAYS = {point: json.dumps(chr(point))[1:-1] for point in (*GB18030_2022, 0xFFFD)}
"""Characters that GB 18030 has twice, and the one that says that a text was damaged before."""


def object_to_fix(sources: Sequence[str], row: RowToFix) -> str:
    """A row to fix as an object, its helper columns first; what was null is null."""
    document = dict(zip(header_to_fix(sources), row.cells(), strict=True))
    return json.dumps(document, ensure_ascii=False).translate(_ALWAYS)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error(JSON_ESCAPES, _escaped)
