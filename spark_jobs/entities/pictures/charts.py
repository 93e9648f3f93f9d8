"""Charts of entity resolution: of weights, shares, sizes and clusters; no chart holds a personal value."""

import math
from typing import Any

import altair as alt

from spark_jobs.entities.explain.evidence import Evidence, level_words
from spark_jobs.entities.explain.tree import Link

Rows = list[dict[str, Any]]
Picture = Any
"""A chart of Altair; its methods are typed by what they may return in all."""
_FOR, _AGAINST, _NEUTRAL = "#2a7f62", "#b5413a", "#7d8590"
_WIDTH = 760


def _data(rows: Rows) -> Any:
    return alt.Data(values=rows)


def waterfall(evidence: Evidence) -> Picture:
    """From the prior to the sum, one bar for what each comparison adds."""
    rows: Rows = []
    total = 0.0
    steps = [("先验 prior", "", evidence.prior)]
    steps += [(f"{line.title} {line.title_en}", level_words(line), line.weight) for line in evidence.lines]
    for order, (name, what, weight) in enumerate(steps):
        rows.append({"name": name, "what": what, "from": total, "to": total + weight, "bits": weight, "order": order})
        total += weight
    rows.append({"name": "合计 sum", "what": "", "from": 0.0, "to": total, "bits": total, "order": len(steps)})
    for row in rows:
        row["text"] = f"{row['bits']:+.1f}"
        row["side"] = "支持 for" if row["bits"] > 0 else "反对 against" if row["bits"] < 0 else "无 none"
    base = alt.Chart(_data(rows)).encode(
        x=alt.X("name:N", sort=alt.SortField("order"), title=None, axis=alt.Axis(labelAngle=-30, labelLimit=220))
    )
    bars = base.mark_bar(size=38).encode(
        y=alt.Y("from:Q", title="比特 bits (log2 odds)"),
        y2=alt.Y2("to:Q"),
        color=_sides(),
        tooltip=[alt.Tooltip(f"{name}:N") for name in ("name", "what", "text")],
    )
    text = base.mark_text(dy=-8).encode(y=alt.Y("to:Q"), text=alt.Text("text:N"))
    zero = alt.Chart(_data([{"zero": 0}])).mark_rule(color="#555", strokeDash=[4, 3]).encode(y=alt.Y("zero:Q"))
    return alt.layer(zero, bars, text).properties(width=_WIDTH, height=320)


def _sides() -> alt.Color:
    scale = alt.Scale(domain=["支持 for", "反对 against", "无 none"], range=[_FOR, _AGAINST, _NEUTRAL])
    return alt.Color("side:N", scale=scale, title=None)


def level_weights(rows: Rows) -> Picture:
    """The weight of every level of every comparison: `comparison`, `level`, `bits`, `m`, `u`."""
    for order, row in enumerate(rows):
        row |= {"order": order, "side": "支持 for" if row["bits"] > 0 else "反对 against"}
    tooltips = [alt.Tooltip("level:N"), *(alt.Tooltip(f"{name}:Q", format=".3g") for name in ("bits", "m", "u"))]
    return (
        alt.Chart(_data(rows))
        .mark_bar()
        .encode(
            x=alt.X("bits:Q", title="权重 weight, bits = log2(m / u)"),
            y=alt.Y("level:N", sort=alt.SortField("order"), title=None, axis=alt.Axis(labelLimit=320)),
            row=alt.Row("comparison:N", title=None, header=alt.Header(labelAngle=0, labelAlign="left")),
            color=_sides(),
            tooltip=tooltips,
        )
        .resolve_scale(y="independent")
        .properties(width=_WIDTH - 320)
    )


def shares(rows: Rows) -> Picture:
    """The shares m and u of every level, on a logarithmic scale."""
    long = [
        {"level": f"{row['comparison']}: {row['level']}", "of": name, "share": row[key], "order": order}
        for order, row in enumerate(rows)
        for name, key in (("m 同一 same entity", "m"), ("u 不同 different", "u"))
        if row[key]
    ]
    return (
        alt.Chart(_data(long))
        .mark_point(filled=True, size=70)
        .encode(
            x=alt.X("share:Q", scale=alt.Scale(type="log"), title="出现比例 share of pairs"),
            y=alt.Y("level:N", sort=alt.SortField("order"), title=None, axis=alt.Axis(labelLimit=420)),
            color=alt.Color("of:N", title=None, scale=alt.Scale(range=[_FOR, _AGAINST])),
            tooltip=[alt.Tooltip("level:N"), alt.Tooltip("share:Q", format=".3g")],
        )
        .properties(width=_WIDTH - 300)
    )


def histogram(rows: Rows, x: str, y: str, title: str) -> Picture:
    """Counts by class, in the order given."""
    ordered = [row | {"order": order} for order, row in enumerate(rows)]
    return (
        alt.Chart(_data(ordered))
        .mark_bar(color=_FOR)
        .encode(
            x=alt.X(f"{x}:N", sort=alt.SortField("order"), title=title, axis=alt.Axis(labelAngle=0)),
            y=alt.Y(f"{y}:Q", title=None, scale=alt.Scale(type="symlog")),
            tooltip=[alt.Tooltip(f"{x}:N"), alt.Tooltip(f"{y}:Q", format=",")],
        )
        .properties(width=_WIDTH, height=220)
    )


def graph(nodes: list[int], labels: dict[int, str], tree: list[Link], refused: list[Link]) -> Picture:
    """A cluster: its nodes on a circle, the links that built it, and in red those that were refused."""
    outside = [end for link in refused for end in (link.node_a, link.node_b) if end not in labels]
    at = {node: _on_circle(n, len(nodes), 1.0) for n, node in enumerate(nodes)}
    at |= {node: _on_circle(n, len(outside), 1.5) for n, node in enumerate(dict.fromkeys(outside))}
    lines = [_edge(at, link, "链接 link") for link in tree] + [_edge(at, link, "拒绝 refused") for link in refused]
    points = [{"x": at[n][0], "y": at[n][1], "node": labels.get(n, "其他实体 another entity")} for n in at]
    scale = alt.Scale(domain=["链接 link", "拒绝 refused"], range=[_FOR, _AGAINST])
    none = alt.Axis(labels=False, ticks=False, domain=False, grid=False, title=None)
    edges = (
        alt.Chart(_data(lines))
        .mark_rule(opacity=0.75)
        .encode(
            x=alt.X("x:Q", axis=none),
            y=alt.Y("y:Q", axis=none),
            x2=alt.X2("x2:Q"),
            y2=alt.Y2("y2:Q"),
            size=alt.Size("shown:Q", title="比特 bits", scale=alt.Scale(range=[1, 7])),
            color=alt.Color("kind:N", title=None, scale=scale),
            tooltip=[alt.Tooltip("kind:N"), alt.Tooltip("bits:N")],
        )
    )
    circles = (
        alt.Chart(_data(points))
        .mark_circle(size=260, color="#24507a", opacity=1)
        .encode(x=alt.X("x:Q", axis=none), y=alt.Y("y:Q", axis=none), tooltip=[alt.Tooltip("node:N")])
    )
    return alt.layer(edges, circles).properties(width=620, height=620)


def _on_circle(number: int, of: int, radius: float) -> tuple[float, float]:
    angle = 2 * math.pi * number / max(of, 1)
    return round(radius * math.cos(angle), 4), round(radius * math.sin(angle), 4)


def _edge(at: dict[int, tuple[float, float]], link: Link, kind: str) -> dict[str, Any]:
    (x, y), (x2, y2) = at[link.node_a], at[link.node_b]
    bits = "人工裁定 steward" if link.decision else f"{link.weight:+.1f}"
    # JSON has no infinity; a decision is drawn as thick as any link.
    return {"x": x, "y": y, "x2": x2, "y2": y2, "shown": min(abs(link.weight), 40.0), "bits": bits, "kind": kind}
