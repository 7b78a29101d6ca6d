"""Making and erasing keys."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from network.database.copying import copy_in
from network.privacy import keyring
from network.privacy.holders import keys_in_use
from network.privacy.models import Key, KnownPhone
from network.privacy.rules import sealing

KEPT_A_WHILE = timedelta(hours=1)
LAST_CHANCE = timedelta(minutes=10)  # longer than any transaction in which a row may be written under a key


def make_key(holder: Key.Holder, *, now: datetime, day: date | None = None) -> Key:
    key, _ = _new_key(holder, now=now, day=day)
    key.save(force_insert=True)
    return key


def make_keys(holder: Key.Holder, many: int, *, now: datetime) -> list[Key]:
    """As many at once, by one statement; they are open already, since what is sealed under them is next."""
    made = [_new_key(holder, now=now) for _ in range(many)]
    copy_in([key for key, _ in made])
    for key, plain in made:
        keyring.remember(key.pk, plain)
    return [key for key, _ in made]


def _new_key(holder: Key.Holder, *, now: datetime, day: date | None = None) -> tuple[Key, bytes]:
    key_id, plain = uuid4(), sealing.new_key()
    wrapped = sealing.wrap(plain, key_id=key_id, field_key=settings.FIELD_KEY)
    return Key(id=key_id, wrapped=wrapped, holder=holder, day=day, made_at=now), plain


_days: dict[date, UUID] = {}


def _remember_day(day: date, key_id: UUID) -> None:
    _days.clear()
    _days[day] = key_id


def day_key(*, now: datetime) -> UUID:
    """The key of a day (UTC), made when it is the day's first."""
    day = now.date()
    if day in _days:
        return _days[day]
    for found in Key.objects.filter(day=day).values_list("pk", flat=True)[:1]:
        # Only once it is certain: a key that is rolled back must not be remembered.
        transaction.on_commit(partial(_remember_day, day, found))
        return found
    fresh, _ = _new_key(Key.Holder.DAY, now=now, day=day)
    Key.objects.bulk_create([fresh], ignore_conflicts=True)  # another process may be first
    return Key.objects.values_list("pk", flat=True).get(day=now.date())


def know_phone(print_: bytes, *, key_id: UUID) -> None:
    KnownPhone.objects.update_or_create(fingerprint=print_, defaults={"key_id": key_id})


def know_phones(phones: Mapping[bytes, UUID]) -> None:
    """As `know_phone`, many by one statement: each print with its key."""
    rows = [KnownPhone(fingerprint=print_, key_id=key_id) for print_, key_id in phones.items()]
    KnownPhone.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["fingerprint"], update_fields=["key_id"]
    )


def forget_phone(print_: bytes) -> None:
    """A webhook takes this phone for an unknown one from now on."""
    KnownPhone.objects.filter(fingerprint=print_).delete()


def set_key_check(*, now: datetime) -> None:
    """Leave the row by which a later start tells whether FIELD_KEY is still the same."""
    if not Key.objects.filter(holder=Key.Holder.CHECK).exists():
        make_key(Key.Holder.CHECK, now=now)


def day_keys_to_erase(*, before: date, now: datetime) -> QuerySet[Key]:
    """Strangers' keys older than `before`, except those that were asked about a moment ago."""
    return Key.objects.filter(day__lt=before).exclude(kept_until__gt=now)


def erase_day_keys(*, before: date, now: datetime) -> int:
    """Erase strangers' keys older than `before` that no row needs; those in use are asked about in an hour.

    A row that isn't committed yet can't be seen, so a key is erased only if it was
    unused ten minutes ago as well.
    """
    ended = dict(day_keys_to_erase(before=before, now=now).values_list("pk", "unused_at"))
    used = keys_in_use(ended)
    unused = {key_id for key_id, since in ended.items() if key_id not in used and since}
    newly_unused = ended.keys() - used - unused
    Key.objects.filter(pk__in=used).update(kept_until=now + KEPT_A_WHILE, unused_at=None)
    Key.objects.filter(pk__in=newly_unused).update(kept_until=now + LAST_CHANCE, unused_at=now)
    if unused:
        _erase_keys(unused)
    return len(unused)


def erase_key(key_id: UUID) -> None:
    """Of a person. What is sealed under it can't be read by anybody from the commit on; where another process
    has it open, for a minute more.
    """
    _erase_keys([key_id])
    transaction.on_commit(keyring.forget_all)


@transaction.atomic
def _erase_keys(key_ids: Collection[UUID]) -> None:
    """Only of keys that no row needs; the phones that they were known by go with them."""
    KnownPhone.objects.filter(key_id__in=key_ids).delete()
    Key.objects.filter(pk__in=key_ids).delete()
    keyring.forget_all()
    _days.clear()
