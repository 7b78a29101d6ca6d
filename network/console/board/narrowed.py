"""The board's rows under a filter, and what it hides: never in silence, and what is late with its number."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from network.console.board.filters import FREE, LATE, MINE, NOT_KNOWN, Filter
from network.desk.models import Need
from network.desk.queries import open_needs
from network.people.models import Person
from network.support.models import SupportRequest
from network.support.queries import local, open_requests


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A filter as one member of staff sees the board with it at one moment."""

    filter: Filter
    staff_id: UUID
    now: datetime

    def needs(self) -> QuerySet[Need]:
        """Those that wait, the one due next on top. A need about no request has a language at most."""
        shown = open_needs().filter(_of_needs(self.filter, self.staff_id, self.now))
        about, chosen = _of_requests(self.filter), self.filter
        if not (chosen.kind or chosen.state or chosen.language):
            return shown
        wanted = Q(request_id__in=SupportRequest.objects.filter(about).values("pk"))
        if not (chosen.kind or chosen.state):
            theirs = Person.objects.filter(languages__0=chosen.language).values("pk")
            wanted |= Q(request_id=None, person_id__in=theirs)
        return shown.filter(wanted)

    def requests(self) -> Q:
        """Of this kind, language and state; where it says whose or due, those with such a need."""
        about = _of_requests(self.filter)
        if self.filter.whose or self.filter.due:
            needs = open_needs().filter(_of_needs(self.filter, self.staff_id, self.now))
            about &= Q(pk__in=needs.filter(request_id__isnull=False).values("request_id"))
        return about

    def closed(self) -> Q:
        """Requests that are over have no state to choose and no needs: kind and language count."""
        return _of_requests(Filter(kind=self.filter.kind, language=self.filter.language))

    def visits(self) -> Q:
        if not self.filter:
            return Q()
        return Q(support_request__in=SupportRequest.objects.filter(self.requests()).values("pk"))

    def hidden(self) -> "Hidden":
        """What stands on the whole board and not on this one."""
        needs = open_needs().exclude(pk__in=self.needs().values("pk"))
        late = needs.filter(due_at__lte=self.now)
        midnight = local(self.now).replace(hour=0, minute=0, second=0, microsecond=0)
        closed = SupportRequest.objects.filter(closed_at__gte=midnight)
        requests = _left_out(open_requests(), self.requests()) + _left_out(closed, self.closed())
        return Hidden(needs.count(), requests, late.count(), late.filter(claimed_by=None).count())


@dataclass(frozen=True, slots=True)
class Hidden:
    needs: int
    requests: int
    late: int
    late_free: int  # of the late ones, those that nobody has taken


def _of_needs(filter_: Filter, staff_id: UUID, now: datetime) -> Q:
    wanted = Q(due_at__lte=now) if filter_.due == LATE else Q()
    if filter_.whose == MINE:
        wanted &= Q(claimed_by=staff_id)
    if filter_.whose == FREE:
        wanted &= Q(claimed_by=None)
    return wanted


def _of_requests(filter_: Filter) -> Q:
    wanted = Q(kind="" if filter_.kind == NOT_KNOWN else filter_.kind) if filter_.kind else Q()
    if filter_.language:
        wanted &= Q(member__person__languages__0=filter_.language)
    if filter_.state:
        wanted &= Q(state=filter_.state)
    return wanted


def _left_out(rows: QuerySet[SupportRequest], shown: Q) -> int:
    return rows.count() - rows.filter(shown).count()
