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
    """Where the network lives."""
    return ZoneInfo(settings.TIME_ZONE)


def local(now: datetime) -> datetime:
    """The time on the network's own clocks."""
    return now.astimezone(zone())


def when(at: datetime, language: str) -> str:
    """A day and an hour as a text in this language says them."""
    return dates.when(local(at), known(language, settings.NETWORK_LANGUAGES))


def open_requests() -> QuerySet[SupportRequest]:
    """Real ones: a drill's are seen on its own page."""
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
    """The one open request of this member, if they have one."""
    return _open_of_person.first(person_id)


def duress_of(person_id: UUID) -> SupportRequest | None:
    """The open request under duress of this member, if there is one."""
    return open_requests().filter(member__person_id=person_id, duress=True).first()


def visible_to(who: Who) -> QuerySet[SupportRequest]:
    """The requests that this member of staff may see at all; the rest is unknown to them."""
    if scope_of(who, Action.SEE_REQUESTS) is not None:
        return SupportRequest.objects.all()
    if scope_of(who, Action.READ_LEGAL) is not None and who.organization is not None:
        return SupportRequest.objects.filter(kind=Kind.LEGAL, member__organization=who.organization)
    return SupportRequest.objects.none()
