"""Addresses and divisions as sources take them down."""

import numpy as np

from spark_jobs.city.mentions.damaged_numbers import blank_texts
from spark_jobs.city.mentions.marks import Marks
from spark_jobs.city.mentions.taken_down import Captures
from spark_jobs.city.world.chance import Mask, happens
from spark_jobs.city.world.homes import ADDRESS_STYLES, addresses, division_codes, draw_address_styles
from spark_jobs.city.world.texts import Ints, Texts


def address_column(home: Ints, by: Captures, has: Mask, marks: Marks) -> Texts:
    """Addresses of homes, null where the capture has none."""
    style = draw_address_styles(by.keys, by.share("address_whole"))
    marks.add("address_without_prefix", has & ((style == 1) | (style == 2)))
    marks.add("address_abbreviated", has & (style >= ADDRESS_STYLES.index("from_town")))
    return blank_texts(addresses(home, style, by.keys, by.seed), has)


def division_column(home: Ints, by: Captures, has: Mask) -> Texts:
    """Division codes of homes, null in some captures, more often in those without an address."""
    known = by.is_careful | happens(by.keys, "has division", np.where(has, 0.92, 0.55))
    return blank_texts(division_codes(home, by.keys, by.seed), known)
