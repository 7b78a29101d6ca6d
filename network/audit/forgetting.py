"""Whom a line of history named is forgotten before the line is."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from network.audit.models import Whom


def forget_whom(requests: Collection[UUID], *, about: Collection[str]) -> None:
    """Lines of these requests, and those about these things, no longer say whom they were about."""
    Whom.objects.filter(Q(request_id__in=requests) | Q(about__in=about)).delete()


def forget_person(person_id: UUID) -> None:
    """Lines that named this person no longer do; those of a request that is kept go on until it goes."""
    named = Q(person_id=person_id) | Q(actor=f"person:{person_id}") | Q(about=f"person:{person_id}")
    rows = Whom.objects.alias(all_ids=Cast("ids", TextField()))
    rows.filter(named | Q(all_ids__contains=str(person_id)), request_id=None).delete()
