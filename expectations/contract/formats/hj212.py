"""Frames of the pollution-monitoring protocol HJ 212-2017 and HJ 212-2025, a line each, as a receiver keeps them."""

from typing import Literal

from pydantic import Field

from expectations.contract.format_options import PackedOptions


class Hj212(PackedOptions):
    """Frames `##`, length of the data segment, data segment, CRC, of HJ 212-2017 and HJ 212-2025.

    Sources are the names of fields: `QN`, `ST`, `CN`, `MN`, `Flag` of the segment; `CP.DataTime` of what it carries. Of
    a factor, where each is a row: `因子` is its code, `因子-Rtd`, `因子-Avg`, `因子-Flag` its values; where a frame is
    a row: `w01018-Rtd`. `版本` is the standard's year by the version bits of `Flag`: 2005, 2017 or 2025.
    """

    format: Literal["hj212"]
    encoding: Literal["utf-8", "gbk", "gb18030"] = "utf-8"
    """Of what is not ASCII, which frames rarely have."""
    rows: Literal["factor", "frame"] = "factor"
    """A row for each factor (pollutant) of each frame, or for each frame."""
    commands: tuple[str, ...] = Field(default=("2011", "2031", "2051", "2061"), min_length=1)
    """CN of frames that carry data: in real time, of a day, of minutes, of an hour. Others, such as heartbeats, are
    counted and make no rows."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """`.txt`, `.dat`, `.log` or `.212`."""
        return self._packed(".txt", ".dat", ".log", ".212")

    @property
    def suffixes_to_fix(self) -> tuple[str, ...]:
        """Rows go back as a table: nobody corrects a frame and its CRC by hand."""
        return (".csv",)

    def describe(self) -> str:
        """What a row is, which commands carry data, and the form in which rows go back."""
        row = "每帧每个因子一行" if self.rows == "factor" else "每帧一行"
        return (
            f"HJ 212 报文（2017、2025 版），每行一帧，{row}，数据命令 {'、'.join(self.commands)}{self._packing}；"
            "待更正的行以 csv 退回，改正后可原样报送"
        )
