"""One Apache Parquet file."""

from typing import Literal

from expectations.contract.format_options import FormatOptions


class Parquet(FormatOptions):
    """One Apache Parquet file, columns of any type, each value as text.

    Truth values become 1 and 0, numbers their digits without exponent, days yyyy-MM-dd, times yyyy-MM-dd HH:mm:ss (of
    the city's time zone where they are instants; with a fraction only where the contract has no time), lists and
    structures JSON, bytes their text in UTF-8.
    """

    format: Literal["parquet"]
    rows_to_fix: Literal["csv", "parquet"] = "csv"
    """The form in which rows go back to be corrected, and may be sent again; csv is UTF-8 that a spreadsheet opens."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """`.parquet`."""
        return (".parquet",)

    @property
    def suffixes_to_fix(self) -> tuple[str, ...]:
        """Of the form in which rows go back."""
        return (f".{self.rows_to_fix}",)

    def describe(self) -> str:
        """The form in which rows go back."""
        return f"parquet，待更正的行以 {self.rows_to_fix} 退回，改正后可原样报送"
