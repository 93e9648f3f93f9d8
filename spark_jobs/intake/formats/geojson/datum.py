"""Between GCJ-02 and WGS-84.

GCJ-02, which maps made in China must have (GB 20263-2006), shifts coordinates by some hundred metres. Its formula is
not published; the one used here is what map programs use, and agrees with their maps to the metre. There is none the
other way: it is found by iteration, to a millimetre. Outside of China nothing is shifted.
"""

import math
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SEMI_MAJOR = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
"""Of the ellipsoid of Krasovsky 1940."""
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
_NEAR = 1e-9
"""Degrees; a tenth of a millimetre."""
_MOST_STEPS = 30
_PLACES = 8
_DOUBT = 2e-11
"""Degrees. Sines of NumPy and of C may differ in the last bit, by which a point may take a step more or less: both end
this near to one another. Where a tie of the last digit is as near, only one of the ways may say which digit it is."""
_FEWEST = 64
"""Points that are converted in less time together than one by one."""

Point = tuple[float, float]
"""Longitude and latitude in degrees."""
WrittenPoint = tuple[str, str]
Degrees = NDArray[np.float64]


def gcj02_of(longitude: float, latitude: float) -> Point:
    """The GCJ-02 of a WGS-84 point."""
    return _shifted(longitude, latitude, math) if _is_in_china(longitude, latitude) else (longitude, latitude)


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


def wgs84_written(longitudes: Degrees, latitudes: Degrees) -> list[WrittenPoint]:
    """The WGS-84 of GCJ-02 points as `written` says it of each that `wgs84_of` converts, in a fraction of the time."""
    if len(longitudes) < _FEWEST:
        return [written(*wgs84_of(*point)) for point in zip(longitudes.tolist(), latitudes.tolist(), strict=True)]
    found = _wgs84_of_all(np.array((longitudes, latitudes)))
    texts = [written(*point) for point in zip(*found.tolist(), strict=True)]
    last_digits = found * 10**_PLACES
    from_a_tie = np.abs(last_digits - np.floor(last_digits) - 0.5) / 10**_PLACES
    for place in np.flatnonzero((from_a_tie < _DOUBT).any(axis=0)).tolist():
        texts[place] = written(*wgs84_of(float(longitudes[place]), float(latitudes[place])))
    return texts


def written(longitude: float, latitude: float) -> WrittenPoint:
    """A converted point as text."""
    return f"{longitude:.{_PLACES}f}", f"{latitude:.{_PLACES}f}"


def _wgs84_of_all(given: Degrees) -> Degrees:
    """Points, a row of longitudes and one of latitudes, each of which is left alone once it is near enough."""
    found = given.copy()
    going = np.arange(given.shape[1])
    for _ in range(_MOST_STEPS):
        off = _gcj02_of_all(found[:, going]) - given[:, going]
        found[:, going] -= off
        going = going[np.abs(off).max(axis=0) >= _NEAR]
        if not len(going):
            break
    return found


def _gcj02_of_all(points: Degrees) -> Degrees:
    found = points.copy()
    inside = np.flatnonzero(_is_in_china(*points))
    longitudes, latitudes = points[:, inside]
    found[:, inside] = _shifted(longitudes, latitudes, np)
    return found


def _is_in_china(longitude: Any, latitude: Any) -> Any:
    west, south, east, north = _CHINA
    return (west <= longitude) & (longitude <= east) & (south <= latitude) & (latitude <= north)


def _shifted(longitude: Any, latitude: Any, of: ModuleType) -> tuple[Any, Any]:
    """One point, or many as arrays; `of` has the functions for that: `math` or `numpy`."""
    x, y = longitude - 105.0, latitude - 35.0
    latitude_radians = of.radians(latitude)
    magic = 1 - _ECCENTRICITY_SQUARED * of.sin(latitude_radians) ** 2
    root = of.sqrt(magic)
    meridian = _SEMI_MAJOR * (1 - _ECCENTRICITY_SQUARED) / (magic * root)
    parallel = _SEMI_MAJOR / root * of.cos(latitude_radians)
    return (
        longitude + of.degrees(_shift_east(x, y, of) / parallel),
        latitude + of.degrees(_shift_north(x, y, of) / meridian),
    )


def _shift_east(x: Any, y: Any, of: ModuleType) -> Any:
    """Metres."""
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * of.sqrt(abs(x))
    return (
        shift
        + _waves(x, 6.0, 2.0, of)
        + _wave(x, 1.0, 20.0, of)
        + _wave(x, 1 / 3, 40.0, of)
        + _tail(x, 12.0, 150.0, 30.0, 300.0, of)
    )


def _shift_north(x: Any, y: Any, of: ModuleType) -> Any:
    """Metres."""
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * of.sqrt(abs(x))
    return (
        shift
        + _waves(x, 6.0, 2.0, of)
        + _wave(y, 1.0, 20.0, of)
        + _wave(y, 1 / 3, 40.0, of)
        + _tail(y, 12.0, 160.0, 30.0, 320.0, of)
    )


def _wave(at: Any, cycles: float, height: float, of: ModuleType) -> Any:
    return height * of.sin(at * cycles * math.pi) * 2.0 / 3.0


def _waves(at: Any, first: float, second: float, of: ModuleType) -> Any:
    return _wave(at, first, 20.0, of) + _wave(at, second, 20.0, of)


def _tail(at: Any, first: float, height: float, second: float, other: float, of: ModuleType) -> Any:
    return _wave(at, 1 / first, height, of) + _wave(at, 1 / second, other, of)
