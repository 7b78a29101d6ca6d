"""The search for responders, what it learns, and what people decide beside it."""

from network.dispatch.models.exceptions import Exemption, Surge
from network.dispatch.models.learning import (
    AskCount,
    Calibration,
    Cell,
    Delay,
    DelayFifth,
    ForecastBand,
    Learning,
    Willingness,
)
from network.dispatch.models.search import Offer, Search

__all__ = [
    "AskCount",
    "Calibration",
    "Cell",
    "Delay",
    "DelayFifth",
    "Exemption",
    "ForecastBand",
    "Learning",
    "Offer",
    "Search",
    "Surge",
    "Willingness",
]
