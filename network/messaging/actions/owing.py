"""Texts out: owed from the moment their row is committed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from network.audit.actions import wake
from network.messaging.actions.contacts import by_text_instead, contact_to_write_to
from network.messaging.models import Contact, Outbound
from network.messaging.rules import AGAIN_AFTER, TURNS, TURNS_IN, Lane, OutState, bare
from network.messaging.segments import segments
from network.messaging.texts import LANGUAGES, Text
from network.messaging.wording import say

FREE = "free"  # the key of a text that a person wrote


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a text out is for: who waits for it, and until when it is of use."""

    lane: Lane
    request_id: UUID | None = None
    offer_id: UUID | None = None
    expires_at: datetime | None = None
    drill: bool = False  # the text says so first
    not_before: datetime | None = None  # until then it waits


def queue(
    phone: str, text: Text, language: str, /, *, purpose: Purpose, now: datetime, **values: object
) -> Outbound | None:
    """Owe one text of the table. None for a phone that opted out or can't be texted."""
    body = say(text, language, **values)
    if purpose.drill:
        body = f"{LANGUAGES[language].drill}: {body}"
    return _owe(phone, body, text=text.value, purpose=purpose, now=now)


def queue_free(
    phone: str,
    words: str,
    *,
    purpose: Purpose,
    now: datetime,
    by: UUID | None = None,
    held_for: timedelta = timedelta(0),
) -> Outbound | None:
    """Owe a text in a person's own words, 1600 characters at most; it leaves after `held_for`."""
    return _owe(phone, words, text=FREE, purpose=purpose, now=now, by=by, held_for=held_for)


def take_back(text_id: UUID, *, by: UUID, now: datetime) -> str | None:
    """The exact words of a text of one's own that had not left yet; None once it has."""
    mine = Outbound.objects.filter(pk=text_id, written_by=by, state=OutState.OWED, attempts=0)
    if not mine.update(state=OutState.WITHDRAWN, final_at=now):
        return None
    words: str | None = Outbound.objects.get(pk=text_id).body
    return words


def _owe(
    phone: str,
    body: str,
    *,
    text: str,
    purpose: Purpose,
    now: datetime,
    by: UUID | None = None,
    held_for: timedelta = timedelta(0),
) -> Outbound | None:
    contact = contact_to_write_to(phone, now=now)
    if contact is None:
        return None
    owed = Outbound.objects.create(
        contact=contact,
        key_id=contact.key_id,
        body=body,
        text=text,
        lane=purpose.lane if by or _has_turns_left(contact, purpose.lane, now=now) else Lane.REMINDER,
        segments=segments(body).parts,
        owed_at=now,
        not_before=max(purpose.not_before or now, now + held_for),
        expires_at=purpose.expires_at,
        request_id=purpose.request_id,
        offer_id=purpose.offer_id,
        written_by=by,
    )
    wake_sender()
    return owed


def _has_turns_left(contact: Contact, lane: Lane, *, now: datetime) -> bool:
    """Whether an answer goes before others' offers: not where this phone has had many within a minute."""
    if lane is not Lane.ANSWER:
        return True
    last = Outbound.objects.filter(contact=contact, written_by=None).order_by("-order")
    nth = last.values_list("owed_at", flat=True)[TURNS - 1 : TURNS].first()
    return nth is None or nth <= now - TURNS_IN


def wake_sender() -> None:
    """Once, however many texts this transaction owes, and after it: the rows are the truth."""
    if not any(_wake_sender in waiting for waiting in connection.run_on_commit):
        transaction.on_commit(_wake_sender)


def _wake_sender() -> None:
    wake("drain_outbox", once="drain_outbox", queue="outbox")


def send_again(lost: Outbound, *, now: datetime) -> Outbound | None:
    """Owe the same words once more, in a row of its own: a status never moves back.

    None if this was done before, or they would come too late or are not wanted.
    """
    contact = lost.contact
    if lost.again_of is not None or contact is None or contact.opted_out_at or contact.unreachable_at:
        return None
    return _once_more(lost, contact, after=AGAIN_AFTER, now=now)


def send_by_text(lost: Outbound, *, now: datetime) -> Outbound | None:
    """Owe what WhatsApp didn't bring by SMS, at once. None if that was done before, is late, or can't be."""
    contact = by_text_instead(lost.contact, now=now) if lost.contact else None
    owed = _once_more(lost, contact, after=timedelta(0), now=now) if contact else None
    if owed:
        wake_sender()
    return owed


def _once_more(lost: Outbound, contact: Contact, *, after: timedelta, now: datetime) -> Outbound | None:
    late = lost.expires_at is not None and lost.expires_at <= now + after
    if late or Outbound.objects.filter(again_of=lost.pk).exists():
        return None
    return Outbound.objects.create(
        contact=contact,
        key_id=contact.key_id,
        body=lost.body,
        text=lost.text,
        lane=lost.lane,
        segments=lost.segments,
        owed_at=now,
        not_before=now + after,
        expires_at=lost.expires_at,
        request_id=lost.request_id,
        offer_id=lost.offer_id,
        written_by=lost.written_by,
        again_of=lost.pk,
    )


def introduce(
    first: Outbound | None, language: str, *, organization: Callable[[], str], now: datetime
) -> None:
    """After the first text of ours to a phone, tell it once who we are and how to stop."""
    if first is None or first.contact is None or first.contact.introduced_at or not first.contact.phone:
        return
    # Where a text of theirs is being handled right now, the next text introduces us: waiting for that
    # here, with others' rows in hand, could make each wait for the other.
    free = Contact.objects.select_for_update(no_key=True, skip_locked=True)
    if not free.filter(pk=first.contact.pk, introduced_at=None).exists():
        return
    if Contact.objects.filter(pk=first.contact.pk, introduced_at=None).update(introduced_at=now):
        queue(
            bare(first.contact.phone), Text.FIRST_NOTICE, language,
            organization=organization(),
            purpose=Purpose(Lane.REMINDER), now=now,
        )  # fmt: skip


def mark_introduced(contact_id: UUID, *, now: datetime) -> None:
    """The text just owed names the organisation and how to stop by itself."""
    Contact.objects.filter(pk=contact_id, introduced_at=None).update(introduced_at=now)


def withdraw(*, now: datetime, **which: object) -> int:
    """Take back texts not yet sent, chosen by offer_id, offer_id__in or request_id and text.

    One that may have left is still looked for, and is over if the carrier hasn't it.
    """
    may_have_left = Outbound.objects.filter(state__in=(OutState.SENDING, OutState.UNKNOWN), **which)
    may_have_left.update(expires_at=now)
    owed = Outbound.objects.filter(state=OutState.OWED, **which)
    return owed.update(state=OutState.WITHDRAWN, final_at=now)
