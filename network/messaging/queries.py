"""What is known about phones and about texts on their way."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from network.database.compiled import Compiled
from network.messaging.models import Contact, Inbound, Outbound
from network.messaging.rules.states import InState, OutState


class Silence(StrEnum):
    """Why a phone gets no texts."""

    OPTED_OUT = "opted_out"  # they stopped our texts
    UNREACHABLE = "unreachable"  # the carrier says that it can't be texted


_silenced = Compiled(
    lambda prints: Contact.objects.filter(fingerprint__any=prints).values_list(
        "fingerprint", "opted_out_at", "unreachable_at"
    )
)


def silenced(fingerprints: Iterable[bytes]) -> dict[bytes, Silence]:
    """Which of these phones get no texts, and why."""
    silences: dict[bytes, Silence] = {}
    for print_, stopped, dead in _silenced.all(list(fingerprints)):
        if stopped:
            silences[bytes(print_)] = Silence.OPTED_OUT
        elif dead:
            silences.setdefault(bytes(print_), Silence.UNREACHABLE)
    return silences


def silence_of(fingerprint: bytes) -> Silence | None:
    return silenced([fingerprint]).get(bytes(fingerprint))


def texts_to_handle(now: Any, *, ours: bool = True) -> QuerySet[Inbound]:
    """Texts of known phones that wait to be handled. Strangers' have a queue of their own."""
    return Inbound.objects.filter(
        state=InState.WAITING, ours=ours, next_attempt_at__lte=now, contact__isnull=False
    )


_last_written = Compiled(
    lambda contact_id: (
        Outbound.objects.filter(contact_id=contact_id)
        .order_by("-order")
        .values_list("written_by", "owed_at")[:1]
    )
)


def staff_wrote_last(contact_id: UUID, *, since: datetime) -> bool:
    """Whether our last text to this phone was in a coordinator's own words, and isn't older than that."""
    written_by, owed_at = _last_written.first(contact_id) or (None, since)
    return written_by is not None and owed_at > since


def last_text_at() -> datetime | None:
    """When a text last came in, from anybody."""
    return Inbound.objects.order_by("-arrival").values_list("received_at", flat=True).first()


def last_webhook_at() -> datetime | None:
    """When the carrier last delivered a text to our webhook."""
    brought = Inbound.objects.filter(fetched=False).order_by("-arrival")
    return brought.values_list("received_at", flat=True).first()


def reached(fingerprints: Iterable[bytes]) -> set[bytes]:
    """Which of these phones have received a text of ours."""
    there = Outbound.objects.filter(contact__fingerprint__in=list(fingerprints), state=OutState.DELIVERED)
    return {bytes(print_) for print_ in there.values_list("contact__fingerprint", flat=True).distinct()}
