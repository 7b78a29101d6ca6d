"""Texts out: owed from the moment their row is committed."""

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
    """What a text out is for: who waits for it, and until when it is of use."""

    lane: Lane
    request_id: UUID | None = None
    offer_id: UUID | None = None
    expires_at: datetime | None = None
    drill: bool = False  # the text says so first
    not_before: datetime | None = None  # until then it waits


@dataclass(frozen=True, slots=True)
class Letter:
    """One text to somebody, in words."""

    phone: str
    body: str
    text: str  # its key in the table of texts
    purpose: Purpose
    by: UUID | None = None  # the member of staff whose own words these are
    held_for: timedelta = timedelta(0)


def letter(phone: str, text: Text, language: str, /, *, purpose: Purpose, **values: object) -> Letter:
    """A text of the table, in this language, with the values of its fields."""
    body = say(text, language, **values)
    if purpose.drill:
        body = f"{LANGUAGES[language].drill}: {body}"
    return Letter(phone, body, text.value, purpose)


def queue(
    phone: str, text: Text, language: str, /, *, purpose: Purpose, now: datetime, **values: object
) -> Outbound | None:
    """Owe one text of the table. None for a phone that opted out or can't be texted."""
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
    """Owe a text in a person's own words, 1600 characters at most; it leaves after `held_for`."""
    return queue_all([Letter(phone, words, FREE, purpose, by, held_for)], now=now)[0]


def queue_all(letters: Sequence[Letter], *, now: datetime) -> list[Outbound | None]:
    """Owe these texts, in this order; None in place of one whose phone opted out or can't be texted.

    However many they are, it takes the same few statements.
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
    """The exact words of a text of one's own that had not left yet; None once it has."""
    unsent = Outbound.objects.filter(pk=text_id, written_by=by, state=OutState.OWED, attempts=0)
    if not unsent.update(state=OutState.WITHDRAWN, final_at=now):
        return None
    words: str | None = Outbound.objects.get(pk=text_id).body
    return words


def _row(outgoing: Letter, contact: Contact, *, in_turn: bool, now: datetime) -> Outbound:
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
    """Whether an answer goes before others' offers: not where this phone has had many within a minute."""
    nth = _nth.first(contact.pk)
    return nth is None or nth <= now - TURNS_IN


def wake_sender() -> None:
    """Once, however many texts this transaction owes: the rows are the truth."""
    wake(Task.DRAIN_OUTBOX)


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


@dataclass(frozen=True, slots=True)
class Meeting:
    """Somebody whom we may be writing to for the first time: the text just owed, and in what language."""

    owed: Outbound | None
    language: str
    person_id: UUID


type NamesOf = Callable[[Collection[UUID]], Mapping[UUID, str]]


def introduce(meetings: Sequence[Meeting], *, organizations: NamesOf, now: datetime) -> None:
    """After the first text of ours to a phone, tell it once who we are and how to stop.

    `organizations`: by whose word each of these people is here.
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


# Where a text of theirs is being handled right now, the next text introduces us: waiting for that here, with
# others' rows in hand, could make each wait for the other.
MEET = f"""
    UPDATE {Contact._meta.db_table} SET introduced_at = %(now)s WHERE id IN (
        SELECT id FROM {Contact._meta.db_table} WHERE id = ANY(%(ids)s) AND introduced_at IS NULL
        FOR NO KEY UPDATE SKIP LOCKED
    ) RETURNING id
"""  # noqa: S608  our own names


def mark_introduced(contact_id: UUID, *, now: datetime) -> None:
    """The text just owed names the organization and how to stop by itself."""
    Contact.objects.filter(pk=contact_id, introduced_at=None).update(introduced_at=now)


def withdraw(*, now: datetime, **which: object) -> int:
    """Take back texts not yet sent, chosen by offer_id, offer_id__in or request_id and text.

    One that may have left is still looked for, and is over if the carrier hasn't it.
    """
    may_have_left = Outbound.objects.filter(state__in=(OutState.SENDING, OutState.UNKNOWN), **which)
    may_have_left.update(expires_at=now)
    owed = Outbound.objects.filter(state=OutState.OWED, **which)
    return owed.update(state=OutState.WITHDRAWN, final_at=now)
