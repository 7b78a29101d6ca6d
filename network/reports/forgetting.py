"""What the measures keep of requests before they are erased, and how long."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models.functions import Greatest

from network.privacy.forgetting import Rows, deleting
from network.privacy.keep import Keep
from network.reports.measures_sql import KEEP_FIGURES
from network.reports.models import PastRequest


def keep_figures(requests: Collection[UUID]) -> None:
    """The figures of these requests stay, without them: drills, duress and mistakes have none."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP_FIGURES, {"requests": list(requests)})


def _figures(before: datetime, now: datetime) -> Rows:
    """Those that no measure reads any more."""
    return PastRequest.objects.alias(last=Greatest("opened_at", "starts_at")).filter(last__lt=before)


ERASERS = (deleting("figures", Keep.MEASURES, _figures, PastRequest),)
