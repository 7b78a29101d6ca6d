"""Questions of ours that nobody answered: raise a need, send a reminder, or have them called."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from network.audit.rules import ENGINE
from network.conversations.handling.answers import organization_of
from network.conversations.models import Conversation
from network.conversations.queries import still_asked
from network.conversations.rules.context import STEPS, Question
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.dispatch.actions import offering
from network.messaging.models import Contact
from network.messaging.outbox import queueing
from network.messaging.outbox.queueing import Purpose
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text
from network.messaging.texts.languages import switch
from network.people.models import Person
from network.support import actions as support

HALF_REQUEST = timedelta(minutes=3)
CALL_AFTER = timedelta(minutes=10)
REMIND_AFTER = timedelta(hours=24)


def escalate_half_requests(*, now: datetime) -> int:
    """Half a request is a request: silence after our question goes to the board, then to a call, or to a
    text where calling isn't safe.
    """
    silent = still_asked().filter(question__in=STEPS, asked_at__lte=now - HALF_REQUEST, called_at=None)
    late = Q(asked_at__lte=now - CALL_AFTER)
    due = list(silent.filter(late | Q(flagged_at=None)).values_list("pk", flat=True))
    return sum(_flag_half_request(silent, pk, now=now) for pk in due)


@transaction.atomic
def _flag_half_request(silent: QuerySet[Conversation], pk: UUID, *, now: datetime) -> bool:
    """False if they have answered meanwhile, or another worker was first."""
    conversation = _held(silent, pk)
    if conversation is None or conversation.asked_at is None:
        return False
    late = conversation.asked_at <= now - CALL_AFTER
    if conversation.flagged_at and not late:
        return False
    Conversation.objects.filter(pk=pk).update(**{"called_at" if late else "flagged_at": now})
    raise_need(
        support.speak_with(conversation.person) if late else Reason.HALF_REQUEST,
        about=About("request", str(conversation.request_id)),
        now=now,
        by=ENGINE,
        request_id=conversation.request_id,
        person_id=conversation.person_id,
    )
    return True


def _held(silent: QuerySet[Conversation], pk: UUID) -> Conversation | None:
    """The row as it is now, with no text of this phone being handled. None if it no longer applies."""
    phone = Person.objects.filter(pk=pk).values("fingerprint")
    contacts = Contact.objects.select_for_update(no_key=True).filter(fingerprint__in=phone)
    list(contacts.order_by("pk").values_list("pk"))
    row = Conversation.objects.select_for_update(no_key=True, of=("self",))
    list(row.filter(pk=pk).values_list("pk"))
    return silent.filter(pk=pk).first()


def follow_up_invitations(*, now: datetime) -> int:
    """An enrollment question without an answer: one reminder after a day, then a need."""
    asked = (
        still_asked()
        .filter(question=Question.JOIN, asked_at__lte=now - REMIND_AFTER, called_at=None)
        .filter(Q(flagged_at=None) | Q(flagged_at__lte=now - REMIND_AFTER))
    )
    due = list(asked.values_list("pk", flat=True))
    for pk in due:
        with transaction.atomic():
            conversation = _held(asked, pk)
            if conversation is None:  # they have answered meanwhile
                continue
            if conversation.flagged_at is None:
                _remind(conversation, now=now)
                continue
            Conversation.objects.filter(pk=pk).update(called_at=now)
            raise_need(
                Reason.NO_ANSWER_TO_JOIN,
                about=About("person", str(conversation.person_id)),
                now=now,
                by=ENGINE,
                person_id=conversation.person_id,
            )
    return len(due)


def _remind(conversation: Conversation, *, now: datetime) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(flagged_at=now)
    person = Person.objects.select_related("member__organization").get(pk=conversation.person_id)
    queueing.queue(
        person.phone,
        Text.JOIN_REMINDER,
        offering.language_of(person),
        organization=organization_of(person, now=now),
        switch=switch(offering.language_of(person), settings.NETWORK_LANGUAGES),
        purpose=Purpose(Lane.REMINDER),
        now=now,
    )
