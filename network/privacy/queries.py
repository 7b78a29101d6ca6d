"""What privacy can say without opening anything."""

from datetime import date
from uuid import UUID

from django.conf import settings

from network.privacy.models import Key
from network.privacy.rules import sealing


def fingerprint(phone: str) -> bytes:
    return sealing.fingerprint(phone, field_key=settings.FIELD_KEY)


def key_is_right() -> bool:
    """Whether FIELD_KEY opens what this database holds. True for a database that holds nothing yet."""
    check = Key.objects.filter(holder=Key.Holder.CHECK).first() or Key.objects.first()
    if check is None:
        return True
    try:
        sealing.unwrap(bytes(check.wrapped), key_id=check.pk, field_key=settings.FIELD_KEY)
    except sealing.Unreadable:
        return False
    return True


def day_keys_before(day: date) -> list[UUID]:
    """The keys of days before this one that are still kept: a few."""
    return list(Key.objects.filter(day__lt=day).values_list("pk", flat=True))
