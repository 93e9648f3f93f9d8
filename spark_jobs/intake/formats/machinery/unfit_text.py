r"""Characters that a file cannot hold, in the notation that workbooks have for them: `_xHHHH_` (ST_Xstring).

ECMA-376 part 1, 22.9.2.19: HHHH is a UTF-16 code unit in hexadecimal, and `_x005F_` is the underscore of a text that
would be read as such an escape. It is plain ASCII without any delimiter, and a clerk may have met it in Excel.
"""

import codecs
import re

NOTATION = "lake.xstring"
"""Name of the handler of encoding errors that writes what a charset lacks as escapes."""
UNDERSCORE = "_(?=x[0-9A-Fa-f]{4})"
"""An underscore that must be escaped itself; also where only an escape after it would complete the pattern."""
CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f"
"""Control characters but for tab and line breaks, as a class of a regular expression has them."""

_UNFIT = re.compile(f"[{CONTROLS}\ufffd\ud800-\udfff]")
_ESCAPES = re.compile("(?:_x[0-9A-Fa-f]{4}_)+")


def has_unfit_character(text: str) -> bool:
    """Holds a control character other than tab and line breaks, half a surrogate pair, or U+FFFD."""
    return _UNFIT.search(text) is not None


def code_units(text: str) -> str:
    """Every character of a text as an escape, as two of them beyond U+FFFF."""
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join(f"_x{units[at : at + 2].hex().upper()}_" for at in range(0, len(units), 2))


def escape_unfit(text: str, unfit: re.Pattern[str]) -> str:
    """`text` with what matches as escapes; the pattern has UNDERSCORE among its choices."""
    return unfit.sub(lambda match: code_units(match[0]), text)


def restore_unfit(text: str) -> str:
    """The text from which escapes were made.

    An escape of what no table may hold, a half of a surrogate pair or U+FFFD, stays as it is written.
    """
    return _ESCAPES.sub(lambda match: _restored(match[0]), text) if "_x" in text else text


def _restored(escapes: str) -> str:
    units = bytes.fromhex("".join(escapes[at + 2 : at + 6] for at in range(0, len(escapes), 7)))
    text = units.decode("utf-16-be", "surrogatepass")
    return "".join(code_units(char) if char == "\ufffd" or "\ud800" <= char <= "\udfff" else char for char in text)


def _in_notation(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return code_units(error.object[error.start : error.end]), error.end


codecs.register_error(NOTATION, _in_notation)
