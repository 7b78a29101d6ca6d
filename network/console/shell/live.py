"""What a live page needs to know that it has missed nothing."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from network.audit.queries import last_seq


def in_ms(at: datetime) -> int:
    """Milliseconds since 1970, as browsers count."""
    return int(at.timestamp() * 1000)


def numbered(panel: Callable[[], HttpResponse]) -> HttpResponse:
    """A panel with the number of the newest change that it surely holds, read before it is made."""
    seq = last_seq()
    answer = panel()
    answer["X-Seq"] = str(seq)
    answer["X-Now"] = str(in_ms(timezone.now()))
    return answer
