"""What is erased of needs and claims."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from network.desk.models import Claim, Need
from network.desk.rules import About, Reason
from network.privacy.forgetting import Rows, deleting
from network.privacy.keep import Keep

# That a phone could not be reached is looked at again when it is checked whose it is.
PHONES_KEPT = timedelta(days=90)


def forget_requests(requests: Collection[UUID]) -> None:
    """Erase the needs of these requests; of a phone that was not reached only that is kept."""
    theirs = Need.objects.filter(request_id__in=requests)
    of_phones = theirs.filter(reason=Reason.REFUSED_SEND, person_id__isnull=False)
    whose = Concat(Value("person:"), Cast(F("person_id"), CharField()), output_field=CharField())
    of_phones.update(request_id=None, subject=whose)
    theirs.delete()


def forget_needs_of(person_id: UUID, *, contacts: Collection[UUID]) -> None:
    """Erase what waited for a person about somebody, or about their phone, and is of no request."""
    phones = [str(About("contact", str(contact))) for contact in contacts]
    about_them = Q(person_id=person_id) | Q(about__in=[*phones, str(About("person", str(person_id)))])
    Need.objects.filter(about_them, request_id=None).delete()
    Need.objects.filter(person_id=person_id).update(person_id=None)


def _needs(before: datetime, now: datetime) -> Rows:
    closed = Need.objects.filter(request_id=None, closed_at__lt=before)
    return closed.exclude(reason=Reason.REFUSED_SEND, raised_at__gt=now - PHONES_KEPT)


def _claims(before: datetime, now: datetime) -> Rows:
    return Claim.objects.filter(seen_at__lt=before)


ERASERS = (
    deleting("needs", Keep.CASE, _needs, Need),
    deleting("claims", Keep.CASE, _claims, Claim),
)
