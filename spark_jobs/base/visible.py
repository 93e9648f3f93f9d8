"""Text from outside, made safe for a terminal: what it would obey is shown, not sent.

Control characters (ESC begins a terminal's commands), characters that turn the direction of writing, invisible ones
and lone surrogates, which no encoding can write, appear as their code. Characters of private use stay: rare Chinese
names have them.
"""

import json
import re
import unicodedata

_OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode's categories: control, format, surrogate, line and paragraph separators."""
_LOOKED_AT = re.compile(r"[^ -~\u3001-\u303f\u4e00-\u9fff\uff01-\uffee]")
"""All but ASCII's and most of Chinese, which are quickly known to be harmless."""


def visible(text: str, keep: str = "") -> str:
    r"""The text with `\x1b` for ESC, `\u202e` for a turn to the left.

    Args:
        text: from a file, a name, a database or an error about one.
        keep: control characters that the reader wants, such as line ends.
    """
    return _LOOKED_AT.sub(lambda found: _code(found[0]) if _is_obeyed(found[0], keep) else found[0], text)


def visible_json(text: str) -> str:
    """JSON of the same values, in which every such character within a text is escaped as JSON does it."""
    return _LOOKED_AT.sub(lambda found: json.dumps(found[0])[1:-1] if _is_obeyed(found[0], "\n") else found[0], text)


def _is_obeyed(char: str, keep: str) -> bool:
    return unicodedata.category(char) in _OBEYED and char not in keep


def _code(char: str) -> str:
    number = ord(char)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
