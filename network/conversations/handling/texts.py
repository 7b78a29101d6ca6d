"""One text at a time: understand it in its context, act, and answer, all in one transaction."""

import json
import logging
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from network.audit import rules as audit
from network.audit.actions import record
from network.audit.rules import ENGINE, error_of
from network.conversations.handling.answers import answer
from network.conversations.handling.execute import act
from network.conversations.handling.message_context import Handling
from network.conversations.handling.opting import told_by_carrier
from network.conversations.handling.strangers import answer_stranger, flag_stranger, tell_of_their_cry
from network.conversations.queries import read
from network.conversations.rules.commands import Restore, Stop
from network.conversations.rules.understanding import decide
from network.database.compiled import Compiled
from network.desk.actions import raise_need
from network.desk.models import Need
from network.desk.rules import About, Reason
from network.messaging import contacts
from network.messaging.canary import came_back
from network.messaging.inbox import receiving
from network.messaging.inbox.backfill import is_catching_up
from network.messaging.inbox.copies import COPY, are_many, is_copied, last_said
from network.messaging.models import Contact, Inbound
from network.messaging.queries import texts_to_handle
from network.messaging.rules.states import InState
from network.people.models import Person
from network.people.queries import person_by_fingerprint
from network.privacy.queries import fingerprint
from network.support.models import SupportRequest
from network.support.queries import open_of_person

log = logging.getLogger("porchlight")
STRANGERS_AT_ONCE = 100
TEXTS_AT_ONCE = 8  # then the searches that they made due are planned


def _first(texts: QuerySet[Inbound]) -> QuerySet[Inbound]:
    """The next text to handle, locked with its phone. Phones that another worker handles are skipped.

    Phones take turns: the one that waited longest since its last text comes first.
    """
    earlier = Inbound.objects.filter(
        Q(came_at__lt=OuterRef("came_at")) | Q(came_at=OuterRef("came_at"), arrival__lt=OuterRef("arrival")),
        contact=OuterRef("contact"),
        state=InState.WAITING,
    )
    return (
        texts.exclude(Exists(earlier))
        .select_for_update(no_key=True, skip_locked=True, of=("self", "contact"))
        .select_related("contact")
        .order_by(F("contact__last_in_at").asc(nulls_first=True), "arrival")[:1]
    )


_next = Compiled(lambda now: _first(texts_to_handle(now)))
_next_of_strangers = Compiled(lambda now: _first(texts_to_handle(now, ours=False)))


def handle_waiting(*, now: datetime) -> int:
    """Handle a few texts of known phones. Returns how many were handled, or failed."""
    return _handle_some(_next, most=TEXTS_AT_ONCE, now=now)


def handle_strangers(*, now: datetime) -> int:
    """Handle a batch of texts of phones that nobody has. Returns how many."""
    return _handle_some(_next_of_strangers, most=STRANGERS_AT_ONCE, now=now)


def _handle_some(take: Compiled[Inbound], *, most: int, now: datetime) -> int:
    """Handle up to `most` texts. None right after a gap: older texts may still be missing until the
    carrier's list was read.
    """
    if is_catching_up(now=now):
        return 0
    handled = 0
    while handled < most and _handle_one(take, now=now):
        handled += 1
    return handled


def _handle_one(take: Compiled[Inbound], *, now: datetime) -> bool:
    """Handle one text. Returns False if there is none.

    A text that fails is tried three times, which delays later texts from its phone by a few seconds. Then a
    person reads it, and the later texts go on.
    """
    text: Inbound | None = None
    try:
        with transaction.atomic():
            text = take.first(now)
            if text is None:
                return False
            assert text.contact is not None  # who has none waits for nothing
            _handle(text, text.contact, now=now)
    except Exception as error:
        if text is None or text.contact_id is None:
            raise
        # The kind of error only: its message may hold what the text says.
        log.error("text %s failed: %s", text.pk, error_of(error))
        _failed(text.pk, text.contact_id, now=now)
    return True


def _failed(text_id: UUID, contact_id: UUID, *, now: datetime) -> None:
    with transaction.atomic():
        if receiving.failed(text_id, now=now):
            person = person_by_fingerprint(bytes(Contact.objects.get(pk=contact_id).fingerprint))
            waits = open_of_person(person.pk) if person else None
            raise_need(
                Reason.FAILED_TEXT,
                about=About("contact", str(contact_id)),
                now=now,
                by=ENGINE,
                request_id=waits.pk if waits else None,
                person_id=person.pk if person else None,
            )


def _handle(text: Inbound, contact: Contact, *, now: datetime) -> None:
    form = json.loads(text.form or "{}")
    if came_back(text, to=form.get("To", ""), now=now):
        receiving.handled(text, understood="Canary", request_id=None, now=now)
        return
    contacts.heard_from(contact, now=now)
    person = person_by_fingerprint(bytes(contact.fingerprint))
    situation = read(person, contact, now=now)
    context = situation.context
    decision = decide(text.body or "", context)
    command = told_by_carrier(text, context) or decision.command
    if bytes(contact.fingerprint) == fingerprint(settings.TWILIO_NUMBER):
        receiving.handled(text, understood="FromOurselves", request_id=None, now=now)
        return
    text.said_before = last_said(contact)
    again = decision.fear and not _is_attended(situation.request)  # nobody has the first cry in hand
    if not (isinstance(command, Stop | Restore) or again) and is_copied(text, contact):
        _copy(text, contact, person, now=now)
        return
    if not receiving.to_us(form):
        _set_aside(text, contact, person, fear=decision.fear, now=now)
        return
    if person is None or person.standing == Person.Standing.REFUSED:
        answer_stranger(contact, text, person, fear=decision.fear, now=now)
        receiving.handled(text, understood=type(command).__name__, request_id=None, now=now)
        return
    by = audit.person(person.pk)
    turn = Handling(
        person,
        contact,
        context,
        by,
        now,
        request=situation.request,
        conversation=situation.conversation,
        fear=decision.fear,
    )
    turn.danger = decision.danger
    outcome = act(command, turn)
    request_id = turn.request.pk if turn.request else None
    _media(text, turn)
    answer(turn, command, outcome)
    receiving.handled(text, understood=type(command).__name__, request_id=request_id, now=now)
    record(
        "text.handled",
        f"person:{person.pk}",
        by=by,
        now=now,
        request_id=request_id,
        understood=type(command).__name__,
    )


def _copy(text: Inbound, contact: Contact, person: Person | None, *, now: datetime) -> None:
    """The carrier brought the same text again under another id: we have already done what it asks.

    Many copies are no accident, and a coordinator is told.
    """
    if person and are_many(text, contact):
        request = open_of_person(person.pk)
        about = About("request", str(request.pk)) if request else About("person", str(person.pk))
        raise_need(
            Reason.TOO_MANY_TEXTS,
            about=about,
            now=now,
            by=ENGINE,
            person_id=person.pk,
            request_id=request.pk if request else None,
        )
    receiving.handled(text, understood=COPY, request_id=None, now=now)


_needs_of = Compiled(
    lambda request_id: Need.objects.filter(request_id=request_id, closed_at=None).values_list("pk")[:1]
)


def _is_attended(waits: SupportRequest | None) -> bool:
    """Whether their open request has an open need. If not, repeating the text is their only signal."""
    return waits is not None and bool(_needs_of.all(waits.pk))


def _set_aside(text: Inbound, contact: Contact, person: Person | None, *, fear: bool, now: datetime) -> None:
    """Sent to a number that is not ours: nothing is done or answered, and a person reads it."""
    if person is None or person.standing == Person.Standing.REFUSED:
        if fear:
            tell_of_their_cry(contact, person, now=now)
        flag_stranger(contact, person, now=now)
    else:
        raise_need(
            Reason.FAILED_TEXT,
            about=About("contact", str(contact.pk)),
            now=now,
            by=ENGINE,
            person_id=person.pk,
            due_at=now if fear else None,
        )
    receiving.handled(text, understood="ToAnother", request_id=None, now=now)


def _media(text: Inbound, turn: Handling) -> None:
    """A person sees or hears every picture and voice note, whatever the text beside it says."""
    if text.media:
        turn.flag(Reason.FURTHER_TEXT)
