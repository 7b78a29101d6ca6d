"""Who may sign in, and their first links."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor
from network.people.models import Organization, SignInLink, Staff
from network.privacy.actions import make_key
from network.privacy.models import Key
from network.privacy.queries import fingerprint
from network.privacy.rules import token_digest
from network.privacy.rules_phone import canonical

LINK_LIVES = timedelta(hours=24)


class PhoneTaken(Exception):
    """This phone belongs to another account: one person has one."""


@transaction.atomic
def add_staff(
    email: str, *, role: Staff.Role, organization: Organization | None, phone: str | None,
    by: Actor, now: datetime,
) -> Staff:  # fmt: skip
    """Somebody who may sign in, once they have set a factor by their link. Raises PhoneTaken."""
    print_ = _free(phone)
    staff = Staff(
        email=email.strip().lower(),
        key=make_key(Key.Holder.PERSON, now=now),
        role=role,
        organization=organization,
        phone=phone,
        fingerprint=print_,
        added_at=now,
    )
    staff.set_unusable_password()
    staff.save()
    record("staff.added", f"staff:{staff.pk}", by=by, now=now, role=role)
    return staff


@transaction.atomic
def set_staff_phone(staff_id: UUID, phone: str, *, by: Actor, now: datetime) -> None:
    """By which they are paged, and known as one person. Raises PhoneTaken."""
    staff = Staff.objects.select_for_update(no_key=True, of=("self",)).get(pk=staff_id)
    if staff.phone != phone:
        own = staff.phone is not None and canonical(staff.phone) == canonical(phone)
        staff.phone, staff.fingerprint = phone, fingerprint(phone) if own else _free(phone)
        staff.save(update_fields=["phone", "fingerprint"])
        record("staff.phone_set", f"staff:{staff_id}", by=by, now=now)


def _free(phone: str | None) -> bytes | None:
    print_ = fingerprint(phone) if phone else None
    if print_ and Staff.objects.filter(fingerprint=print_).exists():
        raise PhoneTaken
    return print_


def make_sign_in_link(staff: Staff, *, opens_board: bool, now: datetime) -> str:
    """The token of a one-time link that lives a day."""
    token = secrets.token_urlsafe(16)
    SignInLink.objects.create(
        staff=staff,
        token_hash=token_digest(token),
        opens_board=opens_board,
        expires_at=now + LINK_LIVES,
    )
    return token


def use_sign_in_link(token: str, *, now: datetime) -> SignInLink | None:
    """Spend a link. None for one that is unknown, spent or over."""
    fresh = SignInLink.objects.filter(
        token_hash=token_digest(token), used_at=None, expires_at__gt=now, staff__is_active=True
    )
    if not fresh.update(used_at=now):
        return None
    return SignInLink.objects.select_related("staff").get(token_hash=token_digest(token))
