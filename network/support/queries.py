"""Reading support requests."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from network.database.compiled import Compiled
from network.messaging.texts import dates
from network.messaging.texts.languages import known
from network.staff.rules.access import Action, Who, scope_of
from network.support.models import Drill, SupportRequest
from network.support.rules.requests import Kind, State


def zone() -> ZoneInfo:
    """The network's time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def local(now: datetime) -> datetime:
    """This time in the network's time zone."""
    return now.astimezone(zone())


def when(at: datetime, language: str) -> str:
    """The day and hour as texts in this language write them."""
    return dates.when(local(at), known(language, settings.NETWORK_LANGUAGES))


def open_requests() -> QuerySet[SupportRequest]:
    """Open requests, without those of drills."""
    return SupportRequest.objects.exclude(state=State.CLOSED).filter(drill=None)


def running_drill() -> Drill | None:
    return Drill.objects.filter(ended_at=None).first()


_open_of_person = Compiled(
    lambda person_id: (
        open_requests()
        .select_related("member__person", "member__organization")
        .filter(member__person_id=person_id)
        .order_by("pk")[:1]
    )
)


def open_of_person(person_id: UUID) -> SupportRequest | None:
    """This member's open request, if they have one."""
    return _open_of_person.first(person_id)


def duress_of(person_id: UUID) -> SupportRequest | None:
    """This member's open request, if it is under duress."""
    return open_requests().filter(member__person_id=person_id, duress=True).first()


def visible_to(who: Who) -> QuerySet[SupportRequest]:
    """The requests that this member of staff may see."""
    if scope_of(who, Action.SEE_REQUESTS) is not None:
        return SupportRequest.objects.all()
    if scope_of(who, Action.READ_LEGAL) is not None and who.organization is not None:
        return SupportRequest.objects.filter(kind=Kind.LEGAL, member__organization=who.organization)
    return SupportRequest.objects.none()
