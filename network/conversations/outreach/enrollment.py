"""A person enrolled by a verifier: their phone is told once by whom, and how to leave."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from network.conversations.models import Conversation
from network.conversations.queries import context_of
from network.conversations.rules.context import Question
from network.enrollment.actions import enroll
from network.enrollment.actions.enroll import ConsentAsked
from network.enrollment.actions.private_links import LINK_LIVES
from network.enrollment.rules.entries import NewMember, NewResponder
from network.messaging import contacts
from network.messaging.models import Contact
from network.messaging.outbox import queueing
from network.messaging.outbox.queueing import Purpose
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text
from network.messaging.texts.languages import known
from network.organizations.models import Organization
from network.people.models import Person
from network.trust.actions import vouches


@transaction.atomic
def enroll_and_tell(
    entry: NewMember | NewResponder,
    *,
    organization_id: UUID,
    asked: ConsentAsked | None,
    met_in_person: bool,
    staff_id: UUID,
    now: datetime,
) -> Person:
    """Enter somebody, and tell their phone if they agreed. Raises what `enroll` raises."""
    vouches.hold_the_graph()
    if asked:  # no text of theirs is handled meanwhile; before any of their rows, as whoever handles one
        contact = contacts.contact_of(entry.person.phone, now=now)
        Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    person = enroll.enroll(
        entry,
        organization_id=organization_id,
        asked=asked,
        met_in_person=met_in_person,
        staff_id=staff_id,
        now=now,
    ).person
    if asked and person.standing == Person.Standing.ACTIVE:
        _tell(person, entry, Organization.objects.get(pk=organization_id), now=now)
    return person


def _tell(
    person: Person, entry: NewMember | NewResponder, organization: Organization, *, now: datetime
) -> None:
    """One text in the language just chosen, the same whether or not we knew the phone.

    Somebody who is being asked something already, or is on a visit, isn't asked anything else.
    """
    contact = contacts.contact_of(person.phone, now=now)
    member = isinstance(entry, NewMember)
    text = Text.ENROLLED_MEMBER if member else Text.ENROLLED_RESPONDER
    if is_busy(person, contact, now=now):
        text = Text.FIRST_NOTICE
    else:
        ask_is_it_you(person, Question.ENROLLED, now=now)
    queueing.queue(
        person.phone,
        text,
        known(entry.person.languages[0], settings.NETWORK_LANGUAGES),
        organization=organization.name,
        purpose=Purpose(Lane.REMINDER),
        now=now,
    )
    queueing.mark_introduced(contact.pk, now=now)


def text_private_link(seen: Person, url: str, *, now: datetime) -> None:
    """Text a private link to somebody as their organization sees them; say nothing if we must not."""
    standing = Person.objects.values_list("standing", flat=True).get(pk=seen.pk)
    if standing == Person.Standing.ACTIVE:
        queueing.queue(
            seen.phone,
            Text.PRIVATE_LINK,
            known(seen.languages[0], settings.NETWORK_LANGUAGES),
            url=url,
            purpose=Purpose(Lane.ANSWER, expires_at=now + LINK_LIVES),
            now=now,
        )


def ask_is_it_you(person: Person, question: Question, *, now: datetime) -> None:
    """Open this question to the phone."""
    Conversation.objects.update_or_create(
        person=person,
        defaults={
            "question": question,
            "asked_at": now,
            "request_id": None,
            "reasked": False,
            "flagged_at": None,
            "called_at": None,
        },
    )


def is_busy(person: Person, contact: Contact, *, now: datetime) -> bool:
    """Whether they are being asked something already, wait for help, or are on a visit."""
    context = context_of(Person.objects.get(pk=person.pk), contact, now=now)
    return bool(context.question or context.request or context.answerable or context.stage)
