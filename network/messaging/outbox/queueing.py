"""Queueing texts: once its row is committed, a text is owed and will be sent."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from network.audit.actions import wake
from network.audit.rules import Task
from network.database.compiled import Compiled, prepared
from network.database.writing import insert_all
from network.messaging.contacts import by_text_instead, contacts_to_write_to
from network.messaging.models import Contact, Outbound
from network.messaging.outbox.wording import say
from network.messaging.rules.channels import bare
from network.messaging.rules.limits import TURNS, TURNS_IN
from network.messaging.rules.segments import segments
from network.messaging.rules.states import AGAIN_AFTER, Lane, OutState
from network.messaging.texts.keys import Text
from network.messaging.texts.languages import LANGUAGES

FREE = "free"  # the key of a text that a person wrote


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a text is for: how urgent it is, what it is about, and until when it is of use."""

    lane: Lane
    request_id: UUID | None = None
    offer_id: UUID | None = None
    expires_at: datetime | None = None
    drill: bool = False  # such a text begins by saying so
    not_before: datetime | None = None  # when it may be sent at the earliest


@dataclass(frozen=True, slots=True)
class QueuedText:
    """The words of one text, and the phone they go to."""

    phone: str
    body: str
    text: str  # its key in the table of texts
    purpose: Purpose
    by: UUID | None = None  # the member of staff whose own words these are
    held_for: timedelta = timedelta(0)


def letter(phone: str, text: Text, language: str, /, *, purpose: Purpose, **values: object) -> QueuedText:
    """A text from the tables in this language, with these values."""
    body = say(text, language, **values)
    if purpose.drill:
        body = f"{LANGUAGES[language].drill}: {body}"
    return QueuedText(phone, body, text.value, purpose)


def queue(
    phone: str, text: Text, language: str, /, *, purpose: Purpose, now: datetime, **values: object
) -> Outbound | None:
    """Queue a text from the tables. None if the phone opted out or can't be texted."""
    return queue_all([letter(phone, text, language, purpose=purpose, **values)], now=now)[0]


def queue_free(
    phone: str,
    words: str,
    *,
    purpose: Purpose,
    now: datetime,
    by: UUID | None = None,
    held_for: timedelta = timedelta(0),
) -> Outbound | None:
    """Queue a person's own words, 1600 characters at most, to be sent after `held_for`."""
    return queue_all([QueuedText(phone, words, FREE, purpose, by, held_for)], now=now)[0]


def queue_all(letters: Sequence[QueuedText], *, now: datetime) -> list[Outbound | None]:
    """Queue these texts in order. The result has None for a phone that opted out or can't be texted.

    It takes the same few statements for any number of texts.
    """
    contacts = contacts_to_write_to({outgoing.phone for outgoing in letters}, now=now) if letters else {}
    answered = {
        outgoing.phone for outgoing in letters if outgoing.purpose.lane is Lane.ANSWER and outgoing.by is None
    }
    late = {phone for phone in answered if (to := contacts[phone]) and not _has_turns_left(to, now=now)}
    owed = [
        None if contact is None else _row(outgoing, contact, in_turn=in_turn, now=now)
        for outgoing in letters
        for contact in [contacts[outgoing.phone]]
        for in_turn in [
            outgoing.by is not None or outgoing.purpose.lane is not Lane.ANSWER or outgoing.phone not in late
        ]
    ]
    if rows := [row for row in owed if row]:
        insert_all(rows)
        wake_sender()
    return owed


def take_back(text_id: UUID, *, by: UUID, now: datetime) -> str | None:
    """Take back this writer's text before it is sent, and return its words. None if it is too late."""
    unsent = Outbound.objects.filter(pk=text_id, written_by=by, state=OutState.OWED, attempts=0)
    if not unsent.update(state=OutState.WITHDRAWN, final_at=now):
        return None
    words: str | None = Outbound.objects.get(pk=text_id).body
    return words


def _row(outgoing: QueuedText, contact: Contact, *, in_turn: bool, now: datetime) -> Outbound:
    purpose = outgoing.purpose
    return Outbound(
        contact=contact,
        key_id=contact.key_id,
        body=outgoing.body,
        text=outgoing.text,
        lane=purpose.lane if in_turn else Lane.REMINDER,
        segments=segments(outgoing.body).parts,
        owed_at=now,
        not_before=max(purpose.not_before or now, now + outgoing.held_for),
        expires_at=purpose.expires_at,
        request_id=purpose.request_id,
        offer_id=purpose.offer_id,
        written_by=outgoing.by,
    )


_nth = Compiled(
    lambda contact_id: (
        Outbound.objects.filter(contact_id=contact_id, written_by=None)
        .order_by("-order")
        .values_list("owed_at", flat=True)[TURNS - 1 : TURNS]
    )
)


def _has_turns_left(contact: Contact, *, now: datetime) -> bool:
    """Whether an answer to this phone goes ahead of offers to others. Not after many within a minute."""
    nth = _nth.first(contact.pk)
    return nth is None or nth <= now - TURNS_IN


def wake_sender() -> None:
    """Wake a worker to send what is queued. Once in a transaction is enough."""
    wake(Task.DRAIN_OUTBOX)


def send_again(lost: Outbound, *, now: datetime) -> Outbound | None:
    """Queue the same words again in a new row, since the state of a row never moves back.

    None if that was done before, or the text would come too late or isn't wanted.
    """
    contact = lost.contact
    if lost.again_of is not None or contact is None or contact.opted_out_at or contact.unreachable_at:
        return None
    return _once_more(lost, contact, after=AGAIN_AFTER, now=now)


def send_by_text(lost: Outbound, *, now: datetime) -> Outbound | None:
    """Queue by SMS what WhatsApp didn't deliver. None if that was done before, is too late, or can't be."""
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


@dataclass(frozen=True, slots=True)
class Meeting:
    """Somebody to whom this may be our first text: the text just queued, and its language."""

    owed: Outbound | None
    language: str
    person_id: UUID


type NamesOf = Callable[[Collection[UUID]], Mapping[UUID, str]]


def introduce(meetings: Sequence[Meeting], *, organizations: NamesOf, now: datetime) -> None:
    """After our first text to a phone, tell it once who we are and how to stop.

    `organizations` names the organization that brought in each of these people.
    """
    firsts = {
        contact.pk: (meeting, contact.phone)
        for meeting in meetings
        if meeting.owed and (contact := meeting.owed.contact) and contact.phone and not contact.introduced_at
    }
    if not firsts:
        return
    with prepared() as cursor:
        cursor.execute(MEET, {"ids": list(firsts), "now": now})
        free = {pk for (pk,) in cursor.fetchall()}
    if not free:
        return
    met = [firsts[contact_id] for contact_id in firsts if contact_id in free]
    names = organizations([meeting.person_id for meeting, _ in met])
    purpose = Purpose(Lane.REMINDER)
    notices = [
        letter(
            bare(phone),
            Text.FIRST_NOTICE,
            meeting.language,
            purpose=purpose,
            organization=names[meeting.person_id],
        )
        for meeting, phone in met
    ]
    queue_all(notices, now=now)


# Contacts that are locked, since a text of theirs is being handled, are skipped: our next text introduces us.
# Waiting for them here, with others' rows locked, could end in a deadlock.
MEET = f"""
    UPDATE {Contact._meta.db_table} SET introduced_at = %(now)s WHERE id IN (
        SELECT id FROM {Contact._meta.db_table} WHERE id = ANY(%(ids)s) AND introduced_at IS NULL
        FOR NO KEY UPDATE SKIP LOCKED
    ) RETURNING id
"""  # noqa: S608  our own names


def mark_introduced(contact_id: UUID, *, now: datetime) -> None:
    """Note that the text just queued already says who we are and how to stop."""
    Contact.objects.filter(pk=contact_id, introduced_at=None).update(introduced_at=now)


def withdraw(*, now: datetime, **which: object) -> int:
    """Take back unsent texts, chosen by offer_id, offer_id__in, or request_id and text. Returns how many.

    A text that may already be at the carrier is still looked for there, but never sent again.
    """
    may_have_left = Outbound.objects.filter(state__in=(OutState.SENDING, OutState.UNKNOWN), **which)
    may_have_left.update(expires_at=now)
    owed = Outbound.objects.filter(state=OutState.OWED, **which)
    return owed.update(state=OutState.WITHDRAWN, final_at=now)
