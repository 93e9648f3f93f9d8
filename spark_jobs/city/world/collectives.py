"""The rural collective economic organisations: one a village; no market entities, so the companies do not have them."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from spark_jobs.city.world.identifiers import collective_credit_codes
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.texts import Ints, Texts, joined

_OF_VILLAGE = 2
_FIRST_SERIAL = 500_000_000
"""No company comes so far."""


@dataclass(frozen=True)
class Collectives:
    """Every collective, one position each."""

    village: Ints
    """Position in `villages`."""
    name: Texts
    uscc: Texts


@cache
def collectives() -> Collectives:
    """Those of all villages; residents' communities have none."""
    addresses = villages().addresses
    village = np.array([i for i, text in enumerate(addresses.to_pylist()) if text.endswith("村")], np.int64)
    places = pa.array([text.removeprefix("湖北省咸宁市") for text in addresses.take(pa.array(village)).to_pylist()])
    return Collectives(
        village=village,
        name=joined(places, "股份经济合作社"),
        uscc=collective_credit_codes(
            np.full(len(village), _OF_VILLAGE), villages().counties[village], _FIRST_SERIAL + village
        ),
    )
