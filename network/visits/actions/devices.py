"""Binding a visit's link to the device on which the PIN was given, and counting what it shows."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import F

from network.audit.rules import ENGINE, person
from network.desk.rules import About, Reason
from network.support import actions as support
from network.visits.actions.locking import recorded
from network.visits.models import Disclosure, Visit
from network.visits.rules.device import LinkAnswer, is_worth_a_look, opening


def admit(visit: Visit, device: str, *, wants_move: bool, now: datetime) -> LinkAnswer:
    """Bind the link to this device, or move it here, unless another one has it; tell whoever must know.

    The token is part of each statement: of devices that come at once, one is first and one moves it. ASK
    and REFUSE show nothing. Raises Visit.DoesNotExist if a new link was sent meanwhile.
    """
    this_device = device_hash(visit, device)
    with transaction.atomic():
        opened = _decided(visit, this_device, wants_move=wants_move)
        if opened in (LinkAnswer.ASK, LinkAnswer.REFUSE):
            _tell_of_another(visit, opened, now=now)
        elif opened is LinkAnswer.MOVE:
            recorded("visit.link_moved", visit, by=person(visit.person_id), now=now)
    return opened


def device_hash(visit: Visit, device: str) -> bytes:
    """What we keep of a device: different for each visit, so that visits can't be linked by phone."""
    return hashlib.sha256(f"{visit.pk}:{device}".encode()).digest()


def _decided(visit: Visit, this_device: bytes, *, wants_move: bool) -> LinkAnswer:
    this_link = Visit.objects.filter(pk=visit.pk, token_hash=visit.token_hash)
    if this_link.filter(device_hash=None).update(device_hash=this_device):
        return LinkAnswer.BIND
    bound, moves = this_link.values_list("device_hash", "moves").get()
    opened = opening(bytes(bound or b""), this_device, moves=moves, wants_move=wants_move)
    if opened is not LinkAnswer.MOVE:
        return opened
    if this_link.filter(device_hash=bound, moves=moves).update(device_hash=this_device, moves=moves + 1):
        return opened
    return _decided(
        visit, this_device, wants_move=wants_move
    )  # somebody was faster, perhaps this very device


def _tell_of_another(visit: Visit, opened: LinkAnswer, *, now: datetime) -> None:
    by = person(visit.person_id)
    if opened is LinkAnswer.ASK:
        Disclosure.objects.create(visit=visit, at=now, what="elsewhere")
        recorded("visit.link_elsewhere", visit, by=by, now=now)
        _ring(Reason.LINK_ELSEWHERE, visit, now=now)
    else:
        Disclosure.objects.create(visit=visit, at=now, what="refused")
        recorded("visit.link_refused", visit, by=by, now=now)
        _ring(Reason.LINK_REFUSED, visit, now=now)


def count_view(visit: Visit, *, now: datetime) -> int:
    """Count one more view of this home by this link, and return how many.

    Very many are reported to a coordinator, and nobody is refused: a page that is loaded again and again in a
    bad spot is far more often a volunteer's than a thief's.
    """
    Visit.objects.filter(pk=visit.pk).update(views=F("views") + 1)
    views = Visit.objects.values_list("views", flat=True).get(pk=visit.pk)
    if is_worth_a_look(views):
        _ring(Reason.LINK_OFTEN, visit, now=now)
    return views


def _ring(reason: Reason, visit: Visit, *, now: datetime) -> None:
    support.ring(
        reason,
        visit.support_request,
        about=About("visit", str(visit.pk)),
        person_id=visit.person_id,
        by=ENGINE,
        now=now,
    )
