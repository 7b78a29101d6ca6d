"""What answers teach: each offer counted once, in the transaction that marks it as counted."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, Value
from django.utils import timezone

from network.audit.rules import ENGINE
from network.desk.actions import raise_need, settle
from network.desk.rules import About, Reason
from network.dispatch.models import (
    Calibration,
    Cell,
    Delay,
    DelayFifth,
    ForecastBand,
    Learning,
    Offer,
    Willingness,
)
from network.dispatch.queries.learned import calibration, learned
from network.dispatch.queries.reliability import week_of
from network.dispatch.queries.situations import with_left_at
from network.dispatch.rules.case import OfferState
from network.dispatch.rules.chance import (
    DECAY_A_DAY,
    KAPPA,
    SETTLES_IN,
    Learned,
    Part,
    Settlement,
    kappa_of,
    learn,
)
from network.dispatch.rules.crowd import numbers
from network.dispatch.rules.foretelling import chance_band, fifth_of
from network.people.rules.hours import is_night
from network.support.queries import local

log = logging.getLogger("porchlight")
AT_ONCE = 500
ABOUT = About("policy", "calibration")


@transaction.atomic
def settle_offers(*, now: datetime) -> int:
    """Learn from offers that were answered, including late yeses, or whose 60 minutes are over.

    Never earlier: if closing a request settled its offers, late yeses would be lost and every chance would
    be learned as half of what it is. Returns how many were settled.
    """
    answered = Q(answered_at__isnull=False) | Q(late_yes_at__isnull=False)
    over = answered | Q(asked_at__lte=now - SETTLES_IN) | Q(state=OfferState.UNDELIVERABLE)
    due = Offer.objects.select_for_update(no_key=True, skip_locked=True).filter(over, settled_at=None)
    offers = list(with_left_at(due, Value(now)).order_by("asked_at")[:AT_ONCE])
    if not offers:
        return 0
    Offer.objects.filter(pk__in=[offer.pk for offer in offers]).update(settled_at=now)
    taught = [
        offer for offer in offers if offer.chance is not None and offer.state != OfferState.UNDELIVERABLE
    ]
    _count_people(taught)
    before, settled = learned(), [settlement(offer) for offer in taught]
    _keep(learn(before, settled), now=now)
    _calibrate(taught, now=now)
    _compare(taught, settled, before, now=now)
    return len(offers)


def settlement(offer: Any) -> Settlement:
    """One offer that has had its time, as the rules take it. `left_at` as in queries.situations.with_left_at.

    Time counts from when its text left, or a long queue would be learned as people who answer slowly.
    """
    yes_at = offer.late_yes_at or (offer.answered_at if offer.state == OfferState.ACCEPTED else None)
    return Settlement(
        cells=tuple(offer.cells.split()),
        rate=offer.rate or 0.0,
        likeliness=offer.likeliness or 1.0,
        yes=yes_at is not None,
        said_no=offer.state == OfferState.DECLINED,
        minutes=(yes_at - min(yes_at, offer.left_at or offer.asked_at)) / timedelta(minutes=1)
        if yes_at
        else None,
        part=Part.NIGHT if is_night(local(offer.asked_at)) else Part.DAY,
    )


def _count_people(offers: Iterable[Any]) -> None:
    for offer in sorted(offers, key=lambda offer: offer.person_id):
        yes = int(settlement(offer).yes)
        Willingness.objects.filter(person=offer.person_id).update(
            accepts=F("accepts") + yes,
            expected=F("expected") + (offer.rate or 0.0),
            asked=F("asked") + 1,
            said_yes=F("said_yes") + yes,
        )


def _keep(known: Learned, *, now: datetime) -> None:
    for name, count in known.cells.items():
        Cell.objects.update_or_create(
            name=name, defaults={"accepts": count.accepts, "expected": count.expected}
        )
    for part, delay in known.delays.items():
        Delay.objects.update_or_create(
            part=part, defaults={"count": delay.count, "mean": delay.mean, "squares": delay.squares}
        )
    _learning(now=now)
    Learning.objects.update(noes=known.noes, silences=known.silences)


def _learning(*, now: datetime) -> Learning:
    defaults = {"kappa": KAPPA, "decayed_on": local(now).date()}
    return Learning.objects.get_or_create(pk=1, defaults=defaults)[0]


_ADD_TO_BANDS = f"""
    INSERT INTO {ForecastBand._meta.db_table} AS kept (week, band, offers, foretold, came)
    SELECT %(week)s, band, count(*), sum(chance), sum(yes)
    FROM unnest(%(bands)s::int[], %(chances)s::float[], %(yeses)s::int[]) AS t (band, chance, yes)
    GROUP BY band
    ON CONFLICT (week, band) DO UPDATE SET offers = kept.offers + EXCLUDED.offers,
        foretold = kept.foretold + EXCLUDED.foretold, came = kept.came + EXCLUDED.came
"""  # noqa: S608  our own names
_ADD_TO_FIFTHS = f"""
    INSERT INTO {DelayFifth._meta.db_table} AS kept (week, fifth, came)
    SELECT %(week)s, fifth, count(*) FROM unnest(%(fifths)s::int[]) AS t (fifth) GROUP BY fifth
    ON CONFLICT (week, fifth) DO UPDATE SET came = kept.came + EXCLUDED.came
"""  # noqa: S608  our own names


def _compare(offers: list[Any], settled: list[Settlement], before: Learned, *, now: datetime) -> None:
    """Note what was foretold beside what came, by what was known before these were learned from."""
    week = week_of(timezone.localdate(now))
    fifths = [
        fifth_of(answer.minutes, before.delay(answer.part))
        for answer in settled
        if answer.minutes is not None
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD_TO_BANDS,
            {
                "week": week,
                "bands": [chance_band(offer.chance) for offer in offers],
                "chances": [offer.chance for offer in offers],
                "yeses": [int(answer.yes) for answer in settled],
            },
        )
        cursor.execute(_ADD_TO_FIFTHS, {"week": week, "fifths": fifths})


def _calibrate(offers: list[Any], *, now: datetime) -> None:
    """Note how many yeses were predicted and how many came, and raise a need if they drift apart."""
    today = timezone.localdate(now)
    Calibration.objects.get_or_create(day=today)
    Calibration.objects.filter(day=today).update(
        offers=F("offers") + len(offers),
        foretold=F("foretold") + sum(offer.chance or 0.0 for offer in offers),
        came=F("came") + sum(settlement(offer).yes for offer in offers),
    )
    fit = calibration(today)
    log.info("calibration: %.1f yeses foretold, %d came, of %d offers", fit.foretold, fit.came, fit.offers)
    if fit.is_off:
        raise_need(Reason.POLICY_OFF, about=ABOUT, now=now, by=ENGINE)
    else:
        settle(Reason.POLICY_OFF, about=ABOUT, by=ENGINE, now=now)


@transaction.atomic
def forget_slowly(*, now: datetime) -> int:
    """Once a night, fade what was learned by half in 69 days. Returns how many nights were made up for."""
    today = local(now).date()
    row = _learning(now=now)
    row = Learning.objects.select_for_update().get(pk=row.pk)
    nights = (today - row.decayed_on).days
    if nights <= 0:
        return 0
    left = DECAY_A_DAY**nights
    Willingness.objects.update(accepts=F("accepts") * left, expected=F("expected") * left)
    Cell.objects.update(accepts=F("accepts") * left, expected=F("expected") * left)
    seen = list(Willingness.objects.values_list("accepts", "expected"))
    kappa = kappa_of(numbers(a for a, _ in seen), numbers(e for _, e in seen))
    Learning.objects.update(
        noes=F("noes") * left, silences=F("silences") * left, kappa=kappa, decayed_on=today
    )
    return nights
