"""The city's video channels: 25,221 by the study of 2020, 20,039 of the police and 5,182 of departments and firms.

Among the latter are those at the gates of the monitored polluters.
"""

from dataclasses import dataclass

import numpy as np

from spark_jobs.city.world import departments as of
from spark_jobs.city.world.chance import choices, happens, keys_of, weighted
from spark_jobs.city.world.city import City
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.positions import positions_of
from spark_jobs.city.world.texts import NOBODY, Ints, Texts, blank_where, joined, numbers, taken

CHANNELS, _OF_POLICE, _OF_POLLUTERS = 25_221, 20_039, 0.04
POLLUTERS = 59
_INDUSTRIES = {
    of.PUBLIC_SECURITY: ("00", "01", "04"),
    of.TRANSPORT: ("04", "05"),
    of.ECOLOGY: ("09",),
    of.EDUCATION: ("11",),
}
"""Industry codes of GB/T 28181: 00 and 01 public order, 04 and 05 traffic, 09 environment, 11 education."""
_OWNERS = list(_INDUSTRIES)


@dataclass(frozen=True)
class Cameras:
    """Channels, one position each; the position is the channel's serial number in the city."""

    code: Texts
    """GB/T 28181: 20 digits."""
    owner_name: Texts
    owner_uscc: Texts
    company: Ints
    """Uid of the polluter whose gate it looks at; NOBODY of the others."""
    village: Ints
    longitude: Ints
    latitude: Ints
    """CGCS2000, in millionths of a degree."""


def polluters(city: City) -> Ints:
    """Uids of the monitored enterprises, so many as the study has, or as a small city can have."""
    fit = city.companies.with_uscc
    many = min(POLLUTERS, len(fit))
    return fit[np.arange(many) * len(fit) // many]


def cameras(city: City, which: Ints) -> Cameras:
    """Those channels; the same number is the same camera in every feed."""
    keys = keys_of(city.seed, which)
    is_of_police = happens(keys, "police camera", _OF_POLICE / CHANNELS)
    owner = np.where(is_of_police, 0, 1 + choices(keys, "camera's department", len(_OWNERS) - 1))
    is_at_polluter = ~is_of_police & happens(keys, "camera of a polluter", _OF_POLLUTERS)
    enterprises = polluters(city)
    company = np.where(is_at_polluter, enterprises[choices(keys, "polluter", len(enterprises))], NOBODY)
    village = choices(keys, "camera's village", len(villages().codes))
    longitude, latitude = positions_of(village, which, city.seed)
    return Cameras(
        code=_codes(village, np.where(is_at_polluter, _OWNERS.index(of.ECOLOGY), owner), which),
        owner_name=_of_either(city.companies.name, [each.name for each in _OWNERS], company, owner),
        owner_uscc=_of_either(city.companies.uscc, [each.uscc for each in _OWNERS], company, owner),
        company=company,
        village=village,
        longitude=longitude,
        latitude=latitude,
    )


def _codes(village: Ints, owner: Ints, which: Ints) -> Texts:
    """Centre of the county, industry, type 131 or 132, network 0, serial."""
    keys = keys_of(0, which)
    industry = [codes[0] for codes in _INDUSTRIES.values()]
    kind = taken(["132", "131"], weighted(keys, "camera type", (0.9, 0.1)))
    county = numbers(villages().counties[village])
    return joined(county, "00", taken(industry, owner), kind, "0", numbers(which + 1, 6))


def _of_either(of_companies: Texts, of_departments: list[str], company: Ints, owner: Ints) -> Texts:
    is_company = company != NOBODY
    own = blank_where(taken(of_companies, np.maximum(company, 0)), ~is_company)
    return joined(own, blank_where(taken(of_departments, owner), is_company))
