"""Between GCJ-02 and WGS-84.

GCJ-02, which maps made in China must have (GB 20263-2006), shifts coordinates by some hundred metres. Its formula is
not published; the one used here is what map programs use, and agrees with their maps to the metre. There is none the
other way: it is found by iteration, to a millimetre. Outside of China nothing is shifted.
"""

import math

_SEMI_MAJOR = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
"""Of the ellipsoid of Krasovsky 1940."""
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
_NEAR = 1e-9
"""Degrees; a tenth of a millimetre."""
_MOST_STEPS = 30

Point = tuple[float, float]
"""Longitude and latitude in degrees."""


def gcj02_of(longitude: float, latitude: float) -> Point:
    """The GCJ-02 of a WGS-84 point."""
    west, south, east, north = _CHINA
    if not (west <= longitude <= east and south <= latitude <= north):
        return longitude, latitude
    x, y = longitude - 105.0, latitude - 35.0
    latitude_radians = math.radians(latitude)
    magic = 1 - _ECCENTRICITY_SQUARED * math.sin(latitude_radians) ** 2
    root = math.sqrt(magic)
    meridian = _SEMI_MAJOR * (1 - _ECCENTRICITY_SQUARED) / (magic * root)
    parallel = _SEMI_MAJOR / root * math.cos(latitude_radians)
    return (
        longitude + math.degrees(_shift_east(x, y) / parallel),
        latitude + math.degrees(_shift_north(x, y) / meridian),
    )


def wgs84_of(longitude: float, latitude: float) -> Point:
    """The WGS-84 of a GCJ-02 point."""
    found = (longitude, latitude)
    for _ in range(_MOST_STEPS):
        shifted = gcj02_of(*found)
        off = (shifted[0] - longitude, shifted[1] - latitude)
        found = (found[0] - off[0], found[1] - off[1])
        if max(map(abs, off)) < _NEAR:
            break
    return found


def _shift_east(x: float, y: float) -> float:
    """Metres."""
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return (
        shift + _waves(x, 6.0, 2.0) + _wave(x, 1.0, 20.0) + _wave(x, 1 / 3, 40.0) + _tail(x, 12.0, 150.0, 30.0, 300.0)
    )


def _shift_north(x: float, y: float) -> float:
    """Metres."""
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return (
        shift + _waves(x, 6.0, 2.0) + _wave(y, 1.0, 20.0) + _wave(y, 1 / 3, 40.0) + _tail(y, 12.0, 160.0, 30.0, 320.0)
    )


def _wave(at: float, cycles: float, height: float) -> float:
    return height * math.sin(at * cycles * math.pi) * 2.0 / 3.0


def _waves(at: float, first: float, second: float) -> float:
    return _wave(at, first, 20.0) + _wave(at, second, 20.0)


def _tail(at: float, first: float, height: float, second: float, other: float) -> float:
    return _wave(at, 1 / first, height) + _wave(at, 1 / second, other)
