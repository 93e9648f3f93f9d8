"""The only place where contracts are read: `load_feed("agency/feed")` and `load_feeds()`."""

from contextlib import suppress
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import ValidationError

from expectations.contract.channels import CHANNEL_OPTIONS
from expectations.contract.feed import FeedContract
from expectations.yaml_files import faults, read_mapping

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


class Heading(NamedTuple):
    """What a contract says of the feed as such."""

    title: str
    kind: str
    """Of its channel."""


def load_heading(feed_id: str) -> Heading:
    """Title and channel of a contract, by what stands before its columns, which are nine tenths of it.

    Raises:
        ContractError: there is no such contract, or what is read of it is wrong.
    """
    path = FEEDS / f"{feed_id}.yml"
    if path.is_file():
        with suppress(ValueError, yaml.YAMLError, KeyError, TypeError):
            before = yaml.load(path.read_text("utf-8").partition("\ncolumns:")[0], Loader=yaml.CSafeLoader)
            found = Heading(str(before["title"]), str(before["arrival"]["kind"]))
            if found.kind in CHANNEL_OPTIONS:
                return found
    # Written otherwise, or wrong: then it is told what is wrong.
    contract = load_feed(feed_id)
    return Heading(contract.title, contract.arrival.kind)


@cache
def load_contract_file(path: Path) -> FeedContract:
    """Parse one contract; the path gives agency and feed.

    Raises:
        ContractError: names the file, the line and every reason.
    """
    try:
        document, node = read_mapping(path, "a contract")
    except ValueError as error:
        raise ContractError(str(error)) from error
    try:
        return FeedContract.model_validate({**document, "agency": path.parent.name, "feed": path.stem})
    except ValidationError as error:
        raise ContractError(faults(path, node, error, "contract")) from error
