"""What is past its time is erased, each hour, some at a time. docs/retention.md says what that is.

Every round is a row (`ErasingRun`): what it erased, in counts, and up to when. A part of it is a transaction
that erases some rows and counts them, so a round that was cut off goes on where it was.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Value

from network.audit import forgetting as audit
from network.audit.rules import ENGINE, error_of
from network.conversations import forgetting as conversations
from network.desk import forgetting as desk
from network.desk.actions import raise_need, settle
from network.desk.models import Need
from network.desk.rules import About, Reason
from network.dispatch import forgetting as dispatch
from network.dispatch.models import Exemption, Offer, Search
from network.duty import forgetting as duty
from network.enrollment import forgetting as enrollment
from network.messaging import forgetting as messaging
from network.messaging.models import Inbound
from network.privacy import forgetting as privacy
from network.privacy import runs
from network.privacy.forgetting import EVERY_FIELD, Eraser, Rows
from network.privacy.keep import Keep, limits
from network.privacy.models import ErasingRun
from network.reports import forgetting as reports
from network.staff import forgetting as staff
from network.support import forgetting as support
from network.support.models import Hold, SupportRequest
from network.visits import forgetting as visits
from network.visits.models import Disclosure, Visit, VisitWord
from network.visits.rules.stages import LIVE

log = logging.getLogger("porchlight")

AT_ONCE = 50  # requests in a transaction: each has many rows
PARTS = 20  # in one step of the engine, which other clocks wait for
ABOUT = About("erasing", "all")


def _requests(before: datetime, now: datetime) -> Rows:
    """Closed long ago, with nobody on the way and nothing for a person to look at."""
    under_way = Visit.objects.filter(support_request=OuterRef("pk"), stage__in=LIVE)
    return support.without_open_needs(support.over(before, now=now)).exclude(Exists(under_way))


def _forget_requests(keys: list[UUID], now: datetime) -> None:
    """Counts first, then whatever names them, then the requests with their searches, offers and visits."""
    reports.keep_figures(keys)
    dispatch.count_asks(keys)
    visits.count_done(keys)
    needs = Need.objects.filter(request_id__in=keys).values_list("pk", flat=True)
    texts = Inbound.objects.filter(request_id__in=keys).values_list("pk", flat=True)
    about = [*(f"need:{pk}" for pk in needs), *(f"text:{pk}" for pk in texts)]
    about += [*dispatch.abouts(keys), *visits.abouts(keys)]
    audit.forget_whom(keys, about=about)
    conversations.forget_requests(keys)
    messaging.forget_requests(keys)
    desk.forget_requests(keys)
    SupportRequest.objects.filter(pk__in=keys).delete()


REQUESTS = Eraser(
    "requests",
    Keep.CASE,
    {
        **dict.fromkeys(
            (SupportRequest, Search, Offer, Exemption, Visit, VisitWord, Disclosure, Hold), (EVERY_FIELD,)
        ),
        Need: (EVERY_FIELD,),
        Inbound: ("request_id",),
    },
    _requests,
    _forget_requests,
    AT_ONCE,
)
# Requests go first: what hung on them is then of none.
ERASERS: tuple[Eraser, ...] = (
    REQUESTS,
    *messaging.ERASERS,
    *support.ERASERS,
    *dispatch.ERASERS,
    *conversations.ERASERS,
    *desk.ERASERS,
    *duty.ERASERS,
    *enrollment.ERASERS,
    *staff.ERASERS,
    *reports.ERASERS,
    *privacy.ERASERS,
)


def forget(*, now: datetime, erasers: Sequence[Eraser] = ERASERS) -> int:
    """Erase some of what is past its time, if a round is due and nobody else is at it. Returns how many rows.

    An eraser that fails is logged by its kind of error, and the others go on.
    """
    run = runs.begin(now=now)
    if run is None:
        return 0
    before, failed = limits(now=now), set[str]()
    erased, parts, left = 0, PARTS, False
    for eraser in erasers:
        full = True
        while full and parts and eraser.code not in failed:
            try:
                rows = _erase_some(eraser, run, before=before[eraser.keep], now=now)
            except Exception as error:  # what can't be erased must not keep the rest
                log.error("eraser %s failed: %s", eraser.code, error_of(error))
                failed.add(eraser.code)
            else:
                erased, full = erased + rows, rows >= eraser.at_once
                parts -= bool(rows)
        left = left or full
    runs.end(run, left=left, failed=failed, now=now)
    return erased


@transaction.atomic
def _erase_some(eraser: Eraser, run: ErasingRun, *, before: datetime, now: datetime) -> int:
    """Rows that another transaction holds are left for the next time."""
    due = eraser.due(before, now).order_by("pk")
    free = due.select_for_update(skip_locked=True, of=("self",))
    keys: list[Any] = list(free.values_list("pk", flat=True)[: eraser.at_once])
    if keys:
        eraser.erase(keys, now)
        runs.count(run, eraser.code, len(keys))
    return len(keys)


def waiting(*, now: datetime, erasers: Sequence[Eraser] = ERASERS) -> dict[str, int]:
    """How many rows are past their time and still there, by the code of their eraser, in one statement."""
    before = limits(now=now)
    parts: list[QuerySet[Any, Any]] = [
        eraser.due(before[eraser.keep], now)
        .order_by()
        .annotate(erased_by=Value(eraser.code))
        .values("erased_by")
        .annotate(rows=Count("pk"))
        .values_list("erased_by", "rows")
        for eraser in erasers
    ]
    return {code: rows for code, rows in parts[0].union(*parts[1:], all=True) if rows}


def check_for_stopped_erasing(*, now: datetime) -> None:
    """Put it on the board if nothing was erased to the end for a day, and take it off when it is again."""
    if not runs.stopped(now=now):
        settle(Reason.ERASING_STOPPED, about=ABOUT, by=ENGINE, now=now)
    elif not Need.objects.filter(reason=Reason.ERASING_STOPPED, closed_at=None).exists():
        raise_need(Reason.ERASING_STOPPED, about=ABOUT, by=ENGINE, now=now)
