"""Which gateway to the carrier is used.

TWILIO_API_URL decides: empty for Twilio itself, an http address for another service with the same REST API
(SignalWire, the simulated carrier), or `mail:` and `console:` for drills. A restored copy reaches
none of them.
"""

from functools import cache

from django.conf import settings

from network.messaging.gateway.drill import ByMail, OnConsole
from network.messaging.gateway.protocol import Gateway
from network.messaging.gateway.quiet import Quiet
from network.messaging.gateway.twilio import Twilio
from network.messaging.quiet import is_quiet


@cache
def _chosen(address: str) -> Gateway:
    if address.startswith("console:"):
        return OnConsole()
    if address.startswith("mail:"):
        return ByMail(address)
    return Twilio(address)


def carrier() -> Gateway:
    """The gateway that the settings name; one that reaches nobody while the database is a restored copy."""
    return Quiet() if is_quiet() else _chosen(settings.TWILIO_API_URL or "")
