"""Distances between places. Pure."""

import math

EARTH_MILES = 3958.8


def miles(start: tuple[float, float], end: tuple[float, float]) -> float:
    """As the crow flies, between two (latitude, longitude) in degrees (haversine)."""
    (lat1, lon1), (lat2, lon2) = (map(math.radians, start), map(math.radians, end))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_MILES * math.asin(math.sqrt(half))
