"""What was foretold of this network's own offers, and what came of it."""

from datetime import date, datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, Sum

from network.dispatch.models import DelayFifth, ForecastBand, Offer
from network.dispatch.rules.case import OfferState
from network.dispatch.rules.foretelling import Band, Reliability, Wave, silent_waves

WEEKS = 12
WAVES_OVER = timedelta(days=14)  # as long as offers themselves are kept


def week_of(day: date) -> date:
    """The Monday by which a week is counted."""
    return day - timedelta(days=day.weekday())


def reliability(*, now: datetime, today: date) -> Reliability:
    """Of the last twelve weeks; of waves, the last two."""
    since = week_of(today) - timedelta(weeks=WEEKS - 1)
    bands = ForecastBand.objects.filter(week__gte=since).order_by("band").values("band")
    fifths = DelayFifth.objects.filter(week__gte=since).order_by("fifth").values_list("fifth")
    return Reliability(
        bands={
            row["band"]: Band(row["offers"], row["foretold"], row["came"])
            for row in bands.annotate(offers=Sum("offers"), foretold=Sum("foretold"), came=Sum("came"))
        },
        fifths=dict(fifths.annotate(n=Sum("came"))),
        silent=silent_waves(_waves(now=now)),
    )


def _waves(*, now: datetime) -> list[Wave]:
    """Those whose offers are all settled. What a coordinator asked by hand is no wave."""
    yes = Q(state=OfferState.ACCEPTED) | Q(late_yes_at__isnull=False)
    offers = Offer.objects.filter(asked_at__gt=now - WAVES_OVER, drill=False, by_hand=False)
    waves = (
        offers.filter(chance__isnull=False)
        .exclude(state=OfferState.UNDELIVERABLE)
        .order_by("search", "wave")
        .values("search", "wave")
        .annotate(chances=ArrayAgg("chance"), yeses=Count("pk", filter=yes))
        .annotate(unsettled=Count("pk", filter=Q(settled_at=None)))
        .filter(unsettled=0)
    )
    return [Wave(wave["chances"], wave["yeses"]) for wave in waves]
