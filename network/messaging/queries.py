"""Reading what is known of phones and of texts under way."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from network.messaging.models import Contact, Outbound
from network.messaging.pace import leaves_in
from network.messaging.rules import OutState


class Silence(StrEnum):
    """Why nothing is texted to a phone."""

    OPTED_OUT = "opted_out"  # they stopped our texts
    UNREACHABLE = "unreachable"  # the carrier says that it can't be texted


def silenced(fingerprints: Iterable[bytes]) -> dict[bytes, Silence]:
    """Those of these phones that get no texts, each with why."""
    known = Contact.objects.filter(fingerprint__in=list(fingerprints))
    found: dict[bytes, Silence] = {}
    for print_, stopped, dead in known.values_list("fingerprint", "opted_out_at", "unreachable_at"):
        if stopped:
            found[bytes(print_)] = Silence.OPTED_OUT
        elif dead:
            found.setdefault(bytes(print_), Silence.UNREACHABLE)
    return found


def silence_of(fingerprint: bytes) -> Silence | None:
    return silenced([fingerprint]).get(bytes(fingerprint))


def waiting(*, now: datetime) -> tuple[int, timedelta]:
    """How many texts are owed, and how long until the last of them has left."""
    owed = Outbound.objects.filter(state__in=(OutState.OWED, OutState.SENDING, OutState.UNKNOWN))
    return owed.count(), leaves_in(now=now)
