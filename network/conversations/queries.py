"""The situation of whoever sent a text, read in order to understand it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from network.conversations.models import Conversation
from network.conversations.rules.context import Context, OpenOffer, Question, SenderStatus
from network.database.compiled import Compiled
from network.desk.models import Need
from network.desk.rules import About, Reason
from network.dispatch.models import Search
from network.dispatch.queries.engagements import recent_offers
from network.dispatch.rules.case import OPEN_FOR, OfferState
from network.messaging.models import Contact
from network.messaging.queries import staff_wrote_last
from network.people.models import Member, Person
from network.support.models import SupportRequest
from network.support.queries import open_of_person
from network.support.rules.requests import Kind, Outcome, State
from network.visits.models import Visit
from network.visits.queries import all_of_person, asked_last, current, is_promised, last_fine_question
from network.visits.rules.stages import LIVE, Stage

JUST = timedelta(hours=1)
STAFF_ASKED_FOR = timedelta(hours=12)
FINE_STANDS = timedelta(hours=24)
CALLED_OFF = 3  # times in a day: twice may be fear that passed and came again
CALLED_OFF_WITHIN = timedelta(hours=24)
HOLDS_FOR = {  # then a bare answer is hardly about that text any more
    Question.ENROLLED: timedelta(days=7),
    Question.NOT_NEEDED: timedelta(hours=12),
    Question.STOP: timedelta(hours=12),
    Question.MOVED: timedelta(hours=12),
    Question.DESCRIBE: timedelta(hours=12),
}


class OpenQuestion(NamedTuple):
    """A question that is open; `ends_by` as in Context."""

    at: datetime
    question: Question
    ends_by: int | None = None


@dataclass(frozen=True, slots=True)
class ConversationFacts:
    """All that understanding a text and acting on it needs, read once."""

    context: Context
    request: SupportRequest | None = None
    conversation: Conversation | None = None


def context_of(person: Person | None, contact: Contact, *, now: datetime) -> Context:
    """The situation in which we understand a text of theirs."""
    return read(person, contact, now=now).context


def read(person: Person | None, contact: Contact, *, now: datetime) -> ConversationFacts:
    """The situation in which we understand a text of theirs, and the open request that it may be about."""
    opted_out = contact.opted_out_at is not None
    if person is None:
        return ConversationFacts(Context(SenderStatus.STRANGER, opted_out=opted_out))
    member = getattr(person, "member", None)
    responder = getattr(person, "responder", None)
    support_request = open_of_person(person.pk) if member else None
    visits = all_of_person(person.pk) if responder else []
    visit = current(visits)
    conversation = _conversation.first(person.pk)
    asked = open_question(person, conversation, support_request, visits, now=now)
    context = Context(
        standing=SenderStatus(person.standing),
        is_member=member is not None,
        is_responder=responder is not None and person.suspended_at is None,
        question=asked.question if asked else None,
        question_age=now - asked.at if asked else timedelta(0),
        ends_by=asked.ends_by if asked else None,
        a_person_asked=staff_wrote_last(contact.pk, since=now - STAFF_ASKED_FOR),
        request=State(support_request.state) if support_request else None,
        offers=_offers(person, now=now) if responder else (),
        stage=Stage(visit.stage) if visit else None,
        promised=sum(is_promised(visit) for visit in visits),
        duress_word=member.duress_word if member else None,
        opted_out=opted_out,
        just_closed=_just_closed(person, now=now),
    )
    return ConversationFacts(context, support_request, conversation)


def _offers(person: Person, *, now: datetime) -> tuple[OpenOffer, ...]:
    if person.suspended_at is not None:
        return ()
    answerable = (OfferState.OPEN, OfferState.DECLINED)
    return tuple(
        OpenOffer(
            offer.pk, offer.code, offer.state == OfferState.OPEN, stale=offer.asked_at <= now - OPEN_FOR
        )
        if offer.state not in answerable or offer.open_until > now
        else OpenOffer(offer.pk, offer.code, open=False)
        for offer in recent_offers(person.pk, now=now)
    )


def still_asked() -> QuerySet[Conversation]:
    """Conversations with a question whose subject is still open.

    The subject itself is asked, so a question ends in the transaction that ends its subject.
    """
    its_request = SupportRequest.objects.filter(pk=OuterRef("request_id")).exclude(state=State.CLOSED)
    not_searched = its_request.filter(state__in=(State.ASKING, State.STOPPED))
    phone_in_doubt = Member.objects.filter(person=OuterRef("person"), phone_asked_at__isnull=False)
    return Conversation.objects.filter(
        Q(question=Question.HOME) & Exists(not_searched.filter(at_home=False))
        | Q(question=Question.KIND) & Exists(not_searched.filter(kind=""))
        | Q(question=Question.CHILDREN) & Exists(not_searched.filter(children=None))
        | Q(question__in=(Question.DESCRIBE, Question.NOT_NEEDED)) & Exists(its_request)
        | Q(question=Question.GIVE_UP) & Exists(Visit.objects.filter(pk=OuterRef("visit_id"), stage__in=LIVE))
        | Q(question__in=(Question.STOP, Question.MOVED), person__standing=Person.Standing.ACTIVE)
        | Q(question=Question.JOIN, person__standing=Person.Standing.INVITED)
        | Q(question=Question.ENROLLED, person__standing=Person.Standing.ACTIVE)
        | Q(question=Question.STILL_YOU) & Exists(phone_in_doubt),
        asked_at__isnull=False,
    )


_conversation = Compiled(
    lambda person_id: Conversation.objects.filter(person_id=person_id).annotate(
        is_asked=Exists(still_asked().filter(pk=OuterRef("pk")))
    )
)


def open_question(
    person: Person,
    conversation: Any,
    support_request: SupportRequest | None,
    visits: list[Visit],
    *,
    now: datetime,
) -> OpenQuestion | None:
    """The newest question without an answer. `visits`: their visits that have not ended."""
    asked: list[OpenQuestion] = []
    if conversation and conversation.is_asked:
        question = Question(conversation.question)
        holds_for = HOLDS_FOR.get(question)
        if holds_for is None or conversation.asked_at > now - holds_for:
            asked.append(OpenQuestion(conversation.asked_at, question, conversation.ends_by))
    if support_request:
        asked += _of_request(support_request)
    kept = asked_last(visits)
    if kept and kept.confirm_asked_at:
        asked.append(OpenQuestion(kept.confirm_asked_at, Question.STILL_STANDS))
    fine = last_fine_question(person.pk) if hasattr(person, "responder") else None
    if fine and fine.fine_asked_at and fine.fine_asked_at > now - FINE_STANDS:
        asked.append(OpenQuestion(fine.fine_asked_at, Question.VISIT_FINE))
    return max(asked, key=lambda question: question.at, default=None)


_search_of = Compiled(lambda request_id: Search.objects.filter(support_request_id=request_id))


def _of_request(support_request: SupportRequest) -> list[OpenQuestion]:
    asked: list[OpenQuestion] = []
    if support_request.time_asked_at:
        asked.append(OpenQuestion(support_request.time_asked_at, Question.TIME))
    search = _search_of.first(support_request.pk)
    hunted = support_request.state in (State.SEARCHING, State.STOPPED)
    if search and hunted and search.nobody_told_at and search.nobody_answered_at is None:
        asked.append(OpenQuestion(search.nobody_told_at, Question.WAIT_OR_CALL))
    if support_request.came_asked_at and support_request.came_answered_at is None:
        asked.append(OpenQuestion(support_request.came_asked_at, Question.DID_THEY_COME))
    return asked


_last_closed = Compiled(
    lambda member_id, since: SupportRequest.objects.filter(member_id=member_id, closed_at__gt=since).order_by(
        "-closed_at"
    )[:1]
)


def just_closed_by_text(member: Member, *, since: datetime) -> SupportRequest | None:
    """The request that their text has ended since then, if it can be opened again as it was."""
    last = _last_closed.first(member.pk, since)
    if last is None or last.outcome != Outcome.NOT_NEEDED or member.frozen_at is not None:
        return None
    whole = last.kind and last.at_home and (last.kind != Kind.CHILDCARE or last.children)
    if not whole or last.duress or last.by_hand or last.starts_at:
        return None
    by_text = Need.objects.filter(reason=Reason.CLOSED_BY_TEXT, about=str(About("request", str(last.pk))))
    return last if by_text.exists() else None


_called_off = Compiled(
    lambda member_id, since: SupportRequest.objects.filter(
        member_id=member_id, drill=None, outcome=Outcome.NOT_NEEDED, closed_at__gt=since
    ).values_list("pk", flat=True)[:CALLED_OFF]
)


def calls_off_often(member: Member, *, now: datetime) -> bool:
    """Whether they had volunteers asked and called off so often that a person decides first."""
    return len(_called_off.all(member.pk, now - CALLED_OFF_WITHIN)) >= CALLED_OFF


_closed_since = Compiled(
    lambda person_id, since: SupportRequest.objects.filter(
        member__person_id=person_id, closed_at__gt=since
    ).values_list("pk", flat=True)[:1]
)
_ended_since = Compiled(
    lambda person_id, since: Visit.objects.filter(person_id=person_id, ended_at__gt=since).values_list(
        "pk", flat=True
    )[:1]
)


def _just_closed(person: Person, *, now: datetime) -> bool:
    ours, goes = hasattr(person, "member"), hasattr(person, "responder")
    return bool(
        (ours and _closed_since.all(person.pk, now - JUST))
        or (goes and _ended_since.all(person.pk, now - JUST))
    )
