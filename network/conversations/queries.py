"""The situation of whoever sent a text, gathered for understanding it."""

from datetime import datetime, timedelta

from network.conversations.models import Conversation
from network.conversations.rules import Context, OpenOffer, Question, Standing
from network.dispatch.models import Search
from network.dispatch.queries import recent_offers
from network.dispatch.rules_case import OPEN_FOR, OfferState
from network.messaging.models import Contact, Inbound
from network.messaging.rules import InState
from network.people.models import Person
from network.support.models import SupportRequest
from network.support.queries import open_of_person
from network.support.rules import State
from network.visits.models import Visit
from network.visits.queries import last_fine_question, live_of_person, promised, to_confirm
from network.visits.rules import Stage

JUST = timedelta(hours=1)
FINE_STANDS = timedelta(hours=24)
ENROLLED_STANDS = timedelta(days=7)  # then "2" is hardly about that text any more

type Asked = tuple[datetime, Question]


def next_waiting(contact: Contact) -> Inbound | None:
    """The oldest text of this phone that is not handled."""
    waiting = Inbound.objects.filter(contact=contact, state=InState.WAITING)
    return waiting.order_by("came_at", "arrival").first()


def context_of(person: Person | None, contact: Contact, *, now: datetime) -> Context:
    opted_out = contact.opted_out_at is not None
    if person is None:
        return Context(Standing.STRANGER, opted_out=opted_out)
    member = getattr(person, "member", None)
    responder = getattr(person, "responder", None)
    support_request = open_of_person(person.pk) if member else None
    visit = live_of_person(person.pk) if responder else None
    asked_at, question = open_question(person, support_request, now=now) or (now, None)
    return Context(
        standing=Standing(person.standing),
        is_member=member is not None,
        is_responder=responder is not None and person.suspended_at is None,
        question=question,
        question_age=now - asked_at,
        request=State(support_request.state) if support_request else None,
        offers=_offers(person, now=now) if responder else (),
        stage=Stage(visit.stage) if visit else None,
        promised=len(promised(person.pk)) if responder else 0,
        duress_word=member.duress_word if member else None,
        opted_out=opted_out,
        just_closed=_just_closed(person, now=now),
    )


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


def open_question(person: Person, support_request: SupportRequest | None, *, now: datetime) -> Asked | None:
    """The question asked last that has no answer yet."""
    asked: list[Asked] = []
    conversation = Conversation.objects.filter(person=person).first()
    if conversation and conversation.question and conversation.asked_at:
        question = Question(conversation.question)
        if question is not Question.ENROLLED or conversation.asked_at > now - ENROLLED_STANDS:
            asked.append((conversation.asked_at, question))
    if support_request:
        asked += _of_request(support_request)
    kept = to_confirm(person.pk)
    if kept and kept.confirm_asked_at:
        asked.append((kept.confirm_asked_at, Question.STILL_STANDS))
    fine = last_fine_question(person.pk)
    if fine and fine.fine_asked_at and fine.fine_asked_at > now - FINE_STANDS:
        asked.append((fine.fine_asked_at, Question.VISIT_FINE))
    return max(asked, key=lambda one: one[0], default=None)


def _of_request(support_request: SupportRequest) -> list[Asked]:
    asked: list[Asked] = []
    if support_request.time_asked_at:
        asked.append((support_request.time_asked_at, Question.TIME))
    search = Search.objects.filter(support_request=support_request).first()
    hunted = support_request.state in (State.SEARCHING, State.STOPPED)
    if search and hunted and search.nobody_told_at and search.nobody_answered_at is None:
        asked.append((search.nobody_told_at, Question.WAIT_OR_CALL))
    if support_request.came_asked_at and support_request.came_answered_at is None:
        asked.append((support_request.came_asked_at, Question.DID_THEY_COME))
    return asked


def _just_closed(person: Person, *, now: datetime) -> bool:
    closed = SupportRequest.objects.filter(member__person=person, closed_at__gt=now - JUST)
    ended = Visit.objects.filter(person=person, ended_at__gt=now - JUST)
    return closed.exists() or ended.exists()
