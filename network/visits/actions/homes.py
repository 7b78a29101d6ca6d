"""A member's home has changed: offers and visits for the old one end, and nobody goes on to it."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import F

from network.audit.rules import ENGINE
from network.dispatch.actions import answering
from network.dispatch.actions.searching import look_now
from network.dispatch.models import Offer, Search
from network.dispatch.rules.case import OfferState
from network.messaging.texts.keys import Text
from network.support import actions as support
from network.support.rules.requests import State
from network.visits import queries
from network.visits.actions.leaving import end_visit
from network.visits.models import Visit
from network.visits.rules.stages import Stage


def release_moved(*, now: datetime) -> int:
    """A home was changed after somebody was asked or set out: take them off, tell them, void the word, and
    search for the new home. Somebody who is there already stays, and a person decides.
    """
    moved = F("support_request__member__moved_at")
    visits = queries.live().filter(began_at__lt=moved).exclude(stage=Stage.THERE)
    for visit_id in list(visits.values_list("pk", flat=True)):
        with suppress(Visit.DoesNotExist):  # ended meanwhile
            end_visit(visit_id, by=ENGINE, now=now)
    offers = Offer.objects.filter(
        state=OfferState.OPEN, asked_at__lt=F("search__support_request__member__moved_at")
    )
    requests = set(offers.values_list("search__support_request", flat=True))
    for request_id in sorted(requests):
        with transaction.atomic():
            support_request = support.lock(request_id)
            if not offers.filter(search__support_request=request_id).exists():  # settled meanwhile
                continue
            answering.stand_down(request_id, now=now, text=Text.NO_LONGER_NEEDED)
            if support_request.state == State.SEARCHING:
                look_now(Search.objects.get(support_request=request_id), now=now)
    return len(requests)
