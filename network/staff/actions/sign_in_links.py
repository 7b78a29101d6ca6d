"""One-time links that staff first sign in with."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from network.privacy.rules.sealing import token_digest
from network.staff.models import SignInLink, Staff

LINK_LIVES = timedelta(hours=24)


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


def void_sign_in_links(staff_id: UUID, *, now: datetime) -> None:
    SignInLink.objects.filter(staff=staff_id, used_at=None, expires_at__gt=now).update(expires_at=now)
