"""Passwords and second factors: changed by their holder, or restored by two stewards after a loss."""

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from network.audit.actions import record
from network.audit.rules import staff
from network.staff.actions.accounts import NotPossible, add_makers, lock_account, lock_another
from network.staff.actions.sessions import end_sessions
from network.staff.actions.sign_in_links import make_sign_in_link, void_sign_in_links
from network.staff.models import FactorRestoring, Staff
from network.staff.queries import approver, approver_by_id, first_refusal, second_refusal
from network.staff.rules.approvers import NotEligible, is_one_person


@transaction.atomic
def factor_changed(staff_id: UUID, *, what: str, keep: UUID | None, now: datetime) -> None:
    """The holder has set or removed a password or a factor: their other sessions end."""
    record("staff.factor", f"staff:{staff_id}", by=staff(staff_id), now=now, what=what)
    end_sessions(staff_id, by=staff(staff_id), now=now, but=keep, why="factor")


@transaction.atomic
def set_first_password(staff_id: UUID, password: str, *, keep: UUID | None, now: datetime) -> Staff:
    """Raises NotPossible if there is one already: the sign-in library changes it, after asking for it."""
    account = lock_account(staff_id)
    if account.has_usable_password():
        raise NotPossible("has_password")
    account.set_password(password)
    account.save(update_fields=["password"])
    factor_changed(staff_id, what="password_set", keep=keep, now=now)
    return account


@transaction.atomic
def ask_restoring(staff_id: UUID, *, by: Staff, now: datetime) -> FactorRestoring:
    """The first of two stewards, who has met the person. Raises NotEligible, and NotPossible for oneself,
    or a second time."""
    account = lock_another(staff_id, by=by)
    _must_be_two(by.pk, account)
    if refusal := first_refusal(by.pk):
        raise NotEligible(refusal)
    if not account.is_active or FactorRestoring.objects.filter(staff=staff_id, ended_at=None).exists():
        raise NotPossible("asked")
    asked = FactorRestoring.objects.create(staff=account, asked_by=by, asked_at=now)
    record("staff.restoring_asked", f"staff:{staff_id}", by=staff(by.pk), now=now)
    return asked


@transaction.atomic
def confirm_restoring(restoring_id: UUID, *, by: Staff, now: datetime) -> tuple[Staff, str]:
    """The second steward: old factors, password, links and sessions go, and one link is made, shown once.

    Until a third has met them, the account counts as nobody's own. Raises NotEligible, and NotPossible for
    the one who asked, for the holder of the factor, and where it is no longer asked for.
    """
    asked = FactorRestoring.objects.select_for_update(no_key=True, of=("self",)).get(pk=restoring_id)
    if asked.ended_at is not None:
        raise NotPossible("over")
    first = Staff.objects.get(pk=asked.asked_by_id)
    account = lock_account(asked.staff_id)
    _must_be_two(by.pk, first)
    _must_be_two(by.pk, account)
    if (
        not (first.is_active and first.is_in_good_standing)
        or first.role != Staff.Role.STEWARD
        or not account.is_active
    ):
        raise NotPossible("over")
    if refusal := second_refusal(first.pk, by.pk):
        raise NotEligible(refusal)
    asked.confirmed_by, asked.ended_at = by, now
    asked.save(update_fields=["confirmed_by", "ended_at"])
    Authenticator.objects.filter(user=account).delete()
    account.set_unusable_password()
    account.save(update_fields=["password"])
    add_makers(account, first, Staff.objects.get(pk=by.pk))
    void_sign_in_links(account.pk, now=now)
    record("staff.restored", f"staff:{account.pk}", by=staff(by.pk), now=now, first=first.pk)
    end_sessions(account.pk, by=staff(by.pk), now=now, why="restored")
    return account, make_sign_in_link(account, opens_board=False, now=now)


@transaction.atomic
def withdraw_restoring(restoring_id: UUID, *, by: Staff, now: datetime) -> None:
    """Any steward may withdraw it. Nothing happens if it is over."""
    for asked in FactorRestoring.objects.select_for_update(no_key=True).filter(
        pk=restoring_id, ended_at=None
    ):
        asked.ended_at = now
        asked.save(update_fields=["ended_at"])
        record("staff.restoring_withdrawn", f"staff:{asked.staff_id}", by=staff(by.pk), now=now)


def _must_be_two(first_id: UUID, second: Staff) -> None:
    if is_one_person(approver_by_id(first_id), approver(second)):
        raise NotPossible("another")
