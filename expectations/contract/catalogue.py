"""The only place where contracts are read: `load_feed("agency/feed")` and `load_feeds()`."""

from difflib import get_close_matches
from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from expectations.contract.feed import FeedContract

FEEDS = Path(__file__).parents[1] / "feeds"


class ContractError(ValueError):
    """A contract that cannot be used; the text names file, line and reason."""


def load_feed(feed_id: str) -> FeedContract:
    """The contract of `agency/feed`.

    Raises:
        ContractError: there is no such contract, or it is wrong.
    """
    path = FEEDS / f"{feed_id}.yml"
    if not path.is_file():
        known = feed_ids()
        near = get_close_matches(feed_id, known, n=3)
        meant = f"perhaps {' or '.join(near)}" if near else f"known feeds: {', '.join(known)}"
        raise ContractError(f"no contract {feed_id}: {path} does not exist; {meant}")
    return load_contract_file(path)


def load_table(table: str) -> FeedContract | None:
    """The contract whose tables and DAG have this name, `agency__feed`; no other contract is read. None: there is none.

    Raises:
        ContractError: it is wrong.
    """
    words = table.split("__")
    names = (("__".join(words[:end]), "__".join(words[end:])) for end in range(1, len(words)))
    path = next((path for agency, feed in names if (path := FEEDS / agency / f"{feed}.yml").is_file()), None)
    return None if path is None else load_contract_file(path)


def feed_ids() -> list[str]:
    """All feeds, sorted: one per file."""
    return sorted(f"{path.parent.name}/{path.stem}" for path in FEEDS.glob("*/*.yml"))


def load_feeds() -> tuple[FeedContract, ...]:
    """All contracts, sorted by id."""
    return tuple(load_feed(feed_id) for feed_id in feed_ids())


@cache
def load_contract_file(path: Path) -> FeedContract:
    """Parse one contract; the path gives agency and feed.

    Raises:
        ContractError: names the file, the line and every reason.
    """
    text = path.read_text("utf-8")
    try:
        document = yaml.load(text, Loader=yaml.CSafeLoader)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise ContractError(f"{path}: not YAML: {error}") from error
    if not isinstance(document, dict):
        raise ContractError(f"{path}:1: a contract is a mapping")
    twice = _repeated_keys(node)
    if twice:
        raise ContractError("\n".join(f"{path}:{line}: key {key!r} given twice" for key, line in twice))
    try:
        return FeedContract.model_validate({**document, "agency": path.parent.name, "feed": path.stem})
    except ValidationError as error:
        reasons = (
            f"{path}:{_line_of(node, detail['loc'])}: "
            f"{'.'.join(map(str, detail['loc'])) or 'contract'}: {detail['msg']}"
            for detail in _first_hand(error)
        )
        raise ContractError("\n".join(reasons)) from error


def _first_hand(error: ValidationError) -> list[ErrorDetails]:
    """The errors, but for "too few items" of a list whose items have errors of their own."""
    details = error.errors()
    within = {detail["loc"][:depth] for detail in details for depth in range(len(detail["loc"]))}
    return [detail for detail in details if detail["type"] != "too_short" or detail["loc"] not in within]


def _line_of(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """Line (from 1) of the deepest part of `location` that is in the file."""
    line = 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == step), None)
            if found is None:
                continue  # a discriminator such as `drop`, or a key that is missing
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


def _repeated_keys(node: yaml.Node | None) -> list[tuple[str, int]]:
    """Keys that a mapping gives twice; YAML would silently keep the last."""
    if isinstance(node, yaml.SequenceNode):
        return [found for child in node.value for found in _repeated_keys(child)]
    if not isinstance(node, yaml.MappingNode):
        return []
    keys = [key.value for key, _ in node.value]
    here = [(key.value, key.start_mark.line + 1) for i, (key, _) in enumerate(node.value) if key.value in keys[:i]]
    return here + [found for _, child in node.value for found in _repeated_keys(child)]
