"""The elderly of the city: who has a profile on the platform of elderly care, and who serves them."""

import numpy as np

from spark_jobs.city.world.chance import choices, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import Ints

_SIXTY = 60 * 366
_PROVIDERS = 12


def elders(city: City) -> Ints:
    """Uids of the residents of sixty and more, by age; in a city that has none its oldest."""
    people = city.persons
    by_age = city.adults[np.argsort(people.birth[city.adults], kind="stable")]
    fit = by_age[people.birth[by_age] < city.today - _SIXTY]
    found: Ints = fit if len(fit) else by_age[:1]
    return found


def provider_of(city: City, elder: Ints) -> Ints:
    """Company uid of the provider that serves each elder."""
    fit = city.companies.with_uscc
    return fit[choices(keys_of(city.seed, elder), "elderly care", min(_PROVIDERS, len(fit)))]
