"""Figures of several contestants side by side, as tables."""

import os
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

MILLION = 1e6
_GIGABYTE = 1e9
_ACCURACY = ("b3_f1", "clustered_f1", "pair_f1_best", "pair_precision", "pair_recall")


@dataclass(frozen=True)
class Measured:
    """One contestant's run."""

    name: str
    figures: dict[str, Any]
    """As `lake evaluate --json` prints them."""

    @property
    def per_core_second(self) -> float:
        """Records from the file to the answer."""
        return float(self.figures["records"]) / float(self.figures["seconds"]) / (os.cpu_count() or 1)

    @property
    def per_million_pairs(self) -> float:
        """CPU-seconds, end to end, for each million pairs scored."""
        return float(self.figures["cpu_seconds"]) / max(float(self.figures["pairs_scored"]), 1) * MILLION


def show(measured: list[Measured], console: Console) -> None:
    """A column a contestant, so that it fits any terminal; then kinds of noise, then the increments."""
    if not measured:
        return
    console.print(_table("entity resolution", measured, {run.name: _cells(run, measured[0]) for run in measured}))
    console.print(_table("recall on records with noise / precision within them", measured, _noise(measured)))
    for run in measured:
        if "increments" in run.figures:
            console.print(_increments(run.figures["increments"]))


def _table(title: str, measured: list[Measured], cells: dict[str, dict[str, str]]) -> Table:
    table = Table(title=title)
    table.add_column("", no_wrap=True)
    for run in measured:
        table.add_column(run.name, justify="right")
    for name in cells[measured[0].name]:
        table.add_row(name, *(cells[run.name].get(name, "–") for run in measured))
    return table


def _cells(run: Measured, first: Measured) -> dict[str, str]:
    figures = run.figures
    is_peer_of_ours = first.name == "ours" and not run.name.startswith("ours")
    pairs = max(float(figures["pairs_scored"]), 1)
    own = {}
    if "shuffle_bytes" in figures:
        own["shuffle bytes per pair"] = f"{figures['shuffle_bytes'] / pairs:,.0f}"
        own["spill GB"] = f"{figures['spill_bytes'] / _GIGABYTE:.2f}"
    return {
        "records per core-second": f"{run.per_core_second:,.0f}",
        "ours is faster": f"{first.per_core_second / run.per_core_second:.1f} x" if is_peer_of_ours else "",
        "seconds": f"{figures['seconds']:,.1f}",
        "CPU-seconds": f"{figures['cpu_seconds']:,.1f}",
        "million pairs": f"{pairs / MILLION:,.2f}",
        "CPU-s per million pairs": f"{run.per_million_pairs:,.1f}",
        "peak GB": f"{figures['peak_memory_bytes'] / _GIGABYTE:.2f}",
        **own,
        **{name: f"{figures[name]:.4f}" for name in _ACCURACY if name in figures},
    }


def _noise(measured: list[Measured]) -> dict[str, dict[str, str]]:
    return {
        run.name: {
            f"{kind} ({found['records']:,})": f"{found['recall']:.4f} / {found['precision_within']:.4f}"
            for kind, found in run.figures["by_noise"].items()
        }
        for run in measured
    }


def _increments(found: dict[str, dict[str, Any]]) -> Table:
    table = Table("increments of the newest records", *found)
    lines = {
        "records": [f"{figures['records']:,}" for figures in found.values()],
        "seconds": [f"{figures['seconds']:,.1f}" for figures in found.values()],
        "CPU-seconds": [f"{figures['cpu_seconds']:,.1f}" for figures in found.values()],
        "CPU-seconds, of the first resolution's": [f"{figures['cost_of_full']:.1%}" for figures in found.values()],
        "seconds, of the first resolution's": [f"{figures['time_of_full']:.1%}" for figures in found.values()],
        "nodes that got another id": [f"{figures['churn']:.4%}" for figures in found.values()],
    }
    for name, values in lines.items():
        table.add_row(name, *values)
    return table
