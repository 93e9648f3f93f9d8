"""Every key of a contract is told of, with a type, what holds without it, and what it means."""

from expectations.contract.channels import CHANNEL_OPTIONS
from expectations.contract.feed import FeedContract
from expectations.contract.formats import OPTIONS
from expectations.render.keys import keys_of, parts


def test_every_format_and_channel_is_a_part() -> None:
    assert parts().keys() >= {"contract", "column", "rule", "write", *OPTIONS, *CHANNEL_OPTIONS}


def test_what_the_path_says_is_no_key() -> None:
    assert {"agency", "feed"} & {key.name for key in keys_of(FeedContract)} == set()


def test_keys_of_a_format_are_its_own_and_those_that_it_has_from_others() -> None:
    keys = {key.name: key for key in keys_of(parts()["csv"][1])}
    assert keys["delimiter"].default == ","
    assert keys["encoding"].default == "needed"
    assert keys["compression"].kind == "one of [gzip]"


def test_keys_of_the_file_and_of_a_column_say_what_they_mean() -> None:
    silent = [
        (part, key.name)
        for part in ("contract", "column", "rule", "checks", "xlsx", "drop")
        for key in keys_of(parts()[part][1])
        if not key.meaning and key.name != "title_en"
    ]
    assert silent == []


def test_what_stands_within_a_format_is_a_part_too() -> None:
    assert [key.name for key in keys_of(parts()["xlsx.blocks"][1])] == ["columns", "head"]
