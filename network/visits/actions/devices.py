"""Binding a visit's link to the device on which the PIN was given, and counting what it shows."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import F

from network.audit.rules import ENGINE, person
from network.desk.rules import About, Reason
from network.support import actions as support
from network.visits.actions.crew import recorded
from network.visits.models import Disclosure, Visit
from network.visits.rules.device import Opening, is_worth_a_look, opening


def admit(visit: Visit, device: str, *, wants_move: bool, now: datetime) -> Opening:
    """Bind the link to this device, or move it here, unless another one holds it; who is to know is told.

    The token is part of each statement: of any number at once one is first, and one moves it. ASK and
    REFUSE show nothing. Raises Visit.DoesNotExist where a new link was sent meanwhile.
    """
    mine = device_hash(visit, device)
    with transaction.atomic():
        found = _decided(visit, mine, wants_move=wants_move)
        if found in (Opening.ASK, Opening.REFUSE):
            _tell_of_another(visit, found, now=now)
        elif found is Opening.MOVE:
            recorded("visit.link_moved", visit, by=person(visit.person_id), now=now)
    return found


def device_hash(visit: Visit, device: str) -> bytes:
    """What is kept of a device: another for each visit, so that no two are seen to be of one phone."""
    return hashlib.sha256(f"{visit.pk}:{device}".encode()).digest()


def _decided(visit: Visit, mine: bytes, *, wants_move: bool) -> Opening:
    this_link = Visit.objects.filter(pk=visit.pk, token_hash=visit.token_hash)
    if this_link.filter(device_hash=None).update(device_hash=mine):
        return Opening.BIND
    bound, moves = this_link.values_list("device_hash", "moves").get()
    found = opening(bytes(bound or b""), mine, moves=moves, wants_move=wants_move)
    if found is not Opening.MOVE:
        return found
    if this_link.filter(device_hash=bound, moves=moves).update(device_hash=mine, moves=moves + 1):
        return found
    return _decided(visit, mine, wants_move=wants_move)  # somebody was faster, perhaps this very device


def _tell_of_another(visit: Visit, found: Opening, *, now: datetime) -> None:
    by = person(visit.person_id)
    if found is Opening.ASK:
        Disclosure.objects.create(visit=visit, at=now, what="elsewhere")
        recorded("visit.link_elsewhere", visit, by=by, now=now)
        _ring(Reason.LINK_ELSEWHERE, visit, now=now)
    else:
        Disclosure.objects.create(visit=visit, at=now, what="refused")
        recorded("visit.link_refused", visit, by=by, now=now)
        _ring(Reason.LINK_REFUSED, visit, now=now)


def count_view(visit: Visit, *, now: datetime) -> None:
    """One look more at this home by this link. Very many are told to a coordinator, and refused to nobody:
    a page that is loaded again and again at a bad place is a volunteer's, far more often than a thief's."""
    Visit.objects.filter(pk=visit.pk).update(views=F("views") + 1)
    views = Visit.objects.values_list("views", flat=True).get(pk=visit.pk)
    if is_worth_a_look(views):
        _ring(Reason.LINK_OFTEN, visit, now=now)


def _ring(reason: Reason, visit: Visit, *, now: datetime) -> None:
    support.ring(
        reason, visit.support_request, about=About("visit", str(visit.pk)), person_id=visit.person_id,
        by=ENGINE, now=now,
    )  # fmt: skip
