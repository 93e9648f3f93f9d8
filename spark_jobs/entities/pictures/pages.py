"""Pages that stand alone: the charting library is in them, so they open where there is no network."""

import json
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import altair as alt
from markupsafe import Markup

from expectations.entity_spec import EntitySpec
from spark_jobs.base import pages
from spark_jobs.base.settings import CITY_TIME, settings
from spark_jobs.entities.explain.cluster import Cluster
from spark_jobs.entities.explain.evidence import level_words, odds, strength, verdict
from spark_jobs.entities.explain.pair import Pair
from spark_jobs.entities.pictures import charts

_TEMPLATES = Path(__file__).with_name("templates")
_MOST_DRAWN = 200
"""A graph of more nodes than this shows nothing; the strongest links are drawn."""


@dataclass(frozen=True)
class Section:
    """One part of a page.

    Args:
        title: its heading.
        note: what the picture shows, in a sentence.
        chart: the picture.
        columns: headings of a table.
        rows: its rows.
    """

    title: str
    note: str = ""
    chart: Any = None
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def pair_page(pair: Pair, path: str) -> Path:
    """The page of `why`: a waterfall of match weights."""
    title = f"{pair.a.text} · {pair.b.text}"
    if pair.evidence is None:
        note = "确定键相同，无须比较 / the certain key is the same; nothing need be compared"
        return write(Path(path), title, [Section("同一节点 One node", note)])
    zh, en = verdict(pair.evidence.weight)
    summary = f"{zh} / {en}: {pair.evidence.weight:+.1f} bits, {odds(pair.evidence.weight)}"
    rows = tuple(
        (f"{line.title} {line.title_en}", level_words(line), f"{line.weight:+.2f}", " ".join(strength(line.weight)))
        for line in pair.evidence.lines
    )
    columns = ("比较 Comparison", "结果 Level", "比特 Bits", "含义 Meaning")
    rules = f"分块规则 blocking rules: {'; '.join(pair.rules)}" if pair.rules else ""
    parts = [
        Section("匹配权重 Match weight", summary, charts.waterfall(pair.evidence)),
        Section("逐项 By comparison", rules, None, columns, rows),
    ]
    return write(Path(path), title, parts)


def cluster_page(cluster: Cluster, spec: EntitySpec, path: str) -> Path:
    """The page of `how`: the graph of a cluster, and its links."""
    tree, refused = list(cluster.tree)[:_MOST_DRAWN], [one.link for one in cluster.refused][:_MOST_DRAWN]
    nodes = list(cluster.groups)[: _MOST_DRAWN + 1]
    drawn = [link for link in tree if {link.node_a, link.node_b} <= set(nodes)]
    labels = {node: f"{len(rows)} 画像 profiles" for node, rows in cluster.groups.items() if node in set(nodes)}
    near = [link for link in refused if link.node_a in labels or link.node_b in labels]
    names = {n: rule.name for n, rule in enumerate(spec.matching.blocking)}
    links = tuple(
        (str(link.a), str(link.b), link.decision or f"{link.weight:+.1f}", "; ".join(_rules(link.rules, names)))
        for link in cluster.tree
    )
    against = tuple(
        (one.other_id, f"{one.link.weight:+.1f}", f"{one.reason} / {one.reason_en}") for one in cluster.refused
    )
    note = "点：节点；线：建成它的链接，越粗越强 / nodes, and the links that built it: the thicker, the stronger"
    parts = [
        Section("链接图 Graph", note, charts.graph(nodes, labels, drawn, near)),
        Section("由强到弱 Strongest first", "", None, ("A", "B", "比特 Bits", "分块规则 Rules"), links),
    ]
    if against:
        parts.append(Section("拒绝的链接 Refused", "", None, ("实体 Entity", "比特 Bits", "原因 Reason"), against))
    return write(Path(path), cluster.entity_id, parts)


def _rules(bits: int, names: dict[int, str]) -> list[str]:
    return [name for n, name in names.items() if bits >> n & 1]


def write(path: Path, title: str, sections: list[Section], back: str | None = None) -> Path:
    """Write a page, whole or not at all."""
    specs = [None if part.chart is None else _spec(part.chart) for part in sections]
    text = render(
        "page.html.j2",
        title=title,
        sections=list(zip(sections, specs, strict=True)),
        script=Markup(_library()) if any(specs) else "",  # noqa: S704
        written_at=datetime.now(CITY_TIME).isoformat(sep=" ", timespec="seconds"),
        back=back,
    )
    return pages.replace(path, text)


def _spec(chart: Any) -> Markup:
    # Within a script element only `<` could end it.
    return Markup(json.dumps(chart.to_dict(), ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704


def render(template: str, **values: object) -> str:
    """A template of this room with its values."""
    return pages.render(_TEMPLATES, template, **values)


def _library() -> str:
    """Vega, Vega-Lite and vega-embed as one script; bundled once, as that takes seconds."""
    import vl_convert

    bundler = metadata.version("vl-convert-python")
    path = settings().home / "cache" / f"vega-{alt.SCHEMA_VERSION}-{bundler}.js"
    if not path.is_file():
        version = alt.SCHEMA_VERSION.removeprefix("v").rsplit(".", 1)[0]
        pages.replace(path, vl_convert.javascript_bundle(None, vl_version=version))
    return path.read_text("utf-8").replace("</script", "<\\/script")
