"""Writing texts down: those that came in, and those that are owed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from network.audit.actions import announce, wake
from network.messaging.models import Contact, Inbound, Outbound, Receipt
from network.messaging.rules import (
    ATTEMPTS,
    FINAL,
    NEUTRAL_EVERY,
    OPTED_OUT_CODE,
    UNASKED_AN_HOUR,
    InState,
    Lane,
    OutState,
    after_receipt,
    retry_in,
)
from network.messaging.segments import segments
from network.messaging.texts import Text, render
from network.privacy.actions import key_for_phone
from network.privacy.queries import fingerprint

FREE = "free"  # the key of a text that a person wrote


def contact_of(phone: str, *, now: datetime) -> Contact:
    """The contact that has this phone, made when it is new."""
    print_ = fingerprint(phone)
    found = Contact.objects.filter(fingerprint=print_).first()
    if found:
        return found
    fresh = Contact(fingerprint=print_, key_id=key_for_phone(print_, now=now), phone=phone)
    Contact.objects.bulk_create([fresh], ignore_conflicts=True)
    return Contact.objects.get(fingerprint=print_)


@transaction.atomic
def receive(form: Mapping[str, str], *, now: datetime) -> Inbound | None:
    """Store one text in and queue its handling. None if the carrier has delivered it before.

    The whole form is kept, sealed: the carrier adds parameters without notice.
    """
    contact = contact_of(form.get("From", ""), now=now)
    text = Inbound(
        account=form.get("AccountSid", "")[:64],
        sid=form.get("MessageSid") or form.get("SmsSid", ""),
        contact=contact,
        key_id=contact.key_id,
        form=json.dumps(dict(form)),
        body=form.get("Body", ""),
        media=_count(form.get("NumMedia", "")),
        received_at=now,
        next_attempt_at=now,
    )
    Inbound.objects.bulk_create([text], ignore_conflicts=True)
    if not Inbound.objects.filter(pk=text.pk).exists():
        return None
    Contact.objects.filter(pk=contact.pk).update(last_in_at=now)
    wake("handle_texts", lock=f"contact:{contact.pk}", contact_id=str(contact.pk))
    announce("text")
    return text


def _count(digits: str) -> int:
    return min(int(digits), 99) if digits.isascii() and digits.isdigit() else 0


def handled(text: Inbound, *, understood: str, request_id: UUID | None, now: datetime) -> None:
    Inbound.objects.filter(pk=text.pk).update(
        state=InState.HANDLED, handled_at=now, understood=understood, request_id=request_id
    )


def failed(text_id: UUID, *, now: datetime) -> bool:
    """Count a failure to handle a text. True when it was the last try: a person reads it now."""
    text = Inbound.objects.get(pk=text_id)
    attempts = text.attempts + 1
    state = InState.PERSON if attempts >= ATTEMPTS else InState.WAITING
    Inbound.objects.filter(pk=text_id, state=InState.WAITING).update(
        attempts=attempts, state=state, next_attempt_at=now + retry_in(attempts)
    )
    return state == InState.PERSON


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a text out is for: who waits for it, and until when it is of use."""

    lane: Lane
    request_id: UUID | None = None
    offer_id: UUID | None = None
    expires_at: datetime | None = None


def queue(
    phone: str, text: Text, language: str, /, *, purpose: Purpose, now: datetime, **values: object
) -> Outbound | None:
    """Owe one text of the table. None for a phone that opted out: nothing is sent after STOP."""
    body = render(text, language, **values)
    return _owe(phone, body, text=text.value, purpose=purpose, now=now)


def queue_free(phone: str, words: str, *, purpose: Purpose, now: datetime) -> Outbound | None:
    """Owe a text in a person's own words, 1600 characters at most."""
    return _owe(phone, words, text=FREE, purpose=purpose, now=now)


def _owe(phone: str, body: str, *, text: str, purpose: Purpose, now: datetime) -> Outbound | None:
    contact = contact_of(phone, now=now)
    if contact.opted_out_at:
        return None
    owed = Outbound.objects.create(
        contact=contact,
        key_id=contact.key_id,
        body=body,
        text=text,
        lane=purpose.lane,
        segments=segments(body).parts,
        owed_at=now,
        not_before=now,
        expires_at=purpose.expires_at,
        request_id=purpose.request_id,
        offer_id=purpose.offer_id,
    )
    wake("drain_outbox", once="drain_outbox")
    return owed


def introduce(phone: str, language: str, *, prefix: str, organization: str, now: datetime) -> None:
    """Tell a phone once, after its first text of ours, who we are and how to stop."""
    contact = contact_of(phone, now=now)
    if contact.introduced_at is None:
        Contact.objects.filter(pk=contact.pk).update(introduced_at=now)
        queue(
            phone, Text.FIRST_NOTICE, language, prefix=prefix, organization=organization,
            purpose=Purpose(Lane.REMINDER), now=now,
        )  # fmt: skip


def mark_introduced(contact_id: UUID, *, now: datetime) -> None:
    """The text just owed names the organisation and how to stop by itself."""
    Contact.objects.filter(pk=contact_id, introduced_at=None).update(introduced_at=now)


def may_answer_unasked(contact_id: UUID, *, now: datetime) -> bool:
    """Take one of the five unasked replies that a phone gets in an hour, across all processes."""
    contact = Contact.objects.select_for_update().get(pk=contact_id)
    fresh = contact.unasked_since is None or contact.unasked_since <= now - timedelta(hours=1)
    if not fresh and contact.unasked >= UNASKED_AN_HOUR:
        return False
    Contact.objects.filter(pk=contact_id).update(
        unasked_since=now if fresh else F("unasked_since"),
        unasked=1 if fresh else F("unasked") + 1,
    )
    return True


def may_answer_stranger(contact_id: UUID, *, now: datetime) -> bool:
    """Take the one neutral reply that an unknown sender gets in 24 hours."""
    contact = Contact.objects.select_for_update().get(pk=contact_id)
    if contact.neutral_at and contact.neutral_at > now - NEUTRAL_EVERY:
        return False
    return bool(Contact.objects.filter(pk=contact_id).update(neutral_at=now))


def opt_out(contact_id: UUID, *, now: datetime) -> None:
    """Send this phone nothing more, not even a confirmation: what is owed is withdrawn."""
    Contact.objects.filter(pk=contact_id, opted_out_at=None).update(opted_out_at=now)
    owed = Outbound.objects.filter(contact=contact_id, state=OutState.OWED)
    owed.update(state=OutState.WITHDRAWN, final_at=now)


def opt_in(contact_id: UUID) -> None:
    Contact.objects.filter(pk=contact_id).update(opted_out_at=None)


def withdraw(*, now: datetime, **which: object) -> int:
    """Take back texts not yet sent, chosen by offer_id, offer_id__in or request_id and text."""
    owed = Outbound.objects.filter(state=OutState.OWED, **which)
    return owed.update(state=OutState.WITHDRAWN, final_at=now)


@transaction.atomic
def take_receipt(*, outbound_id: UUID | None, sid: str, word: str, error: int | None, now: datetime) -> None:
    """Keep the carrier's word and move the text forward by it, never back.

    A receipt may come before the answer to our own call, twice, or for nothing we know.
    """
    Receipt.objects.create(
        outbound_id=outbound_id, sid=sid[:64], word=word[:32], error=error, received_at=now
    )
    known = Outbound.objects.select_for_update()
    text = known.filter(pk=outbound_id).first() if outbound_id else None
    if text is None or (text.sid and text.sid != sid):
        return
    old = OutState(text.state)
    new = after_receipt(old, word)
    if new == old and text.sid:
        return
    Outbound.objects.filter(pk=text.pk).update(
        state=new,
        sid=sid[:64],
        error=error if new == OutState.UNDELIVERED else text.error,
        sent_at=text.sent_at or now,
        leased_until=None if new != OutState.SENDING else text.leased_until,
        final_at=now if new in FINAL else None,
    )
    if new == OutState.UNDELIVERED:
        not_delivered(text, code=error or 0, now=now)
    if text.request_id:
        announce(f"request:{text.request_id}")


def not_delivered(text: Outbound, *, code: int, now: datetime) -> None:
    """A text will not arrive: note an opt-out, and wake whoever acts on it."""
    if code == OPTED_OUT_CODE and text.contact_id:
        opt_out(text.contact_id, now=now)
    wake("text_not_delivered", outbound_id=str(text.pk))
