"""The page that a feed's DAG shows: what it is, by what right, and what its columns are. Never a value."""

from expectations.contract.feed import FeedContract


def feed_doc(feed: FeedContract) -> str:
    """Markdown about a feed, from its contract alone."""
    return "\n".join([*_head(feed), "", *_columns(feed), "", *_rules(feed)])


def _head(feed: FeedContract) -> list[str]:
    return [
        f"# {feed.title} · {feed.title_en}",
        "",
        f"- Feed: `{feed.id}`, from {feed.catalogue.provider}; {feed.catalogue.summary}",
        f"- Owner: {feed.owner}",
        f"- Legal basis: {feed.legal_basis}",
        f"- Purpose: {feed.purpose}",
        f"- Grain: {feed.grain}",
        f"- Arrives: {feed.arrival.kind}, {feed.layout.format}; due `{feed.schedule}` (Asia/Shanghai), "
        f"late after {feed.late_after}",
        f"- Tables: `bronze.{feed.table}`, `silver.{feed.table}`, `quarantine.{feed.table}` ({feed.write.mode})",
    ]


def _columns(feed: FeedContract) -> list[str]:
    rows = [
        f"| {_cell(column.source)} | `{column.name}` | {column.title_en} | {column.type} | {column.sensitivity.value} "
        f"| {'yes' if column.required else ''} |"
        for column in feed.columns
    ]
    return ["| source | column | meaning | type | sensitivity | required |", "|---|---|---|---|---|---|", *rows]


def _rules(feed: FeedContract) -> list[str]:
    if not feed.rules:
        return ["No row rules beyond those of the types."]
    rows = [f"| `{rule.name}` | {rule.severity.value} | {_cell(rule.message)} |" for rule in feed.rules]
    return ["| rule | when broken | what the department reads |", "|---|---|---|", *rows]


def _cell(text: str) -> str:
    """A text that does not end its table cell."""
    return text.replace("|", "\\|")
