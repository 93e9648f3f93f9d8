"""Generated records that come in groups: branches of organisations, and brothers and sisters; each with its truth."""

import random
from collections.abc import Callable
from pathlib import Path

from tests.spark.entities.files import write

_FIRST = [
    "Nor",
    "Har",
    "Mead",
    "Thorn",
    "Oak",
    "Silver",
    "Red",
    "West",
    "Stan",
    "Black",
    "Ash",
    "Kings",
    "Long",
    "Green",
    "Brook",
    "Fair",
    "Wood",
    "Clay",
    "Stone",
    "Lake",
]
_LAST = [
    "gate",
    "bour",
    "bury",
    "field",
    "ford",
    "ton",
    "ley",
    "well",
    "ham",
    "ridge",
    "wick",
    "worth",
    "dale",
    "burn",
    "mere",
    "croft",
    "side",
]
_KINDS = [
    "Clinic",
    "Pharmacy",
    "Bakery",
    "Library",
    "Dental Care",
    "Youth Centre",
    "Food Bank",
    "Trust",
    "Opticians",
    "Hospice",
    "Care Home",
]
_TOWNS = ["Leeds", "Hull", "York", "Selby", "Ripon", "Goole", "Thirsk", "Whitby", "Malton", "Otley"]
_STREETS = [
    "Mill Street",
    "Quay Road",
    "Spring Bank",
    "Foundry Lane",
    "High Street",
    "Church Lane",
    "Park Avenue",
    "Low Farm",
]
_NAMES = [
    "Oliver",
    "Amelia",
    "George",
    "Isla",
    "Noah",
    "Ava",
    "Arthur",
    "Ivy",
    "Leo",
    "Freya",
    "Harry",
    "Lily",
    "Oscar",
    "Florence",
    "Archie",
    "Willow",
]

Row = dict[str, object]


class _World:
    """Chance, and the rows that it makes."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.rows: list[Row] = []
        self.entity = 0

    def one(self, of: list[str]) -> str:
        return self.chance.choice(of)

    def surname(self) -> str:
        return self.one(_FIRST) + self.one(_LAST)

    def street(self) -> str:
        return f"{self.chance.randrange(1, 200)} {self.one(_STREETS)}"

    def phone(self) -> str:
        return f"01{self.chance.randrange(200, 999)} {self.chance.randrange(100000, 999999)}"

    def maybe(self, text: str, share: float) -> str:
        return text if self.chance.random() < share else ""

    def slip(self, text: str, share: float) -> str:
        """The text, of which now and then two neighbouring letters change places."""
        if self.chance.random() >= share or len(text) < 4:
            return text
        at = self.chance.randrange(1, len(text) - 2)
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]

    def entity_of(self, said: Callable[[], Row]) -> None:
        """One or two records of one entity."""
        for _ in range(self.chance.choice([1, 1, 2])):
            self.rows.append({"id": len(self.rows), **said(), "cluster": self.entity})
        self.entity += 1

    def written(self, path: Path) -> Path:
        self.chance.shuffle(self.rows)
        return write(path, self.rows)


def branches(path: Path, seed: int) -> Path:
    """Organisations of one to eight branches with a website in common."""
    world = _World(seed)
    for _ in range(200):
        name = f"{world.surname()} {world.one(_KINDS)}"
        for _ in range(world.chance.choice([1, 1, 1, 2, 4, 8])):
            town, street, phone = world.one(_TOWNS), world.street(), world.phone()
            code = f"{town[:2].upper()}{world.chance.randrange(1, 99)} {world.chance.randrange(1, 9)}AB"

            def said(name: str = name, town: str = town, at: tuple[str, ...] = (street, code, phone)) -> Row:
                street, code, phone = at
                return {
                    "name": world.slip(name if world.chance.random() < 0.7 else f"{name} {town}", 0.2),
                    "address": world.maybe(street, 0.9),
                    "city": world.maybe(town, 0.9),
                    "postcode": world.maybe(code, 0.75),
                    "phone": world.maybe(phone, 0.7),
                    "website": world.maybe(f"www.{name.lower().replace(' ', '')}.example", 0.8),
                }

            world.entity_of(said)
    return world.written(path)


def siblings(path: Path, seed: int) -> Path:
    """Pupils of families, known by their parents' telephone, mail and home."""
    world = _World(seed)
    for _ in range(350):
        family, phone, street, town = world.surname(), world.phone(), world.street(), world.one(_TOWNS)
        for name in world.chance.sample(_NAMES, world.chance.choice([1, 2, 2, 3, 4])):
            day = world.chance.randrange(1, 29)
            month = f"{world.chance.randrange(2005, 2016)}-{world.chance.randrange(1, 13):02}"

            def said(
                name: str = name, born: str = f"{month}-{day:02}", of: tuple[str, ...] = (family, phone, street, town)
            ) -> Row:
                family, phone, street, town = of
                return {
                    "first_name": world.slip(name, 0.15),
                    "surname": world.slip(family, 0.12),
                    "dob": world.maybe(born, 0.85),
                    "parent_phone": world.maybe(phone, 0.85),
                    "parent_email": world.maybe(f"{family.lower()}{phone[-2:]}@mail.example", 0.7),
                    "address": world.maybe(street, 0.8),
                    "town": town,
                }

            world.entity_of(said)
    return world.written(path)
