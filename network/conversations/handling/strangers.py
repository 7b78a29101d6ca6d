"""A text from a phone that nobody has, or whose holder said that they aren't in the network."""

from datetime import datetime, timedelta

from network.audit.rules import ENGINE
from network.conversations.handling.cries import tell_of_cry
from network.conversations.handling.opting import told_by_carrier
from network.conversations.queries import context_of
from network.conversations.rules.commands import Restore, Stop
from network.desk.actions import raise_need
from network.desk.models import Need
from network.desk.rules import About, Reason
from network.messaging import contacts
from network.messaging.models import Contact, Inbound
from network.messaging.outbox import queueing
from network.messaging.outbox.queueing import Purpose
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text
from network.people.models import Person

A_FLOOD = 100  # open needs about unknown phones


def answer_stranger(
    contact: Contact, text: Inbound, person: Person | None, *, fear: bool, now: datetime
) -> None:
    """One neutral reply in 24 hours, the same whether or not the number was ever known."""
    context = context_of(None, contact, now=now)
    match told_by_carrier(text, context):
        case Stop():
            contacts.opt_out(contact.pk, now=now)
        case Restore():
            contacts.opt_in(contact.pk)
    if fear:
        tell_of_their_cry(contact, person, now=now)
    flag_stranger(contact, person, now=now)
    if not context.opted_out and contacts.may_answer_stranger(contact.pk, now=now):
        purpose = Purpose(Lane.REMINDER, not_before=on_the_second(text.received_at))
        queueing.queue(contact.phone, Text.UNKNOWN_SENDER, "en", purpose=purpose, now=now)


def on_the_second(came_at: datetime) -> datetime:
    """When an answer leaves, so that its timing tells nobody how long we searched for the phone."""
    whole = came_at.replace(microsecond=0)
    return whole if whole == came_at else whole + timedelta(seconds=1)


def flag_stranger(contact: Contact, person: Person | None, *, now: datetime) -> None:
    """Raise a need for each stranger; above a flood, one need for all of them.

    `person`: who said that they aren't in the network. Coordinators see that; the phone is told nothing.
    """
    if person:
        about = About("person", str(person.pk))
        raise_need(Reason.UNCLEAR_TEXT, about=about, now=now, by=ENGINE, person_id=person.pk)
        return
    many = Need.objects.filter(reason=Reason.UNKNOWN_SENDER, closed_at=None).count() >= A_FLOOD
    if many:
        raise_need(Reason.FLOOD, about=About("strangers", "all"), now=now, by=ENGINE)
    else:
        raise_need(Reason.UNKNOWN_SENDER, about=About("contact", str(contact.pk)), now=now, by=ENGINE)


def tell_of_their_cry(contact: Contact, person: Person | None, *, now: datetime) -> None:
    about = About("person", str(person.pk)) if person else About("contact", str(contact.pk))
    tell_of_cry(about, person_id=person.pk if person else None, now=now)
