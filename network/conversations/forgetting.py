"""What is erased of conversations: drafts, who had which open, questions that are over, and calls."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from network.conversations.models import Call, Conversation, Draft, Leg, Reader
from network.conversations.queries import still_asked
from network.privacy.forgetting import Rows, deleting
from network.privacy.keep import Keep


def forget_requests(requests: Collection[UUID]) -> None:
    """No question names one of these requests any more."""
    Conversation.objects.filter(request_id__in=requests).delete()
    Call.objects.filter(request_id__in=requests).update(request_id=None)


def _drafts(before: datetime, now: datetime) -> Rows:
    return Draft.objects.filter(saved_at__lt=before)


def _readers(before: datetime, now: datetime) -> Rows:
    return Reader.objects.filter(seen_at__lt=before)


def _questions(before: datetime, now: datetime) -> Rows:
    old = Conversation.objects.filter(Q(asked_at=None) | Q(asked_at__lt=before))
    over: Rows = old.exclude(pk__in=still_asked().values("pk"))
    return over


def _calls(before: datetime, now: datetime) -> Rows:
    return Call.objects.filter(began_at__lt=before)


ERASERS = (
    deleting("drafts", Keep.WORDS, _drafts, Draft),
    deleting("readers", Keep.SESSION, _readers, Reader),
    deleting("questions", Keep.CASE, _questions, Conversation),
    deleting("calls", Keep.DAY, _calls, Call, Leg),
)
