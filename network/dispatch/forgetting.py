"""What is erased of searches, and what is counted before."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from network.dispatch.models import AskCount, Exemption, Offer, Search, Surge
from network.privacy.forgetting import Eraser, Rows, deleting
from network.privacy.keep import Keep
from network.support.forgetting import over

_COUNTED = f"""
    INSERT INTO {AskCount._meta.db_table} (person_id, day, asks)
    SELECT o.person_id, (o.asked_at AT TIME ZONE %(zone)s)::date, count(*)
    FROM {Offer._meta.db_table} o JOIN {Search._meta.db_table} s ON s.id = o.search_id
    WHERE s.support_request_id = ANY(%(requests)s) AND NOT o.drill
    GROUP BY 1, 2
    ON CONFLICT (person_id, day) DO UPDATE SET asks = {AskCount._meta.db_table}.asks + EXCLUDED.asks
"""  # noqa: S608  our own names


def count_asks(requests: Collection[UUID]) -> None:
    """How often each person was asked on each day goes on counting once these requests are erased."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"requests": list(requests), "zone": settings.TIME_ZONE})


def abouts(requests: Collection[UUID]) -> list[str]:
    """What lines of history about the searches for these requests are about."""
    offers = Offer.objects.filter(search__support_request__in=requests).values_list("pk", flat=True)
    exempt = Exemption.objects.filter(search__support_request__in=requests).values_list("pk", flat=True)
    return [f"offer:{pk}" for pk in offers] + [f"exemption:{pk}" for pk in exempt]


def _answers(before: datetime, now: datetime) -> Rows:
    return Offer.objects.filter(
        said__isnull=False, search__support_request__in=over(before, now=now).values("pk")
    )


def _reasons(before: datetime, now: datetime) -> Rows:
    return Exemption.objects.filter(
        reason__isnull=False, search__support_request__in=over(before, now=now).values("pk")
    )


def _forget_answers(keys: list[Any], now: datetime) -> None:
    Offer.objects.filter(pk__in=keys).update(said=None)


def _forget_reasons(keys: list[Any], now: datetime) -> None:
    Exemption.objects.filter(pk__in=keys).update(reason=None)


def _surges(before: datetime, now: datetime) -> Rows:
    return Surge.objects.filter(ended_at__lt=before)


def _ask_counts(before: datetime, now: datetime) -> Rows:
    return AskCount.objects.filter(day__lt=before.date())


ERASERS = (
    Eraser("answers", Keep.WORDS, {Offer: ("said",)}, _answers, _forget_answers),
    Eraser("reasons", Keep.WORDS, {Exemption: ("reason",)}, _reasons, _forget_reasons),
    deleting("surges", Keep.LEDGER, _surges, Surge),
    deleting("ask_counts", Keep.MEASURES, _ask_counts, AskCount),
)
