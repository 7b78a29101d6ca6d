"""Why this person, and why not another: what the search sees of everybody, for a coordinator to read."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from network.dispatch.models import Search, Willingness
from network.dispatch.queries.candidates import known
from network.dispatch.queries.learned import policy
from network.dispatch.queries.situations import situation
from network.dispatch.rules.case import Policy, Situation, Width
from network.dispatch.rules.crowd import Candidate, Crowd
from network.dispatch.rules.fit import EXCUSED_BY_HAND, EXCUSED_BY_TWO, Refusal, refusals
from network.dispatch.rules.waves import prospects
from network.people.models import Person, Responder
from network.support.models import SupportRequest


class Way(IntEnum):
    """What a coordinator may do about somebody, the easiest first."""

    ASK = 0  # nothing keeps them out
    BY_NAME = 1  # the search would not, but a person may
    BY_TWO = 2  # with a reason, and a second person
    NONE = 3


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A responder beside a request: what speaks for asking them, and the rule that keeps them out.

    `refusal` is the rule that applies even when a coordinator names them, if one does.
    """

    person: Person
    candidate: Candidate
    refusal: Refusal | None
    way: Way
    speaks: bool
    asked: int  # offers that had their time, in all, and how many of them were a yes
    said_yes: int
    chance: float


def search_of(support_request: SupportRequest) -> Search | None:
    return Search.objects.filter(support_request=support_request).first()


def weighed(support_request: SupportRequest, search: Search | None, *, now: datetime) -> list[Reasoned]:
    """Everybody, ordered by what a coordinator may do about them, then as the search ranks them.

    The request is read with its member's person and organization.
    """
    if not support_request.kind:
        return []
    search = search or Search(support_request=support_request, started_at=now)
    people = known(support_request, Responder.objects.all(), now=now)
    seen, numbers = situation(support_request, search, now=now), policy(now=now)
    crowd = Crowd.of(candidate for candidate, _ in people)
    view = prospects(seen, crowd, numbers, now=now)
    judged = _judged(crowd, seen, numbers, width=Width(search.width))
    counted = {row.person_id: row for row in Willingness.objects.filter(person__in=crowd.people)}
    rows = [
        _reasoned(candidate, person, *judged[n], counted.get(candidate.person), seen, float(view.chance[n]))
        for n, (candidate, person) in enumerate(people)
    ]
    order = sorted(range(len(rows)), key=lambda n: (rows[n].way, -view.worth[n]))
    return [rows[n] for n in order]


def _judged(
    crowd: Crowd, seen: Situation, numbers: Policy, *, width: Width
) -> list[tuple[Refusal | None, Way]]:
    """For each row, the rule to show, and what a coordinator may do about it."""
    search = refusals(crowd, seen, numbers, width=width)
    by_name = refusals(crowd, seen, numbers, width=Width.LANGUAGE, excused=EXCUSED_BY_HAND)
    by_two = {
        why: refusals(crowd, seen, numbers, width=Width.LANGUAGE, excused={*EXCUSED_BY_HAND, why})
        for why in EXCUSED_BY_TWO
    }
    judged: list[tuple[Refusal | None, Way]] = []
    for n, (first, named) in enumerate(zip(search, by_name, strict=True)):
        if named is None:
            judged.append((first, Way.BY_NAME if first else Way.ASK))
        else:
            may = named in by_two and by_two[named][n] is None
            judged.append((named, Way.BY_TWO if may else Way.NONE))
    return judged


def _reasoned(
    candidate: Candidate,
    person: Person,
    refusal: Refusal | None,
    way: Way,
    count: Willingness | None,
    seen: Situation,
    chance: float,
) -> Reasoned:
    return Reasoned(
        person=person,
        candidate=candidate,
        refusal=refusal,
        way=way,
        speaks=seen.language in candidate.languages,
        asked=count.asked if count else 0,
        said_yes=count.said_yes if count else 0,
        chance=chance,
    )
