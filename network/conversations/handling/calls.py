"""A call to our number: who called, what keys asked for, whose phone rings, and what was promised.

Each part is one transaction under the call's row, and is done once however often the carrier posts it.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from network.audit import rules as audit
from network.audit.actions import record
from network.audit.rules import CARRIER, ENGINE
from network.conversations.handling import members
from network.conversations.handling.answers import answer
from network.conversations.handling.message_context import Handling
from network.conversations.models import Call, Leg
from network.conversations.queries import read
from network.conversations.rules import commands as c
from network.conversations.rules.calls import (
    NOBODY_ON_MINUTES,
    ON_DUTY_MINUTES,
    Asked,
    CallStep,
    Move,
    after_leg,
    honest,
    is_hidden,
)
from network.conversations.rules.context import SenderStatus
from network.database.writing import insert_once
from network.desk.actions import AlreadyTaken, claim, claim_request, raise_need, settle
from network.desk.models import Need
from network.desk.rules import About, Reason
from network.duty.queries import people_on, ringable
from network.messaging.contacts import contact_of, heard_calling
from network.messaging.models import Contact
from network.messaging.rules.speech import TAKES_IT
from network.people.models import Person
from network.people.queries import person_by_fingerprint
from network.support.models import SupportRequest
from network.support.queries import open_of_person
from network.support.rules.requests import Kind, State

MOST_LEGS = 6  # phones that ring for one caller, who waits for two minutes at most
KINDS = {
    Asked.ACCOMPANIMENT: Kind.ACCOMPANIMENT,
    Asked.LEGAL: Kind.LEGAL,
    Asked.CHILDCARE: Kind.CHILDCARE,
}


@dataclass(frozen=True, slots=True)
class Ringing:
    """What follows in a call that is to reach a person. `minutes`: within which one calls back."""

    step: CallStep
    leg: Leg | None = None
    minutes: int = 0


@transaction.atomic
def came(*, account: str, sid: str, phone: str, now: datetime) -> Call:
    """Somebody calls: the team knows from the first second, whatever they do next."""
    call = Call.objects.filter(account=account, sid=sid).first()
    if call:
        return call
    contact = contact_of(phone, now=now)
    heard_calling(contact.pk, now=now)
    person = person_by_fingerprint(bytes(contact.fingerprint))
    waits = open_of_person(person.pk) if person else None
    call = Call(
        account=account, sid=sid, contact=contact, began_at=now, request_id=waits.pk if waits else None
    )
    if not insert_once(call):  # the same post, at the same moment
        return Call.objects.get(account=account, sid=sid)
    raise_need(
        Reason.CALL_CAME,
        about=_about(call),
        now=now,
        by=CARRIER,
        request_id=call.request_id,
        person_id=person.pk if person else None,
    )
    return call


def _about(call: Call) -> About:
    return About("contact", str(call.contact_id))


def _lock(call_id: UUID) -> Call:
    return Call.objects.select_for_update(no_key=True).get(pk=call_id)


@transaction.atomic
def hear(call_id: UUID, move: Move, key: str, *, now: datetime) -> None:
    """Do what a key asked for, once, if the phone is a member's."""
    call = _lock(call_id)
    if move.asked is None or move.asked in call.asked:
        return
    call.asked = [*call.asked, move.asked.value]
    contact = Contact.objects.select_for_update(no_key=True).get(pk=call.contact_id)
    person = person_by_fingerprint(bytes(contact.fingerprint))
    if person:
        _do(call, person, contact, move.asked, key, now=now)
    call.save(update_fields=["asked", "request_id"])


def _do(call: Call, person: Person, contact: Contact, asked: Asked, key: str, *, now: datetime) -> None:
    situation = read(person, contact, now=now)
    context = situation.context
    if not context.is_member or context.standing is not SenderStatus.ACTIVE:
        return
    turn = Handling(
        person,
        contact,
        context,
        audit.person(person.pk),
        now,
        request=situation.request,
        conversation=situation.conversation,
    )
    command = _command(asked, key, situation.request)
    outcome = members.do(command, turn)
    answer(turn, command, outcome, called=True)
    if turn.request:
        call.request_id = turn.request.pk
        settle(Reason.CALL_CAME, about=_about(call), by=turn.by, now=now, how="answered")
    record(
        "call.asked",
        f"person:{person.pk}",
        by=turn.by,
        now=now,
        request_id=call.request_id,
        understood=type(command).__name__,
    )


def _command(asked: Asked, key: str, support_request: SupportRequest | None) -> members.MemberCommand:
    """What a text would ask that answers the same question; of what is under way, that a person looks."""
    if asked is Asked.HELP and support_request is None:
        return c.OpenRequest(None, later=False)
    if support_request is None or support_request.state != State.ASKING:
        return c.FurtherText()
    match asked:
        case Asked.AT_HOME:
            return c.AtHome()
        case Asked.ELSEWHERE:
            return c.Elsewhere()
        case Asked.ACCOMPANIMENT | Asked.LEGAL | Asked.CHILDCARE:
            return c.ChooseKind(KINDS[asked])
        case Asked.CHILDREN:
            return c.Children(int(key))
        case Asked.OTHER:
            return c.SomethingElse()
        case Asked.HELP:
            return c.FurtherText()


@transaction.atomic
def ring_first(call_id: UUID, *, now: datetime) -> Ringing:
    return _ring(_lock(call_id), 0, now=now)


@transaction.atomic
def rang(leg_id: UUID, *, gone: bool, now: datetime) -> Ringing:
    """A coordinator's phone has rung: they talked, or the next one's rings, or a call back is promised.

    `gone`: the caller has hung up, and hears nothing more. That they called is on the board.
    """
    leg = Leg.objects.get(pk=leg_id)
    call = _lock(leg.call_id)
    leg.refresh_from_db(fields=["taken_at"])
    step = after_leg(taken=leg.taken_at is not None, gone=gone or call.ended_at is not None, more=True)
    return Ringing(step) if step is CallStep.OVER else _ring(call, leg.place + 1, now=now)


def _ring(call: Call, place: int, *, now: datetime) -> Ringing:
    """The leg of this place, written before the carrier is told of it; else the promise."""
    legs = {leg.place: leg for leg in Leg.objects.filter(call=call).select_related("staff")}
    leg = legs.get(place)
    if leg is None and place < MOST_LEGS:
        rung = {other.staff_id for other in legs.values()}
        staff = next((staff for staff in ringable(now=now) if staff.pk not in rung), None)
        leg = Leg.objects.create(call=call, place=place, staff=staff, rung_at=now) if staff else None
    step = honest(after_leg(taken=False, gone=False, more=leg is not None), hidden=number_is_hidden(call))
    return Ringing(step, leg, _promise(call, now=now) if step is CallStep.CALL_BACK else 0)


def number_is_hidden(call: Call) -> bool:
    return is_hidden(call.contact.phone or "")


def _promise(call: Call, *, now: datetime) -> int:
    """Nobody answered: a person calls or writes, and by when. Returns the minutes that are said."""
    minutes = ON_DUTY_MINUTES if people_on(now=now) else NOBODY_ON_MINUTES
    if call.promised_at is None:
        Call.objects.filter(pk=call.pk).update(promised_at=now)
        contact = Contact.objects.get(pk=call.contact_id)
        person = person_by_fingerprint(bytes(contact.fingerprint))
        about = _about(call)
        if call.request_id:
            about = About("request", str(call.request_id))
        elif person:
            about = About("person", str(person.pk))
        raise_need(
            Reason.CALL_PROMISED if person is None or person.safe_to_call else Reason.WRITE_PROMISED,
            about=about,
            now=now,
            by=ENGINE,
            due_at=now + timedelta(minutes=minutes),
            promise=True,
            request_id=call.request_id,
            person_id=person.pk if person else None,
        )
    return minutes


@transaction.atomic
def take(leg_id: UUID, key: str, *, now: datetime) -> bool:
    """Whether whoever answered is put through: they pressed the key, and the caller is still there.

    The need is theirs then, as by a click.
    """
    leg = Leg.objects.get(pk=leg_id)
    call = _lock(leg.call_id)
    leg.refresh_from_db(fields=["taken_at"])
    if leg.taken_at:
        return True
    if key != TAKES_IT or call.ended_at:
        return False
    Leg.objects.filter(pk=leg.pk).update(taken_at=now)
    by = audit.staff(leg.staff_id)
    with suppress(AlreadyTaken):
        if call.request_id:
            claim_request(call.request_id, staff_id=leg.staff_id, by=by, now=now)
    for need in Need.objects.filter(reason=Reason.CALL_CAME, about=str(_about(call)), closed_at=None):
        with suppress(AlreadyTaken):
            claim(need.pk, staff_id=leg.staff_id, by=by, now=now)
    record("call.taken", f"call:{call.pk}", by=by, now=now, request_id=call.request_id)
    return True


@transaction.atomic
def ended(*, account: str, sid: str, seconds: int, now: datetime) -> None:
    """The caller is gone, or the call was led to its end."""
    call = Call.objects.select_for_update(no_key=True).filter(account=account, sid=sid, ended_at=None).first()
    if call is None:
        return
    Call.objects.filter(pk=call.pk).update(ended_at=now, seconds=seconds)
    record("call.ended", f"call:{call.pk}", by=CARRIER, now=now, request_id=call.request_id, seconds=seconds)
