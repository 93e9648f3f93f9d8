r"""Names of files that are not UTF-8 (names in GBK, mostly) as parts of keys, with `\xb9` for a byte, and back.

A name that reads so itself has `\x5c` for its backslash, so that no two files have one key.
"""

import os
import re

_ESCAPED = re.compile(r"\\(?=x(?:5c|[89a-f][0-9a-f]))")
_ESCAPES = re.compile(r"(?:\\x(?:5c|[89a-f][0-9a-f]))+")


def shown(name: str) -> str:
    """A file's name as part of a key."""
    name = _ESCAPED.sub(r"\\x5c", name)
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    return name


def with_raw_bytes(key: str) -> str:
    """A key with the bytes that it shows, as `os.fsdecode` gives them."""
    return _ESCAPES.sub(lambda raw: os.fsdecode(_raw(raw[0])), key)


def _raw(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))
