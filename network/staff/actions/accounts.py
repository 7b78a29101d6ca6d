"""Accounts and roles: who may sign in, and as what."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from network.audit.actions import record
from network.audit.rules import COMMAND_LINE, Actor, staff
from network.organizations.models import Organization
from network.organizations.queries import in_good_standing
from network.privacy.actions import make_key
from network.privacy.models import Key
from network.privacy.queries import fingerprint
from network.privacy.rules.phones import canonical
from network.staff.actions.sessions import end_sessions
from network.staff.actions.sign_in_links import make_sign_in_link, void_sign_in_links
from network.staff.models import Staff
from network.staff.queries import APPROVING_ROLES, approver, approver_by_id
from network.staff.rules.approvers import ApproverRefusal, NotEligible, meeting_refusal

OF_AN_ORGANIZATION = (Staff.Role.VERIFIER, Staff.Role.LAWYER)


class NotPossible(Exception):
    """It can't be done now; `why` is a code."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class PhoneTaken(Exception):
    """This phone belongs to another account: a person has one account."""


@transaction.atomic
def add_staff(
    email: str,
    *,
    role: Staff.Role,
    organization: Organization | None,
    phone: str | None,
    by: Actor,
    now: datetime,
) -> Staff:
    """Somebody who may sign in once they have set up a factor by their link. Raises PhoneTaken."""
    print_ = _unused_fingerprint(phone)
    staff = Staff(
        email=email.strip().lower(),
        key_id=make_key(Key.Holder.PERSON, now=now).pk,
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
    """The phone on which they are paged, and which identifies them as one person. Raises PhoneTaken."""
    staff = Staff.objects.select_for_update(no_key=True, of=("self",)).get(pk=staff_id)
    if staff.phone != phone:
        own = staff.phone is not None and canonical(staff.phone) == canonical(phone)
        staff.phone, staff.fingerprint = phone, fingerprint(phone) if own else _unused_fingerprint(phone)
        staff.save(update_fields=["phone", "fingerprint"])
        record("staff.phone_set", f"staff:{staff_id}", by=by, now=now)


def _unused_fingerprint(phone: str | None) -> bytes | None:
    print_ = fingerprint(phone) if phone else None
    if print_ and Staff.objects.filter(fingerprint=print_).exists():
        raise PhoneTaken
    return print_


@transaction.atomic
def invite(
    email: str, *, role: Staff.Role, organization_id: UUID | None, phone: str | None, by: Staff, now: datetime
) -> tuple[Staff, str]:
    """A new member of staff, and the token of their set-up link: it is shown once.

    They can't be one of two approvers until a third person has met them. Raises NotPossible for an email or a
    phone that is taken, and for a role that needs an organization or a phone and has none.
    """
    organization = _organization_for(role, organization_id)
    if role in APPROVING_ROLES and phone is None:
        raise NotPossible("phone")
    try:
        with transaction.atomic():
            made = add_staff(
                email, role=role, organization=organization, phone=phone, by=staff(by.pk), now=now
            )
            add_makers(made, Staff.objects.get(pk=by.pk))
    except PhoneTaken:
        raise NotPossible("phone_taken") from None
    except IntegrityError:
        raise NotPossible("taken") from None
    return made, make_sign_in_link(made, opens_board=False, now=now)


@transaction.atomic
def change_role(
    staff_id: UUID, *, role: Staff.Role, organization_id: UUID | None, by: Staff, now: datetime
) -> None:
    """Their sessions end, so that nothing stays open under the old role."""
    account = lock_another(staff_id, by=by)
    account.organization = _organization_for(role, organization_id)
    account.role = role
    account.save(update_fields=["role", "organization"])
    record("staff.role", f"staff:{staff_id}", by=staff(by.pk), now=now, role=role)
    end_sessions(staff_id, by=staff(by.pk), now=now, why="role")


@transaction.atomic
def set_phone(staff_id: UUID, phone: str, *, by: Staff, now: datetime) -> None:
    """Of somebody else: nobody chooses the phone that identifies them. Raises NotPossible."""
    lock_another(staff_id, by=by)
    try:
        set_staff_phone(staff_id, phone, by=staff(by.pk), now=now)
    except PhoneTaken:
        raise NotPossible("phone_taken") from None


@transaction.atomic
def note_met(staff_id: UUID, *, by: Staff | None, now: datetime) -> None:
    """A third person has met the holder of this account: from now on it counts as its own person.

    `by` is None for the command line. Raises NotPossible for anybody who may hold the account, and
    NotEligible for an account whose own word doesn't count.
    """
    account = lock_account(staff_id)
    if by is not None:
        refusal = meeting_refusal(approver(account), approver_by_id(by.pk), in_good_standing())
        if refusal is ApproverRefusal.SAME_PERSON:
            raise NotPossible("third")
        if refusal:
            raise NotEligible(refusal)
    if account.met:
        return
    account.made_by = []
    account.save(update_fields=["made_by"])
    record("staff.met", f"staff:{staff_id}", by=staff(by.pk) if by else COMMAND_LINE, now=now)


def add_makers(account: Staff, *makers: Staff) -> None:
    """Everybody who saw its link, and everybody who may hold one of their accounts."""
    made_by = {*account.made_by, *(maker.pk for maker in makers)}.union(*(maker.made_by for maker in makers))
    account.made_by = sorted(made_by - {account.pk})
    account.save(update_fields=["made_by"])


@transaction.atomic
def take_access(staff_id: UUID, *, by: Staff, now: datetime) -> None:
    """They can't sign in anymore. Their sessions and links end at once."""
    account = lock_another(staff_id, by=by)
    account.is_active = False
    account.save(update_fields=["is_active"])
    void_sign_in_links(staff_id, now=now)
    record("staff.access_taken", f"staff:{staff_id}", by=staff(by.pk), now=now)
    end_sessions(staff_id, by=staff(by.pk), now=now, why="access")


@transaction.atomic
def give_access_back(staff_id: UUID, *, by: Staff, now: datetime) -> None:
    """They can sign in again with the second factor they had."""
    account = lock_another(staff_id, by=by)
    account.is_active = True
    account.save(update_fields=["is_active"])
    record("staff.access_given", f"staff:{staff_id}", by=staff(by.pk), now=now)


def lock_account(staff_id: UUID) -> Staff:
    return Staff.objects.select_for_update(no_key=True, of=("self",)).get(pk=staff_id)


def lock_another(staff_id: UUID, *, by: Staff) -> Staff:
    """Somebody else's account, locked together with all stewards in one order, so that two stewards who
    demote each other wait for one another.

    Raises NotPossible for one's own account, and if `by` is no longer an active steward.
    """
    if staff_id == by.pk:
        raise NotPossible("another")
    accounts = Staff.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    locked = {account.pk: account for account in accounts.filter(Q(pk=staff_id) | Q(role=Staff.Role.STEWARD))}
    if by.pk not in locked or not locked[by.pk].is_active:
        raise NotPossible("over")
    if staff_id not in locked:
        raise Staff.DoesNotExist
    return locked[staff_id]


def _organization_for(role: Staff.Role, organization_id: UUID | None) -> Organization | None:
    organization = Organization.objects.filter(pk=organization_id).first() if organization_id else None
    if role in OF_AN_ORGANIZATION and organization is None:
        raise NotPossible("organization")
    return organization
