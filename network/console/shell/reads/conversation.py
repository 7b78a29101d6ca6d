"""What was texted both ways, for a page to show; what looks like a street is masked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, Window
from django.db.models.functions import RowNumber
from django.utils.functional import Promise

from network.console.shell import words
from network.console.shell.reads.staff import staff_name
from network.messaging.models import Contact, Inbound, Media, Outbound
from network.messaging.rules.states import OutState
from network.people.models import Person
from network.privacy.keyring import open_keys
from network.staff.models import Staff

STREET = re.compile(
    r"\b\d{1,6}\s+(?:[NSEW]\.?\s+)?[\w.]+(?:\s+[\w.]+){0,3}"
    r"(?:\s+(?:st|street|ave|avenue|rd|road|blvd|ct|court|dr|drive|ln|lane|pl|way|calle|apt|unit)\b\.?)"
    r"|\b(?:calle|avenida|av)\.?\s+[\w.]+(?:\s+[\w.]+){0,3}\s+\d{1,6}\b",
    re.IGNORECASE,
)
MASK = "▒▒▒▒▒▒"
LAST_WORDS = 160  # signs of a text that a row shows
LAST_TEXTS = 4  # of one phone, among which its last words are looked for
SAME_TALK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Bubble:
    """One text of a conversation. What looks like an address is masked until it is asked for."""

    at: datetime
    ours: bool
    body: str
    masked: bool
    state: str | Promise
    media: int
    who: str
    attachments: tuple[Media, ...] = ()
    id: UUID | None = None
    written_by: UUID | None = None
    held_until: datetime | None = None  # may still be taken back
    failed: bool = False  # it did not, and will not, arrive
    erased: bool = False  # its words are past their time


def conversation(whose: Contact | Person | None, *, unmasked: bool = False, most: int = 200) -> list[Bubble]:
    """A phone's texts both ways, oldest first."""
    if whose is None:
        return []
    phone = Contact.objects.filter(fingerprint=whose.fingerprint)  # texts and WhatsApp alike
    came = Inbound.objects.filter(contact__in=phone).prefetch_related(_SEEN).order_by("-arrival")[:most]
    went = Outbound.objects.filter(contact__in=phone).order_by("-order")[:most]
    names = _writers(went)
    # The newest were asked for; those of one moment stay in the order in which they were said.
    bubbles = [_came(text, unmasked=unmasked) for text in reversed(came)]
    bubbles += [_went(text, names) for text in reversed(went)]
    return sorted(bubbles, key=lambda bubble: (bubble.at, bubble.ours))


def _writers(texts: Iterable[Outbound]) -> dict[UUID, str]:
    """Whose own words they are."""
    wrote = {text.written_by for text in texts if text.written_by}
    staff = list(Staff.objects.filter(pk__in=wrote)) if wrote else []
    open_keys(account.key_id for account in staff)
    return {account.pk: staff_name(account) for account in staff}


_SEEN = Prefetch("attachments", queryset=Media.objects.defer("content"))


def _went(text: Outbound, names: dict[UUID, str]) -> Bubble:
    held = text.written_by is not None and text.state == OutState.OWED and text.attempts == 0
    return Bubble(
        text.owed_at,
        True,
        text.body or "",
        False,
        _delivery(text),
        0,
        names.get(text.written_by, "") if text.written_by else "",
        id=text.pk,
        written_by=text.written_by,
        held_until=text.not_before if held else None,
        erased=text.key_id is None,
        failed=text.state in (OutState.UNDELIVERED, OutState.REFUSED, OutState.EXPIRED),
    )


def _delivery(text: Outbound) -> str | Promise:
    """How far a text of ours came; where it failed, why, in plain words."""
    how = words.DELIVERY.get(text.state, "")
    why = words.CARRIER.get(text.error or 0)
    return f"{how} ({why})" if why else how


def _came(text: Inbound, *, unmasked: bool) -> Bubble:
    body = text.body or ""
    shown = body if unmasked else STREET.sub(MASK, body)
    at = text.came_at if text.fetched else text.received_at
    return Bubble(
        at,
        False,
        shown,
        shown != body,
        "",
        text.media,
        "",
        tuple(text.attachments.all()),
        erased=text.key_id is None,
    )


def last_words_of(people: Iterable[Person], contacts: Iterable[str] = ()) -> dict[UUID | str | None, str]:
    """What each of them said last, by person, or by contact where nobody knows whose phone it is; one who
    never texted is left out. A bare digit answers a menu: it says nothing beside the words before it.
    """
    of = {bytes(person.fingerprint): person.pk for person in people}
    whose = Q(contact__fingerprint__in=of) | Q(contact__in=list(contacts))
    if not whose:
        return {}
    nth = Window(RowNumber(), partition_by="contact__fingerprint", order_by="-arrival")
    came = Inbound.objects.filter(whose).select_related("contact").annotate(nth=nth)
    said: dict[UUID | str | None, list[Inbound]] = {}
    for text in came.filter(nth__lte=LAST_TEXTS).order_by("nth"):
        if text.contact:
            by = of.get(bytes(text.contact.fingerprint), str(text.contact_id))
            said.setdefault(by, []).append(text)
    return {by: _shown(_wordy(texts).body) for by, texts in said.items()}


def _wordy(texts: Sequence[Inbound]) -> Inbound:
    """The newest of these, newest first, that has a letter and is of the same hour; else the newest."""
    since = texts[0].received_at - SAME_TALK
    last_words = (
        text for text in texts if text.received_at >= since and re.search(r"[^\W\d_]", text.body or "")
    )
    return next(last_words, texts[0])


def _shown(body: str | None) -> str:
    return STREET.sub(MASK, body or "")[:LAST_WORDS]


def contact_of(person: Person) -> Contact | None:
    return Contact.objects.filter(fingerprint=person.fingerprint).order_by("channel").first()
