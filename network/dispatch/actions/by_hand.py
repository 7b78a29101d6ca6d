"""A coordinator asks somebody by name: under the same hard rules, or with a reason and a second person."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor, staff
from network.dispatch.actions.offering import Asked, hold_the_free, make_offers
from network.dispatch.actions.searching import NotReady, require_ready
from network.dispatch.models import Exemption, Offer, Search
from network.dispatch.queries import candidates, situations
from network.dispatch.queries.learned import policy
from network.dispatch.rules.case import Width
from network.dispatch.rules.crowd import Crowd
from network.dispatch.rules.fit import Refusal, refusal_by_hand
from network.dispatch.rules.waves import prospects
from network.staff.queries import first_refusal, second_refusal
from network.staff.rules.approvers import NotEligible
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.rules.requests import State


class NotFit(Exception):
    """A hard rule keeps this person out."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class NeedsReason(Exception):
    """An exemption needs a reason."""


class NothingToExcuse(Exception):
    """No rule keeps this person out: they can be asked as they are."""


@transaction.atomic
def offer_by_hand(
    request_id: UUID, *, person_id: UUID, by: Actor, now: datetime, agreed: Refusal | None = None
) -> Offer:
    """A coordinator asks somebody by name. Raises NotFit, NotReady.

    The same hard rules apply, except hours, language, having been asked before, and the one rule that an
    exemption `agreed` by two people sets aside.
    """
    support_request, search = _open_search(request_id, now=now)
    candidate = candidates.candidate(support_request, person_id, now=now)
    situation, numbers = situations.situation(support_request, search, now=now), policy(now=now)
    why = refusal_by_hand(candidate, situation, numbers, agreed=agreed)
    if why:
        raise NotFit(why)
    free = hold_the_free([person_id], now=now, starts_at=support_request.starts_at)
    if person_id not in free:  # a search was first just now
        raise NotFit(Refusal.OFFER_OPEN)
    forecast = prospects(situation, Crowd.of([candidate]), numbers, now=now).forecast(0)
    (offer,) = make_offers(
        search,
        support_request,
        [Asked(free[person_id], candidate.miles, forecast)],
        now=now,
        by=by,
        by_hand=True,
        width=Width.LANGUAGE,
    )
    return offer


def _open_search(request_id: UUID, *, now: datetime) -> tuple[SupportRequest, Search]:
    support_request = support.lock(request_id)
    require_ready(support_request)
    if support_request.state not in (State.SEARCHING, State.STOPPED):
        raise NotReady("state")
    search, _ = Search.objects.get_or_create(support_request=support_request, defaults={"started_at": now})
    return support_request, search


@transaction.atomic
def propose_exemption(
    request_id: UUID, *, person_id: UUID, reason: str, staff_id: UUID, now: datetime
) -> Exemption:
    """Propose an exemption, as the first of two people.

    Raises NeedsReason, NotEligible, NotReady, NothingToExcuse, and NotFit if nobody may excuse it.
    """
    if not reason.strip():
        raise NeedsReason
    if refusal := first_refusal(staff_id):
        raise NotEligible(refusal)
    support_request, search = _open_search(request_id, now=now)
    candidate = candidates.candidate(support_request, person_id, now=now)
    situation, numbers = situations.situation(support_request, search, now=now), policy(now=now)
    why = refusal_by_hand(candidate, situation, numbers)
    if why is None:
        raise NothingToExcuse
    still = refusal_by_hand(candidate, situation, numbers, agreed=why)
    if still:
        raise NotFit(still)
    exemption, _ = Exemption.objects.update_or_create(
        search=search,
        person_id=person_id,
        agreed_at=None,
        defaults={
            "key_id": support_request.key_id,
            "refusal": why,
            "reason": reason.strip()[:300],
            "proposed_by_id": staff_id,
            "proposed_at": now,
        },
    )
    record(
        "exemption.proposed",
        f"exemption:{exemption.pk}",
        by=staff(staff_id),
        now=now,
        request_id=request_id,
        person=person_id,
        refusal=why,
    )
    return exemption


@transaction.atomic
def agree_exemption(exemption_id: UUID, *, staff_id: UUID, now: datetime) -> Offer:
    """Agree to an exemption, as the second person: the offer goes out.

    Raises Exemption.DoesNotExist once it is agreed or taken back, NotEligible, NotFit, NotReady.
    """
    request_id, exemption = _held(exemption_id)
    if refusal := second_refusal(exemption.proposed_by_id, staff_id):
        raise NotEligible(refusal)
    exemption.agreed_by_id, exemption.agreed_at = staff_id, now
    exemption.save(update_fields=["agreed_by", "agreed_at"])
    record(
        "exemption.agreed",
        f"exemption:{exemption.pk}",
        by=staff(staff_id),
        now=now,
        request_id=request_id,
        person=exemption.person_id,
        refusal=exemption.refusal,
    )
    return offer_by_hand(
        request_id,
        person_id=exemption.person_id,
        by=staff(staff_id),
        now=now,
        agreed=Refusal(exemption.refusal),
    )


@transaction.atomic
def withdraw_exemption(exemption_id: UUID, *, by: Actor, now: datetime) -> None:
    """Nobody needs to agree any more. Raises Exemption.DoesNotExist once somebody has."""
    request_id, exemption = _held(exemption_id)
    record(
        "exemption.withdrawn",
        f"exemption:{exemption.pk}",
        by=by,
        now=now,
        request_id=request_id,
        person=exemption.person_id,
        refusal=exemption.refusal,
    )
    exemption.delete()


def _held(exemption_id: UUID) -> tuple[UUID, Exemption]:
    """An open exemption and its request; the request is locked first, as everywhere."""
    exemptions = Exemption.objects.filter(pk=exemption_id)
    request_id = exemptions.values_list("search__support_request", flat=True).get()
    support.lock(request_id)
    return request_id, exemptions.select_for_update(no_key=True, of=("self",)).get(agreed_at=None)
