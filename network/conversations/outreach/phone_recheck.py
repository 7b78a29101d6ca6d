"""Is this still you? Asked of members who were silent for long. With no answer, their home is frozen."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from network.audit.rules import ENGINE
from network.conversations.outreach.enrollment import ask_is_it_you, is_busy
from network.conversations.rules.context import Question
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.enrollment.queries.phone_recheck import asked_or_lost, asked_since, phone_of, silent
from network.enrollment.rules.phone_recheck import RecheckDue, due
from network.messaging import contacts
from network.messaging.models import Contact
from network.messaging.outbox import queueing
from network.messaging.outbox.queueing import Purpose
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text
from network.messaging.texts.languages import known
from network.people.actions import homes
from network.people.models import Member
from network.people.rules.hours import is_night
from network.support.queries import local, open_of_person

ASKED_AN_HOUR = 50  # so that a network that was long silent isn't asked all at once


def check_phones(*, now: datetime) -> int:
    """Ask and freeze what is due about members' phones: by day, and a few an hour. Returns how many."""
    checked = sum(_recheck(member_id, now=now) for member_id in asked_or_lost(now=now))
    left = ASKED_AN_HOUR - asked_since(now - timedelta(hours=1))
    if left > 0 and not is_night(local(now)):
        checked += sum(_recheck(member_id, now=now, may_ask=True) for member_id in silent(most=left, now=now))
    return checked


@transaction.atomic
def _recheck(member_id: UUID, *, now: datetime, may_ask: bool = False) -> bool:
    rows = Member.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
    member = rows.select_related("person").filter(pk=member_id, frozen_at=None).first()
    if member is None:
        return False
    match due(phone_of(member), now=now):
        case RecheckDue.HEARD:
            homes.note_phone_asked(member.pk, at=None)
        # During an open request they wait for us at that very home.
        case RecheckDue.FREEZE if open_of_person(member.person_id) is None:
            homes.freeze_home(member, Member.Frozen.PHONE, by=ENGINE, now=now)
            raise_need(
                Reason.PHONE_UNSURE,
                about=About("person", str(member.person_id)),
                now=now,
                by=ENGINE,
                person_id=member.person_id,
            )
            return True
        case RecheckDue.ASK if may_ask:
            return _ask(member, now=now)
    return False


def _ask(member: Member, *, now: datetime) -> bool:
    """Ask them, unless they are being asked something else."""
    person = member.person
    contact = contacts.contact_of(person.phone, now=now)
    free = Contact.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=contact.pk)
    if not free.exists() or is_busy(person, contact, now=now):
        return False
    ask_is_it_you(person, Question.STILL_YOU, now=now)
    queueing.queue(
        person.phone,
        Text.STILL_YOU,
        known(person.language, settings.NETWORK_LANGUAGES),
        purpose=Purpose(Lane.REMINDER),
        now=now,
    )
    homes.note_phone_asked(member.pk, at=now)
    return True
