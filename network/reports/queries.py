"""The state of the network in codes and counts."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from network.desk.queries import next_promise, open_needs
from network.dispatch.queries.engagements import engaged
from network.messaging.models import Inbound, Outbound
from network.messaging.rules.states import InState, OutState
from network.support.queries import open_requests

OWED = (OutState.OWED, OutState.SENDING, OutState.UNKNOWN)


def board(*, now: datetime) -> dict[str, Any]:
    """What `board --json` prints: ids and codes only."""
    accepted = Counter(engaged().values_list("search__support_request", flat=True))
    texts_in = counted(Inbound.objects.all(), "state")
    texts_out = counted(Outbound.objects.all(), "state")
    oldest = Outbound.objects.filter(state__in=OWED).aggregate(at=Min("owed_at"))["at"]
    return {
        "requests": [
            {
                "number": open_request.number,
                "state": open_request.state,
                "kind": open_request.kind or None,
                "age_s": int((now - open_request.opened_at).total_seconds()),
                "promise_due_s": _seconds_to(next_promise(open_request.pk), now=now),
                "responders": accepted[open_request.pk],
            }
            for open_request in open_requests().order_by("number")
        ],
        "needs": open_needs().count(),
        "texts": {
            "in": {state.value: texts_in[state.value] for state in InState},
            "out": texts_out,
        },
        "oldest_owed_s": int((now - oldest).total_seconds()) if oldest else 0,
    }


def counted(rows: QuerySet[Any], by: str) -> Counter[Any]:
    """How many of these rows there are of each value of a column."""
    return Counter(dict(rows.order_by(by).values_list(by).annotate(n=Count("pk"))))


def _seconds_to(due: datetime | None, *, now: datetime) -> int | None:
    return None if due is None else int((due - now).total_seconds())
