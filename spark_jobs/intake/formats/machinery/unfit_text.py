r"""Characters that a file cannot hold, in the notation that workbooks have for them: `_xHHHH_` (ST_Xstring).

ECMA-376 part 1, 22.9.2.19: HHHH is a UTF-16 code unit in hexadecimal, and `_x005F_` is the underscore of a text that
would be read as such an escape. It is plain ASCII without any delimiter, and a clerk may have met it in Excel.
"""

import re

UNDERSCORE = "_(?=x[0-9A-Fa-f]{4})"
"""An underscore that must be escaped itself; also where only an escape after it would complete the pattern."""

_ESCAPES = re.compile("(?:_x[0-9A-Fa-f]{4}_)+")


def code_units(text: str) -> str:
    """Every character of a text as an escape, as two of them beyond U+FFFF."""
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join(f"_x{units[at : at + 2].hex().upper()}_" for at in range(0, len(units), 2))


def restore(text: str) -> str:
    """The text from which escapes were made.

    An escape of what no table may hold, a half of a surrogate pair or U+FFFD, stays as it is written.
    """
    return _ESCAPES.sub(lambda match: _restored(match[0]), text) if "_x" in text else text


def _restored(escapes: str) -> str:
    units = bytes.fromhex("".join(escapes[at + 2 : at + 6] for at in range(0, len(escapes), 7)))
    text = units.decode("utf-16-be", "surrogatepass")
    return "".join(code_units(char) if char == "\ufffd" or "\ud800" <= char <= "\udfff" else char for char in text)
