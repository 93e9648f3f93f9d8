"""A text of any format may come as gzip: whole, cut, in several members, or as a bomb (RELIABILITY.md B22)."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from expectations.contract.format_options import PackedOptions
from expectations.contract.formats import OPTIONS
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats import write_sample
from spark_jobs.intake.formats.machinery import gzip_stream
from tests.unit.intake.formats.decoding_cases import contract_of, decoded, is_partition
from tests.unit.intake.formats.forms import FORMS_OF

PACKED = {
    name: next(form for form in FORMS_OF[name] if form.get("compression"))
    for name, options in OPTIONS.items()
    if issubclass(options, PackedOptions)
}
EVERY_PACKED = pytest.mark.parametrize("options", PACKED.values(), ids=PACKED)


def sample(folder: Path, options: dict[str, Any]) -> Path:
    return write_sample(contract_of(options), folder, n=50)


@EVERY_PACKED
def test_a_file_of_several_members_is_one_text_whose_bytes_are_accounted_for(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    path = sample(tmp_path, options)
    whole, _ = decoded(path, contract_of(options))
    content = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(content[:40]) + gzip.compress(b"") + gzip.compress(content[40:]))
    table, accounting = decoded(path, contract_of(options))
    assert table.equals(whole)
    assert accounting.stream_bytes == len(content)
    assert is_partition(accounting.ranges, path.stat().st_size)
    assert is_partition(accounting.stream_ranges, len(content))
    assert sum(part.rows for part in accounting.stream_ranges) == 50


@EVERY_PACKED
@pytest.mark.parametrize("spoil", [lambda raw: raw[:-20], lambda raw: raw + b"x", lambda raw: raw[:-8] + bytes(8)])
def test_a_cut_or_damaged_file_is_refused(tmp_path: Path, options: dict[str, Any], spoil: Any) -> None:
    path = sample(tmp_path, options)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(DeliveryRejected, match="compression_damaged"):
        decoded(path, contract_of(options))


@EVERY_PACKED
def test_a_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gzip_stream, "MAX_DECOMPRESSED_BYTES", 500)
    with pytest.raises(DeliveryRejected, match="archive_limits"):
        decoded(sample(tmp_path, options), contract_of(options))


@EVERY_PACKED
def test_a_plain_file_where_a_compressed_one_is_agreed_is_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    path = sample(tmp_path, options)
    path.write_bytes(gzip.decompress(path.read_bytes()))
    with pytest.raises(DeliveryRejected, match="content_mismatch"):
        decoded(path, contract_of(options))
    assert path.name.endswith(".gz") or contract_of(options).layout.suffixes[0].endswith(".gz")
