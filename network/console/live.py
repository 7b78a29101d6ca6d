"""What a live page needs to know that it has missed nothing."""

from collections.abc import Callable

from django.http import HttpResponse

from network.audit.queries import last_seq


def numbered(panel: Callable[[], HttpResponse]) -> HttpResponse:
    """A panel with the number of the newest change that it surely holds, read before it is made."""
    seq = last_seq()
    answer = panel()
    answer["X-Seq"] = str(seq)
    return answer
