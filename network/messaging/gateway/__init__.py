"""The way to a carrier: a small protocol, and the choice of who speaks it.

Which gateway is used is told by TWILIO_API_URL: nothing (Twilio itself), an http address (anyone
who speaks the same REST: SignalWire, the simulated carrier), or `mail:` and `console:` for drills.
"""

from functools import cache

from django.conf import settings

from network.messaging.gateway.drill import ByMail, OnConsole
from network.messaging.gateway.protocol import (
    Attachment,
    Gateway,
    Gone,
    Held,
    LostAnswer,
    NotNow,
    NotReached,
    Received,
    Refused,
    Sent,
    SlowAnswer,
    SlowDown,
)
from network.messaging.gateway.twilio import Twilio

__all__ = [
    "Attachment", "Gateway", "Gone", "Held", "LostAnswer", "NotNow", "NotReached", "Received",
    "Refused", "Sent", "SlowAnswer", "SlowDown", "carrier",
]  # fmt: skip


@cache
def _chosen(address: str) -> Gateway:
    if address.startswith("console:"):
        return OnConsole()
    if address.startswith("mail:"):
        return ByMail(address)
    return Twilio(address)


def carrier() -> Gateway:
    """The gateway that the settings name."""
    return _chosen(settings.TWILIO_API_URL or "")
