"""Erasing a person on request: one proposes it, a second person agrees, and their key is destroyed.

What their requests of the last days need of them, to be counted and to go at their time, is a row without a
name, a phone or a home. It goes after them.
"""

import os
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from network.audit.actions import announce, record
from network.audit.forgetting import forget_person
from network.audit.rules import Actor
from network.desk.forgetting import forget_needs_of
from network.dispatch.models import Exemption, Offer, Willingness
from network.dispatch.rules.case import OfferState
from network.enrollment.models import HomeChange
from network.enrollment.rules.erasure import CannotErase, ErasureRefusal, Obstacle
from network.messaging.models import Contact, Inbound, Outbound
from network.messaging.retention import forget_person_texts
from network.messaging.rules.states import InState, OutState
from network.people.models import Apart, Member, Person, Responder
from network.privacy.actions import erase_key, make_key
from network.privacy.holders import keys_in_use
from network.privacy.models import Key
from network.staff.models import Staff
from network.support.holds import held
from network.support.models import Hold, SupportRequest
from network.support.queries import local
from network.support.rules.requests import State
from network.trust.actions.proposals import propose
from network.trust.models import Proposal, Vouch
from network.trust.rules.proposals import ProposalKind, ProposalState
from network.visits.models import Visit, VisitWord
from network.visits.rules.stages import LIVE

NO_NAME = "–"
MOMENT = timedelta(seconds=1)  # before the midnight at which a hold ends


class StillSealed(Exception):
    """Something would be left under the key: nothing is erased, rather than a part."""


@transaction.atomic
def propose_erasure(person_id: UUID, *, why: str, staff_id: UUID, now: datetime) -> Proposal:
    """Raises CannotErase, and what `propose` raises."""
    refuse_if_needed(Person.objects.get(pk=person_id), now=now)
    return propose(ProposalKind.ERASE_PERSON, person_id, why=why, staff_id=staff_id, now=now)


def refuse_if_needed(person: Person, *, now: datetime) -> None:
    """Raises CannotErase with what has to end first."""
    for obstacle in (_at_work(person), _on_hold(person, now=now), _in_between(person)):
        if obstacle:
            raise CannotErase(obstacle)


def _at_work(person: Person) -> Obstacle | None:
    """A request, a visit or an offer that isn't over."""
    theirs = SupportRequest.objects.filter(member__person=person)
    visits = Visit.objects.filter(Q(person=person) | Q(support_request__member__person=person))
    asked = Offer.objects.filter(person=person, state=OfferState.OPEN)
    numbers = (
        (ErasureRefusal.OPEN_REQUEST, theirs.exclude(state=State.CLOSED).values_list("number", flat=True)),
        (
            ErasureRefusal.ON_VISIT,
            visits.filter(stage__in=LIVE).values_list("support_request__number", flat=True),
        ),
        (ErasureRefusal.BEING_ASKED, asked.values_list("search__support_request__number", flat=True)),
    )
    return next(
        (Obstacle(refusal, number) for refusal, taken in numbers for number in taken[:1]),
        None,
    )


def _on_hold(person: Person, *, now: datetime) -> Obstacle | None:
    """One of their requests, or one that they were asked for, is not to be erased."""
    theirs = Q(member__person=person) | Q(pk__in=_took_part(person))
    for support_request in SupportRequest.objects.filter(theirs, held(now=now)).order_by("number")[:1]:
        ends = Hold.objects.filter(support_request=support_request, ends_at__gt=now).order_by("-ends_at")
        until = f"{local(ends[0].ends_at - MOMENT):%Y-%m-%d}" if ends else ""
        return Obstacle(ErasureRefusal.HELD, support_request.number, until)
    return None


def _took_part(person: Person) -> QuerySet[Offer, UUID]:
    return Offer.objects.filter(person=person).values_list("search__support_request", flat=True)


def _in_between(person: Person) -> Obstacle | None:
    if Staff.objects.filter(fingerprint=bytes(person.fingerprint), is_active=True).exists():
        return Obstacle(ErasureRefusal.STAFF)
    contacts = Contact.objects.filter(fingerprint=bytes(person.fingerprint))
    if Inbound.objects.filter(contact__in=contacts, state=InState.WAITING).exists():
        return Obstacle(ErasureRefusal.TEXT_WAITS)
    leaves = (OutState.SENDING, OutState.UNKNOWN)
    if Outbound.objects.filter(contact__in=contacts, state__in=leaves).exists():
        return Obstacle(ErasureRefusal.TEXT_LEAVES)
    about = Q(about=person.pk) | Q(home_change__person=person)
    about |= Q(about__in=Vouch.objects.filter(person=person).values("pk"))
    open_ones = Proposal.objects.filter(about, state=ProposalState.OPEN)
    if open_ones.exclude(what=ProposalKind.ERASE_PERSON).exists():
        return Obstacle(ErasureRefusal.PROPOSED)
    return None


def erase_person(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Carries out a proposal. Raises CannotErase where something of theirs has begun meanwhile.

    The phone is a stranger's from the commit on.
    """
    known_by = Person.objects.filter(pk=proposal.about).values_list("fingerprint", flat=True).first()
    if known_by is None:
        return
    contacts = list(Contact.objects.select_for_update(no_key=True).filter(fingerprint=bytes(known_by)))
    person = Person.objects.select_for_update(of=("self",)).get(pk=proposal.about)
    if person.erased_at:
        return
    refuse_if_needed(person, now=now)
    old, fresh = person.key_id, make_key(Key.Holder.PERSON, now=now)
    forget_person_texts([contact.pk for contact in contacts], key_id=old)
    forget_needs_of(person.pk, contacts=[contact.pk for contact in contacts])
    forget_person(person.pk)
    _delete_what_hangs_on(person)
    _clear_their_requests(old, fresh.pk)
    _clear_roles(person, fresh.pk, now=now)
    _clear(person, fresh.pk, now=now)
    erase_key(old)
    if keys_in_use([old]):
        raise StillSealed
    record("person.erased", f"person:{person.pk}", by=by, now=now)
    announce("needs")


def _delete_what_hangs_on(person: Person) -> None:
    Apart.objects.filter(Q(first=person) | Q(second=person)).delete()
    person.claims.all().delete()
    person.consents.all().delete()
    person.private_links.all().delete()
    person.introductions.all().delete()
    person.drafts.all().delete()
    person.readers.all().delete()
    person.drills.all().delete()
    HomeChange.objects.filter(person=person).delete()
    Willingness.objects.filter(person=person).delete()
    if conversation := getattr(person, "conversation", None):
        conversation.delete()


def _clear_their_requests(old: UUID, fresh: UUID) -> None:
    """Words that are sealed under their key, in requests that are kept for some days."""
    VisitWord.objects.filter(key_id=old).delete()
    Hold.objects.filter(key_id=old).delete()
    SupportRequest.objects.filter(key_id=old).update(key_id=fresh, notes=None)
    Offer.objects.filter(key_id=old).update(key_id=fresh, said=None)
    Exemption.objects.filter(key_id=old).update(key_id=fresh, reason=None)


def _clear_roles(person: Person, fresh: UUID, *, now: datetime) -> None:
    """Vouches count for their verifiers' quotas, so they stay for a while, taken back."""
    vouches = Vouch.objects.filter(person=person)
    vouches.filter(withdrawn_at=None).update(withdrawn_at=now)
    vouches.update(key_id=None, withdrawn_why=None)
    for member in Member.objects.filter(person=person):
        member.key_id, member.street, member.city, member.unit = fresh, "", "", None
        member.state, member.zip, member.duress_word, member.homes_left = "", "", None, []
        member.frozen_at, member.frozen_for, member.phone_asked_at = now, Member.Frozen.PHONE, None
        member.unfreeze_by = None
        member.save()
    for responder in Responder.objects.filter(person=person):
        responder.key_id, responder.kinds, responder.zip, responder.max_miles = fresh, [], "", 0
        responder.hours, responder.pin_hash, responder.bar_number, responder.bar_state = [], "", None, ""
        responder.clearance_until = responder.off_until = responder.rest_until = None
        responder.wake_at_night = False
        responder.save()


def _clear(person: Person, fresh: UUID, *, now: datetime) -> None:
    person.key_id, person.name, person.phone = fresh, NO_NAME, ""
    person.fingerprint = os.urandom(len(bytes(person.fingerprint)))  # of no phone
    person.standing, person.erased_at, person.suspended_at = Person.Standing.ERASED, now, now
    person.consent_on = person.suspended_why = person.unvouched_at = None
    person.safe_to_call = False
    person.save()


def rows_to_go(before: datetime) -> QuerySet[Person]:
    """Whom nothing that is kept names any more."""
    asked = Offer.objects.values("person")
    over = Person.objects.filter(erased_at__lt=before)
    return over.filter(visits=None, member__requests=None).exclude(pk__in=asked)
