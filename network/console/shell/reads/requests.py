"""Requests as rows of a list, gathered in few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from network.console.shell import words
from network.console.shell.reads.staff import ReaderRow, readers_by_person
from network.conversations.outreach.coordinators import Beside
from network.desk.queries import next_promises
from network.dispatch.models import Offer, Search
from network.dispatch.rules.case import OfferState
from network.support.models import SupportRequest
from network.visits.rules.stages import Stage


@dataclass(frozen=True, slots=True)
class RequestRow:
    request: SupportRequest
    kind: str | Promise
    state: str | Promise
    promise: datetime | None
    wave: int
    asked: int
    accepted: int
    readers: list["ReaderRow"]  # who else has it open


def request_rows(
    requests: Iterable[SupportRequest], beside: Mapping[UUID, Sequence[Beside]] | None = None
) -> list[RequestRow]:
    """In the order given. `beside`: who else reads, by the member's person."""
    rows = list(requests)
    ids = [row.pk for row in rows]
    asked = asked_by_request(ids)
    waves = dict(Search.objects.filter(support_request__in=ids).values_list("support_request", "wave"))
    promises = next_promises(ids)
    reading = readers_by_person(beside or {})
    return [
        RequestRow(
            request=row,
            kind=words.KINDS[row.kind],
            state=words.OUTCOMES[row.outcome] if row.outcome else words.STATES[row.state],
            promise=promises.get(row.pk),
            wave=waves.get(row.pk, 0),
            asked=len(asked[row.pk]),
            accepted=sum(asked[row.pk].values()),
            readers=reading.get(row.member.person_id, []),
        )
        for row in rows
    ]


def asked_by_request(request_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, bool]]:
    """For each request who was asked, and whether their yes still counts: not once it fell through."""
    found: dict[UUID, dict[UUID, bool]] = defaultdict(dict)
    offers = Offer.objects.filter(search__support_request__in=request_ids)
    for one in offers.values("search__support_request", "person", "state", "visit__stage"):
        mine = found[one["search__support_request"]]
        coming = one["state"] == OfferState.ACCEPTED and one["visit__stage"] != Stage.LEFT
        mine[one["person"]] = mine.get(one["person"], False) or coming
    return found
