"""What is erased of private links and proposals."""

from datetime import datetime
from typing import Any

from network.enrollment.actions.erasure import rows_to_go
from network.enrollment.models import Export, HomeChange, LegalRequest, PrivateLink
from network.people.models import Person
from network.privacy.actions import erase_key
from network.privacy.forgetting import EVERY_FIELD, Eraser, Rows, deleting
from network.privacy.keep import Keep
from network.trust.models import Approval, Proposal


def _links(before: datetime, now: datetime) -> Rows:
    return PrivateLink.objects.filter(expires_at__lt=before)


def _files(before: datetime, now: datetime) -> Rows:
    return Export.objects.filter(sealed__isnull=False, ends_at__lt=before)


def _forget_files(keys: list[Any], now: datetime) -> None:
    Export.objects.filter(pk__in=keys).update(sealed=None)


def _proposals(before: datetime, now: datetime) -> Rows:
    return Proposal.objects.filter(settled_at__lt=before)


def _forget_proposals(keys: list[Any], now: datetime) -> None:
    Export.objects.filter(proposal__in=keys).delete()
    of_law = list(LegalRequest.objects.filter(proposal__in=keys).values_list("key_id", flat=True))
    Proposal.objects.filter(pk__in=keys).delete()
    for key_id in of_law:
        erase_key(key_id)


def _erased(before: datetime, now: datetime) -> Rows:
    return rows_to_go(before)


def _forget_erased(keys: list[Any], now: datetime) -> None:
    """What was left of them, with their vouches; the key that it lay under seals nothing."""
    old = list(Person.objects.filter(pk__in=keys).values_list("key_id", flat=True))
    Person.objects.filter(pk__in=keys).delete()
    for key_id in old:
        erase_key(key_id)


ERASERS = (
    Eraser("erased_people", Keep.LEDGER, {Person: ("erased_at",)}, _erased, _forget_erased),
    deleting("private_links", Keep.SESSION, _links, PrivateLink),
    Eraser("files", Keep.SESSION, {Export: ("sealed",)}, _files, _forget_files),
    Eraser(
        "proposals",
        Keep.LEDGER,
        {
            Proposal: (EVERY_FIELD,),
            Approval: (EVERY_FIELD,),
            HomeChange: (EVERY_FIELD,),
            Export: (EVERY_FIELD,),
            LegalRequest: (EVERY_FIELD,),
        },
        _proposals,
        _forget_proposals,
    ),
)
