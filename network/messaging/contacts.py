"""The phones we write to: what may be sent to each, and how often."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F

from network.audit.actions import announce
from network.database.compiled import Compiled, prepared
from network.database.writing import insert_once, save_columns
from network.messaging.models import Contact, Outbound
from network.messaging.rules.channels import WRITE_BACK_WITHIN, Channel, bare, channel_of
from network.messaging.rules.limits import (
    ANSWERS_AN_HOUR,
    NEUTRAL_EVERY,
    PHONES_SHARE,
    SAME_ANSWER_AN_HOUR,
    UNASKED_AN_HOUR,
)
from network.messaging.rules.states import OutState
from network.messaging.texts.keys import Text
from network.privacy.actions import day_key
from network.privacy.models import KnownPhone
from network.privacy.queries import fingerprint
from network.privacy.rules.phones import dialed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def contact_of(address: str, *, now: datetime) -> Contact:
    """The contact with this address (+1... or whatsapp:+1...). Created if it is new."""
    return Contact.objects.get(pk=sender_of(address, now=now).contact_id)


@dataclass(frozen=True, slots=True)
class Sender:
    """What the webhook needs to know about an address, without saying whose it is."""

    contact_id: UUID
    key_id: UUID
    ours: bool  # somebody in the network has this phone
    unreachable: bool


# One statement, by hand: this is on the path of every text in, and Django's own took 1 ms of it.
SENDER = f"""
    SELECT c.id, c.key_id, c.unreachable_at, k.key_id
    FROM (SELECT %s::bytea AS fingerprint) AS asked
    LEFT JOIN {Contact._meta.db_table} c ON c.fingerprint = asked.fingerprint AND c.channel = %s
    LEFT JOIN {KnownPhone._meta.db_table} k ON k.fingerprint = asked.fingerprint
"""  # noqa: S608  our own names


def sender_of(address: str, *, now: datetime) -> Sender:
    """What the webhook may know about an address. Its contact is created if it is new."""
    print_, channel = fingerprint(bare(address)), channel_of(address)
    with prepared() as cursor:
        cursor.execute(SENDER, [print_, channel])
        contact_id, key_id, unreachable_at, known = cursor.fetchone()
    if contact_id:
        key_id = key_id or _write_down_again(contact_id, address, key_id=known or day_key(now=now))
        return Sender(contact_id, key_id, known is not None, unreachable_at is not None)
    phone = dialed(address)  # WhatsApp's own form is the one that it is answered in
    fresh = Contact(fingerprint=print_, channel=channel, key_id=known or day_key(now=now), phone=phone)
    if not insert_once(fresh):  # another process was first
        fresh = Contact.objects.get(fingerprint=print_, channel=channel)
    assert fresh.key_id is not None  # it was made just now
    return Sender(fresh.pk, fresh.key_id, known is not None, fresh.unreachable_at is not None)


def _write_down_again(contact_id: UUID, address: str, *, key_id: UUID) -> UUID:
    """Keep the phone of a stranger who writes again after we forgot all but that they stopped our texts."""
    contact = Contact.objects.get(pk=contact_id)
    contact.key_id, contact.phone = key_id, dialed(address)
    contact.save(update_fields=["key_id", "phone"])
    return key_id


_by_prints = Compiled(lambda prints: Contact.objects.filter(fingerprint__any=prints))


def contacts_to_write_to(phones: Collection[str], *, now: datetime) -> dict[str, Contact | None]:
    """The contact to use for each phone: WhatsApp if they used it last and it still accepts our texts.

    WhatsApp only accepts free text within 24 hours of theirs. None for somebody who stopped our texts on
    either channel, or whose number can't be texted. New phones get a contact.
    """
    prints = {phone: fingerprint(phone) for phone in phones}
    known: dict[bytes, dict[str, Contact]] = defaultdict(dict)
    for contact in _by_prints.all(list(prints.values())):
        known[bytes(contact.fingerprint)][contact.channel] = contact
    for contact in _new_contacts([phone for phone, print_ in prints.items() if not known[print_]], now=now):
        known[bytes(contact.fingerprint)][contact.channel] = contact
    return {phone: _way_to(phone, known[print_], now=now) for phone, print_ in prints.items()}


def _way_to(phone: str, known: Mapping[str, Contact], *, now: datetime) -> Contact | None:
    if any(contact.opted_out_at for contact in known.values()):
        return None
    by_app, by_text = known.get(Channel.WHATSAPP), known.get(Channel.SMS)
    if by_app and by_app.last_in_at and is_app_open(by_app, now=now):
        last_text = by_text.last_in_at if by_text else None
        if last_text is None or by_app.last_in_at > last_text:
            return by_app
    contact = by_text or contact_of(phone, now=now)
    return None if contact.unreachable_at else contact


def _new_contacts(phones: Collection[str], *, now: datetime) -> list[Contact]:
    """Create SMS contacts for phones that have none."""
    if not phones:
        return []
    prints = {fingerprint(phone): phone for phone in phones}
    keys = {
        bytes(print_): key_id
        for print_, key_id in KnownPhone.objects.filter(fingerprint__in=prints).values_list(
            "fingerprint", "key_id"
        )
    }
    fresh = [
        Contact(
            fingerprint=print_,
            channel=Channel.SMS,
            key_id=keys.get(print_) or day_key(now=now),
            phone=dialed(phone),
        )
        for print_, phone in prints.items()
    ]
    Contact.objects.bulk_create(fresh, ignore_conflicts=True)
    there = Contact.objects.filter(fingerprint__in=prints, channel=Channel.SMS)
    return list(there)  # another process may have been first with one


def is_app_open(contact: Contact, *, now: datetime) -> bool:
    """Whether WhatsApp still lets us write to this contact: within its 24 hours, and not refused since."""
    heard = contact.last_in_at
    if heard is None or heard <= now - WRITE_BACK_WITHIN or contact.unreachable_at:
        return False
    return contact.closed_at is None or heard > contact.closed_at


def by_text_instead(contact: Contact, *, now: datetime) -> Contact | None:
    """The same phone's SMS contact. None if it opted out or can't be texted."""
    if contact.channel != Channel.WHATSAPP or not contact.phone:
        return None
    plain = contact_of(bare(contact.phone), now=now)
    return None if plain.opted_out_at or plain.unreachable_at else plain


def close_app(contact: Contact, *, now: datetime) -> None:
    """Use SMS for this phone until they write by WhatsApp again, because WhatsApp refused a text."""
    Contact.objects.filter(pk=contact.pk).update(closed_at=now)


def heard_from(contact: Contact, *, now: datetime) -> None:
    """Note that this phone has written. The caller has locked the row, which a webhook must not do."""
    contact.last_in_at = now
    save_columns(contact, "last_in_at")


def heard_calling(contact_id: UUID, *, now: datetime) -> None:
    """Note that this phone called: a stranger's is forgotten a day later."""
    Contact.objects.filter(pk=contact_id).update(called_at=now)


def may_answer_unasked(contact_id: UUID, *, now: datetime) -> bool:
    """Whether this phone may get an unasked reply. Uses up one of its five in an hour."""
    contact = Contact.objects.select_for_update(no_key=True).get(pk=contact_id)
    fresh = contact.unasked_since is None or contact.unasked_since <= now - timedelta(hours=1)
    if not fresh and contact.unasked >= UNASKED_AN_HOUR:
        return False
    Contact.objects.filter(pk=contact_id).update(
        unasked_since=now if fresh else F("unasked_since"),
        unasked=1 if fresh else F("unasked") + 1,
    )
    return True


_given = Compiled(
    lambda print_, texts, since: (
        Outbound.objects.filter(contact__fingerprint=print_, written_by=None, owed_at__gt=since)
        .filter(text__any=texts)
        .order_by("-order")
        .values_list("text", "owed_at")
    )
)


def may_answer(contact: Contact, texts: Iterable[Text], answers: Collection[Text], *, now: datetime) -> bool:
    """Whether this phone may get these answers, within its limits by hour, by day, and for the same answer.

    `answers` are all texts that count. Without an answer left, what its texts ask for is still done.
    """
    given = _given.all(bytes(contact.fingerprint), [text.value for text in answers], now - DAY)
    hour = [text for text, at in given if at > now - HOUR]
    if len(given) >= answers_a_day() or len(hour) >= ANSWERS_AN_HOUR:
        return False
    return all(hour.count(text.value) < SAME_ANSWER_AN_HOUR for text in texts)


def answers_a_day() -> int:
    """How many answers a phone gets in a day: a share of the daily budget, but at least an hour's limit."""
    return max(ANSWERS_AN_HOUR, int(settings.DAILY_TEXT_BUDGET * PHONES_SHARE))


def may_answer_stranger(contact_id: UUID, *, now: datetime) -> bool:
    """Whether an unknown sender may get the neutral reply. Uses up the one they get in 24 hours."""
    contact = Contact.objects.select_for_update(no_key=True).get(pk=contact_id)
    if contact.neutral_at and contact.neutral_at > now - NEUTRAL_EVERY:
        return False
    return bool(Contact.objects.filter(pk=contact_id).update(neutral_at=now))


def opt_out(contact_id: UUID, *, now: datetime) -> None:
    """Stop all texts to this phone, even a confirmation, and withdraw those that are queued."""
    phone = Contact.objects.filter(pk=contact_id).values("fingerprint")
    everywhere = Contact.objects.filter(fingerprint__in=phone)
    everywhere.filter(opted_out_at=None).update(opted_out_at=now)
    owed = Outbound.objects.filter(contact__in=everywhere.values("pk"), state=OutState.OWED)
    owed.update(state=OutState.WITHDRAWN, final_at=now)


def opt_in(contact_id: UUID) -> None:
    phone = Contact.objects.filter(pk=contact_id).values("fingerprint")
    Contact.objects.filter(fingerprint__in=phone).update(opted_out_at=None)


def mark_unreachable(contact_id: UUID, *, code: int, now: datetime) -> None:
    """Note that this number can't be texted, until it texts us or a coordinator says that it can."""
    reachable = Contact.objects.filter(pk=contact_id, unreachable_at=None)
    if reachable.update(unreachable_at=now, unreachable_code=code):
        announce(f"contact:{contact_id}")


def reachable_again(contact_id: UUID) -> None:
    Contact.objects.filter(pk=contact_id).update(unreachable_at=None, unreachable_code=None)
