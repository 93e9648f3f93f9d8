"""Names as keys, for engines that know no Chinese: simplified, without signs between, and as toneless syllables."""

import re
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_SIGNS = re.compile(r"[^\u3400-\u9fff\U00020000-\U0003ffffA-Za-z0-9]")
_SURNAMES = {"单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha"}


def name_keys(names: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """Name without signs in simplified characters, and its syllables with blanks between; null where there is none."""
    encoded = pc.dictionary_encode(names.combine_chunks())
    plain = [None if name is None else _plain(name) for name in encoded.dictionary.to_pylist()]
    sounds = [None if name is None else _sounds(name) for name in plain]
    return _column(plain, encoded), _column(sounds, encoded)


def _column(keys: list[str | None], encoded: pa.DictionaryArray) -> pa.Array:
    return pa.array(keys, pa.string()).take(encoded.indices)


def _plain(name: str) -> str:
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    return _SIGNS.sub("", name.translate(wide).translate(_simplified()))


@cache
def _simplified() -> dict[int, str]:
    from opencc import OpenCC  # type: ignore[import-untyped]

    convert = OpenCC("t2s").convert
    both = ((code, convert(chr(code))) for code in range(0x4E00, 0x9FA6))
    return {code: form for code, form in both if form != chr(code)}


def _sounds(name: str) -> str:
    return " ".join([_SURNAMES.get(name[:1]) or _sound(name[:1]), *(_sound(c) for c in name[1:])])


@cache
def _sound(character: str) -> Any:
    from pypinyin import Style, pinyin

    return pinyin(character, style=Style.NORMAL)[0][0] if character else ""
