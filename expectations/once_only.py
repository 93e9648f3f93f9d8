"""What a contract collects although another department leads it (一数一源，一源一用): take it from there instead.

A contract says in `leads` of which data elements it is the one source. Which elements any contract collects follows
from its mentions, and from `element` of single columns. What identifies a person, a firm or a thing is collected by
all, as by it the rest is found; an attribute that stands beside such an identifier need not be.

政务数据共享条例 (State Council decree 809): what can be had by sharing is not collected again.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from expectations.contract.feed import Column, FeedContract
from expectations.elements import load_subjects

State = Literal["repeated", "justified", "unidentified"]
"""repeated: it could be taken from who leads it. justified: the contract says why it collects it. unidentified: no
identifier stands beside it, by which it could be looked up."""


@dataclass(frozen=True)
class Collected:
    """A data element in a contract.

    Args:
        element: its name, `person.name`.
        column: that holds it.
        identifiers: columns beside it that say whose it is.
    """

    element: str
    column: Column
    identifiers: tuple[Column, ...]


@dataclass(frozen=True)
class Repeated:
    """A data element that a contract collects and another department leads."""

    contract: FeedContract
    collected: Collected
    leaders: tuple[FeedContract, ...]
    """Contracts of the department that leads it."""

    @property
    def provider(self) -> str:
        """The department that leads it."""
        return self.leaders[0].catalogue.provider

    @property
    def reason(self) -> str | None:
        """Why it is collected all the same, as the contract says it."""
        return self.contract.collected_because.get(self.collected.element)

    @property
    def state(self) -> State:
        """What becomes of it."""
        if self.reason is not None:
            return "justified"
        return "repeated" if self.collected.identifiers else "unidentified"


def collected(contract: FeedContract) -> list[Collected]:
    """The data elements that a contract collects, identifiers apart, by column."""
    subjects, found = load_subjects(), []
    for mention in contract.mentions:
        if mention.entity in subjects:
            columns = {name: contract.column(column) for name, column in mention.attributes.items()}
            found += _of_subject(mention.entity, columns)
    single: dict[str, dict[str, Column]] = defaultdict(dict)
    for column in contract.columns:
        if column.element is not None:
            subject, _, attribute = column.element.partition(".")
            single[subject][attribute] = column
    for subject, columns in single.items():
        found += _of_subject(subject, _beside(subject, contract) | columns)
    # A column that a mention names and that names its element itself is one.
    return list({(each.element, each.column.name): each for each in found}.values())


def leaders(feeds: Sequence[FeedContract]) -> dict[str, tuple[FeedContract, ...]]:
    """Which contracts lead each data element."""
    found: dict[str, list[FeedContract]] = defaultdict(list)
    for feed in feeds:
        for element in feed.leads:
            found[element].append(feed)
    return {element: tuple(several) for element, several in found.items()}


def repetitions(feeds: Sequence[FeedContract]) -> list[Repeated]:
    """What is collected although a contract of another department leads it, in the order of feeds and columns."""
    lead = leaders(feeds)
    found = []
    for feed in feeds:
        for each in collected(feed):
            of_others = lead.get(each.element, ())
            if of_others and all(other.agency != feed.agency for other in of_others):
                found.append(Repeated(feed, each, of_others))
    return found


def warnings(feeds: Sequence[FeedContract]) -> list[str]:
    """A line for each contract and department that leads what it collects; what the contract justifies is left out."""
    grouped: dict[tuple[str, str], list[Repeated]] = defaultdict(list)
    for each in repetitions(feeds):
        if each.state == "repeated":
            grouped[each.contract.id, each.provider].append(each)
    return [_warning(feed, provider, several) for (feed, provider), several in grouped.items()]


def faults(feeds: Sequence[FeedContract]) -> Iterator[str]:
    """What contracts say of data elements that cannot be."""
    for feed in feeds:
        where, known = f"expectations/feeds/{feed.id}.yml", {each.element for each in collected(feed)}
        for element in sorted({*feed.leads, *feed.collected_because} - known):
            yield f"{where}: leads or collected_because names {element}, which no mention and no column collects"
        for column in feed.columns:
            if column.element is not None and not _is_known(column.element):
                yield f"{where}: column {column.name}: no data element {column.element} in entities/ or elements.yml"
    for element, several in leaders(feeds).items():
        providers = sorted({feed.catalogue.provider for feed in several})
        if len(providers) > 1:
            yield f"{element} is led by {'、'.join(providers)} at once: one department leads a data element"


def title_of(element: str) -> str:
    """A data element in Chinese, subject and attribute; an unknown one, which `lake check` refuses, as it stands."""
    name, _, attribute = element.partition(".")
    if not _is_known(element):
        return element
    subject = load_subjects()[name]
    return f"{subject.title}·{subject.attributes[attribute]}"


def _of_subject(subject: str, columns: dict[str, Column]) -> list[Collected]:
    known = load_subjects().get(subject)
    if known is None:
        return []
    identifiers = tuple(columns[name] for name in known.identifiers if name in columns)
    others = {name: column for name, column in columns.items() if name not in known.identifiers}
    return [Collected(f"{subject}.{name}", column, identifiers) for name, column in others.items()]


def _beside(subject: str, contract: FeedContract) -> dict[str, Column]:
    """Identifiers of the subject that its one mention has, beside which single columns stand."""
    of_subject = [mention for mention in contract.mentions if mention.entity == subject]
    if len(of_subject) != 1:
        return {}
    wanted = load_subjects()[subject].identifiers if subject in load_subjects() else ()
    attributes = of_subject[0].attributes
    return {name: contract.column(attributes[name]) for name in wanted if name in attributes}


def _is_known(element: str) -> bool:
    subject, _, attribute = element.partition(".")
    found = load_subjects().get(subject)
    return found is not None and attribute in found.attributes


def _warning(feed: str, provider: str, several: list[Repeated]) -> str:
    columns = "、".join(dict.fromkeys(each.collected.column.source for each in several))
    sources = ", ".join(dict.fromkeys(leader.id for each in several for leader in each.leaders))
    keys = "、".join(dict.fromkeys(column.source for each in several for column in each.collected.identifiers))
    return (
        f"{feed} collects {columns}, which {provider} leads: take it from {sources} by {keys}, "
        "or say why not in collected_because"
    )
