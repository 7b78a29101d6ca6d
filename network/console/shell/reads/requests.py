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
from network.support.rules.requests import Kind, State
from network.visits.queries import live
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
    at: int  # how far it has come, of five: asking, searching, on the way, there, closed

    @property
    def icon(self) -> str:
        return KIND_ICONS.get(self.request.kind, "circle-question-mark")


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
    out = _stages(ids)
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
            at=how_far(row.state, out.get(row.pk, set())),
        )
        for row in rows
    ]


KIND_ICONS: dict[str, str] = {
    Kind.ACCOMPANIMENT: "heart-handshake",
    Kind.LEGAL: "scale",
    Kind.CHILDCARE: "baby",
}
ASKING, SEARCHING, ON_THE_WAY, THERE, CLOSED = range(1, 6)


def how_far(state: str, out: set[str]) -> int:
    """Of the five stages of a request, by its state and those of its visits."""
    if state == State.CLOSED:
        return CLOSED
    if Stage.THERE in out:
        return THERE
    if out & {Stage.GOING, Stage.HELD}:
        return ON_THE_WAY
    return SEARCHING if state in (State.SEARCHING, State.COVERED) else ASKING


def _stages(request_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """The stages of the visits that are on, by request."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for request_id, stage in (
        live().filter(support_request__in=request_ids).values_list("support_request", "stage")
    ):
        found[request_id].add(stage)
    return found


def asked_by_request(request_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, bool]]:
    """For each request who was asked, and whether their yes still counts: not once it fell through."""
    found: dict[UUID, dict[UUID, bool]] = defaultdict(dict)
    offers = Offer.objects.filter(search__support_request__in=request_ids)
    for offer in offers.values("search__support_request", "person", "state", "visit__stage"):
        answers = found[offer["search__support_request"]]
        coming = offer["state"] == OfferState.ACCEPTED and offer["visit__stage"] != Stage.LEFT
        answers[offer["person"]] = answers.get(offer["person"], False) or coming
    return found
