"""Coordinators' own words to one person: kept as a draft, held for a moment before they leave, taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from network.audit.actions import announce, record
from network.audit.rules import staff
from network.conversations.models import Draft, Reader
from network.desk.actions import keep_claims, raise_need, settle
from network.desk.rules import About, Reason
from network.dispatch.actions.offering import language_of
from network.messaging.models import Contact, Inbound, Outbound
from network.messaging.outbox.queueing import Purpose, queue_free, take_back
from network.messaging.outbox.wording import say
from network.messaging.rules.states import Lane, OutState
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import promised
from network.people.models import Person
from network.staff.models import Staff
from network.support.queries import duress_of, when

HELD_FOR = timedelta(seconds=6)
MOST_WORDS = 1000
READS_FOR = timedelta(seconds=45)  # after its last sign a page counts as left
WRITES_FOR = timedelta(seconds=15)
MOST_PROMISED = timedelta(hours=24)
PROMISES: dict[Text, Reason] = {
    Text.WE_CALL: Reason.CALL_PROMISED,
    Text.WE_WRITE: Reason.WRITE_PROMISED,
}


@dataclass(frozen=True, slots=True)
class StaleConversation(Exception):
    """The page was older than the conversation: since then a text came, or somebody answered."""

    answered_by: UUID | None  # None: the person wrote again
    at: datetime


class NoWords(ValueError):
    """Nothing was written, or more than MOST_WORDS."""


class NoSignature(Exception):
    """A promise is signed with a name, and this account has none."""


class NeedsSecondPerson(Exception):
    """Under duress nobody writes until a second person has agreed."""


class BadPromise(ValueError):
    """A promise names a time within a day."""


def last_seen(person: Person) -> str:
    """How far a conversation has come: the last text in, and the last that a person wrote."""
    came, went = _last_came(person), _last_written(person)
    return f"{came.arrival if came else 0}.{went.order if went else 0}"


def _phone(person: Person) -> list[UUID]:
    contacts = Contact.objects.filter(fingerprint=person.fingerprint)
    return list(contacts.values_list("pk", flat=True))


def _last_came(person: Person) -> Inbound | None:
    return Inbound.objects.filter(contact__in=_phone(person)).order_by("-arrival").first()


def _last_written(person: Person) -> Outbound | None:
    written = Outbound.objects.filter(contact__in=_phone(person), written_by__isnull=False)
    return written.exclude(state=OutState.WITHDRAWN).order_by("-order").first()


def _refuse_stale(person: Person, seen: str, *, staff_id: UUID) -> None:
    came, written = (int(part) if part.isdecimal() else 0 for part in (seen.partition(".")[::2]))
    text, answer = _last_came(person), _last_written(person)
    if answer and answer.order > written and answer.written_by != staff_id:
        raise StaleConversation(answer.written_by, answer.owed_at)
    if text and text.arrival > came:
        raise StaleConversation(None, text.received_at)


@transaction.atomic
def write_to(
    person_id: UUID,
    *,
    words: str,
    request_id: UUID | None,
    staff_id: UUID,
    now: datetime,
    seen: str | None = None,
) -> Outbound | None:
    """Owe a coordinator's own words, which leave after six seconds. None if that phone can't be texted.

    `seen`: how far the conversation had come on the writer's page; None to send whatever came since.
    Raises StaleConversation, NoWords, NeedsSecondPerson.
    """
    words = words.strip()
    if not words or len(words) > MOST_WORDS:
        raise NoWords
    person = Person.objects.get(pk=person_id)
    if person.standing == Person.Standing.PRACTICE:
        return None
    forced = duress_of(person_id)
    if forced and forced.contact_agreed_at is None:
        raise NeedsSecondPerson
    # Two who answer at once are taken one after the other; the second is told of the first.
    list(Contact.objects.select_for_update(no_key=True).filter(fingerprint=person.fingerprint).order_by("pk"))
    if seen is not None:
        _refuse_stale(person, seen, staff_id=staff_id)
    by = staff(staff_id)
    owed = queue_free(
        person.phone, words, purpose=Purpose(Lane.ANSWER, request_id), by=staff_id, held_for=HELD_FOR, now=now
    )
    if owed is None:
        return None
    Draft.objects.filter(staff_id=staff_id, person=person).delete()
    record("text.written", f"person:{person_id}", by=by, now=now, request_id=request_id)
    if request_id:
        settle(Reason.WRITE_PROMISED, about=About("request", str(request_id)), by=by, now=now, how="written")
        keep_claims(staff_id, request_id=request_id, now=now)
    return owed


@transaction.atomic
def promise(
    person_id: UUID, *, text: Text, minutes: int, request_id: UUID, staff_id: UUID, now: datetime
) -> Outbound | None:
    """Say by when this coordinator calls or writes: a need on the board with that time and their name.

    Where calling isn't safe, a promised call becomes a promised text.

    Raises NoSignature, BadPromise.
    """
    writer, person = Staff.objects.get(pk=staff_id), Person.objects.get(pk=person_id)
    text = promised(text, safe_to_call=person.safe_to_call)
    if not writer.name:
        raise NoSignature
    if not timedelta(0) < timedelta(minutes=minutes) <= MOST_PROMISED:
        raise BadPromise
    due = now + timedelta(minutes=minutes)
    language = language_of(person)
    words = say(text, language, name=writer.name, by=when(due, language))
    owed = write_to(person_id, words=words, request_id=request_id, staff_id=staff_id, now=now)
    if owed:
        raise_need(
            PROMISES[text],
            about=About("request", str(request_id)),
            now=now,
            by=staff(staff_id),
            due_at=due,
            promise=True,
            request_id=request_id,
            person_id=person_id,
        )
    return owed


@transaction.atomic
def undo(text_id: UUID, *, staff_id: UUID, now: datetime) -> bool:
    """Take back your own text before it leaves; its words become the draft again. False: too late."""
    words = take_back(text_id, by=staff_id, now=now)
    if words is None:
        return False
    text = Outbound.objects.select_related("contact").get(pk=text_id)
    if text.contact is None:
        return False
    person = Person.objects.get(fingerprint=text.contact.fingerprint)
    keep_draft(person.pk, words=words, staff_id=staff_id, now=now)
    record("text.taken_back", f"person:{person.pk}", by=staff(staff_id), now=now, request_id=text.request_id)
    if text.request_id:
        about = About("request", str(text.request_id))
        settle(*PROMISES.values(), about=about, by=staff(staff_id), now=now, how="taken_back")
    return True


def keep_draft(person_id: UUID, *, words: str, staff_id: UUID, now: datetime) -> None:
    """Keep what is written so far. Nothing else removes it."""
    drafts = Draft.objects.filter(staff_id=staff_id, person=person_id)
    if not words.strip():
        drafts.delete()
        return
    person = Person.objects.get(pk=person_id)
    draft = drafts.first() or Draft(staff_id=staff_id, person=person, key_id=person.key_id)
    draft.words, draft.saved_at = words[:MOST_WORDS], now
    draft.save()


def draft_of(person_id: UUID, *, staff_id: UUID) -> str:
    draft = Draft.objects.filter(staff_id=staff_id, person=person_id).first()
    return draft.words if draft else ""


def be_reading(person_id: UUID, *, staff_id: UUID, writing: bool, now: datetime) -> None:
    """This coordinator has the conversation open, and other coordinators' pages say so."""
    before = Reader.objects.filter(staff_id=staff_id).first()
    wrote_at = now if writing else None
    changed = (
        before is None
        or before.person_id != person_id
        or before.seen_at <= now - READS_FOR
        or (before.wrote_at is not None) != writing
    )
    Reader.objects.update_or_create(
        staff_id=staff_id, defaults={"person_id": person_id, "seen_at": now, "wrote_at": wrote_at}
    )
    if changed:
        announce(f"person:{person_id}")


@dataclass(frozen=True, slots=True)
class Beside:
    """Another coordinator who has the same conversation open."""

    staff_id: UUID
    writing: bool


def readers(person_ids: list[UUID], *, apart_from: UUID, now: datetime) -> dict[UUID, list[Beside]]:
    """Who else has these people's conversations open."""
    beside: dict[UUID, list[Beside]] = {}
    open_now = Reader.objects.filter(person__in=person_ids, seen_at__gt=now - READS_FOR)
    for reader in open_now.exclude(staff_id=apart_from):
        writing = reader.wrote_at is not None and reader.wrote_at > now - WRITES_FOR
        beside.setdefault(reader.person_id, []).append(Beside(reader.staff_id, writing))
    return beside
