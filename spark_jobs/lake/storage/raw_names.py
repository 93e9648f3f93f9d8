r"""Names of files that are not UTF-8 (names in GBK, mostly) as parts of keys, with `\xb9` for a byte, and back."""

import os
import re


def shown(name: str) -> str:
    """A file's name as part of a key."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    return name


def with_raw_bytes(key: str) -> str:
    """A key with the bytes that it shows, as `os.fsdecode` gives them; a name that reads so itself is another."""
    return re.sub(r"(?:\\x[89a-f][0-9a-f])+", lambda raw: os.fsdecode(_raw(raw[0])), key)


def _raw(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))
