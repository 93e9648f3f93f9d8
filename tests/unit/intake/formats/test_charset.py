"""A file that says in its first bytes that it is in another encoding than agreed upon."""

import codecs

import pytest

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.machinery.charset import charset_of

UTF8 = codecs.BOM_UTF8 + "姓名|性别\n".encode()


@pytest.mark.parametrize("declared", ["gb18030", "gbk", "utf-16"])
def test_a_mark_of_utf8_is_named(declared: str) -> None:
    with pytest.raises(DeliveryRejected) as refused:
        charset_of(UTF8, declared)  # type: ignore[arg-type]
    assert refused.value.code == "encoding_mark"
    assert "UTF-8" in refused.value.message
    assert declared.upper() in refused.value.message


def test_a_head_that_ends_within_a_character_is_known_too() -> None:
    with pytest.raises(DeliveryRejected, match="encoding_mark"):
        charset_of(UTF8[:5], "gb18030")


def test_a_name_whose_first_character_has_the_same_bytes_is_no_mark() -> None:
    head = "锘靠近|性别\n".encode("gb18030")
    assert head.startswith(codecs.BOM_UTF8)
    assert charset_of(head, "gb18030").bom_length == 0
