"""The page of a resolution: sizes, weights, blocking, the model. Counts only, no personal value."""

import json
from pathlib import Path
from typing import Any

from expectations.entity_spec import EntitySpec
from spark_jobs.base.errors import LakeError
from spark_jobs.base.pages import replace
from spark_jobs.base.settings import settings
from spark_jobs.entities.explain.lookup import Row, opened
from spark_jobs.entities.match.model import Model, approved_model
from spark_jobs.entities.pictures import charts, pages

_SIZE = "entities_of_"
_MOST = 1_000_000_000
"""The upper end of the last class of sizes."""


def page_of(entity: str, revision: int) -> Path:
    """Where the page of a resolution is."""
    return settings().home / "reports" / "entities" / entity / f"run-{revision}.html"


def write_run_page(spec: EntitySpec) -> Path:
    """Write the page of the last resolution, and the index beside it.

    Raises:
        LakeError: the entity has never been resolved.
    """
    with opened(spec) as at:
        rows = at.rows("SELECT * FROM {resolution} ORDER BY revision DESC LIMIT 1")
    if not rows:
        raise LakeError(f"{spec.entity} has never been resolved", f"lake resolve --entity {spec.entity}")
    run = rows[0]
    path = page_of(spec.entity, run["revision"])
    title = f"{spec.title} {spec.title_en} · {run['revision']}"
    pages.write(path, title, sections(spec, approved_model(spec), run), back="index.html")
    written = sorted(path.parent.glob("run-*.html"), key=lambda page: -int(page.stem.removeprefix("run-")))
    listed = [(page.name, f"第 {page.stem.removeprefix('run-')} 次归并 resolution") for page in written]
    heading = f"{spec.title} {spec.title_en}"
    replace(path.parent / "index.html", pages.render("index.html.j2", title=heading, pages=listed))
    return path


def sections(spec: EntitySpec, model: Model, run: Row) -> list[pages.Section]:
    """The parts of the page, from a row of the resolution table and the model."""
    guards: dict[str, Any] = json.loads(run["guards"])
    levels = _levels(spec, model)
    return [
        _numbers(run, guards),
        pages.Section(
            "实体大小 Entities by number of profiles",
            "本次归并触及的实体 / entities that this resolution touched",
            charts.histogram(_sizes(guards), "size", "entities", "画像数 profiles"),
        ),
        pages.Section(
            "匹配权重 Pairs by match weight",
            f"阈值 threshold {spec.matching.threshold:+g}，复核 review {spec.matching.review:+g}，"
            f"反对 against {spec.matching.against:+g} bits",
            charts.histogram(_weights(guards), "bits", "pairs", "比特 bits"),
        ),
        _blocking(guards),
        pages.Section(
            "权重 Weights of the model",
            "每级的权重：右为支持，左为反对 / what each level adds: right speaks for a link, left against",
            charts.level_weights(levels),
        ),
        pages.Section("m / u", "", charts.shares(levels)),
    ]


def _numbers(run: Row, guards: dict[str, Any]) -> pages.Section:
    names = (("记录 records", "records"), ("画像 profiles", "profiles"), ("实体 entities", "entities"))
    rows = [(title, f"{run[name]:,}") for title, name in (*names, ("存下的对 stored pairs", "pairs"))]
    rows += [(f"事件 {event}", f"{count:,}") for event, count in sorted(guards.get("events", {}).items())]
    figures = guards.get("figures", {})
    rows += [(name, f"{value:,}") for name, value in figures.items() if isinstance(value, int | float)]
    rows += [("模型 model", run["model"]), ("时间 at", f"{run['at']:%Y-%m-%d %H:%M:%S %Z}")]
    return pages.Section("概要 Summary", "", None, ("项目 Figure", "数 Value"), tuple(rows))


def _sizes(guards: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for name, count in guards.get("sizes", {}).items():
        if name.startswith(_SIZE):
            low, high = (int(part) for part in name.removeprefix(_SIZE).split("_to_"))
            text = str(low) if low == high else f"{low}+" if high >= _MOST else f"{low}–{high}"
            found.append({"low": low, "size": text, "entities": count})
    return sorted(found, key=lambda row: row["low"])


def _weights(guards: dict[str, Any]) -> list[dict[str, Any]]:
    bands = sorted((int(band), count) for band, count in guards.get("weights", {}).items())
    return [{"bits": f"{band:+d}", "pairs": count} for band, count in bands]


def _blocking(guards: dict[str, Any]) -> pages.Section:
    columns = ("规则 Rule", "分块 Blocks", "丢弃 Dropped", "其中画像 Profiles in those", "最大 Largest")
    rows = tuple(
        (
            str(rule["rule"]),
            *(f"{rule[name]:,}" for name in ("blocks", "dropped_blocks", "dropped_profiles", "largest")),
        )
        for rule in guards.get("rules", [])
    )
    note = "过大的分块不作比较，如数列出 / blocks that are too large are not compared, and are listed here"
    return pages.Section("分块 Blocking", note, None, columns, rows)


def _levels(spec: EntitySpec, model: Model) -> list[dict[str, Any]]:
    """Every level of every comparison with its weight and shares, the strongest first."""
    found = []
    for comparison in spec.matching.comparisons:
        title = f"{comparison.title or comparison.name} {comparison.title_en or ''}".strip()
        shares, weights = model.comparisons.get(comparison.name), model.level_weights(comparison)
        for number in range(len(weights) - 1, -1, -1):
            one = comparison.levels[len(comparison.levels) - number] if number else None
            label = "不同 different"
            if one is not None:
                label = f"{one.label or one.kind} {one.label_en or ', '.join(one.of)}"
            m, u = (shares.m[number], shares.u[number]) if shares else (None, None)
            found.append({"comparison": title, "level": label, "bits": round(weights[number], 3), "m": m, "u": u})
    return found
