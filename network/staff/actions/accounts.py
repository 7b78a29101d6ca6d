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
from network.privacy.rules_phone import canonical
from network.staff.actions.sessions import end_sessions
from network.staff.actions.sign_in_links import make_sign_in_link, void_sign_in_links
from network.staff.models import Staff
from network.staff.queries import APPROVING_ROLES, approver, approver_by_id
from network.staff.rules.approvers import ApproverRefusal, NotEligible, meeting_refusal

OF_AN_ORGANIZATION = (Staff.Role.VERIFIER, Staff.Role.LAWYER)


class NotPossible(Exception):
    """It can't be done as things stand now; `why` is a code."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class PhoneTaken(Exception):
    """This phone belongs to another account: one person has one."""


@transaction.atomic
def add_staff(
    email: str, *, role: Staff.Role, organization: Organization | None, phone: str | None,
    by: Actor, now: datetime,
) -> Staff:  # fmt: skip
    """Somebody who may sign in, once they have set a factor by their link. Raises PhoneTaken."""
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
    """By which they are paged, and known as one person. Raises PhoneTaken."""
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

    Where two must agree their word counts once a third person has met them. Raises NotPossible for an e-mail
    or a phone that is taken, a role that needs an organization and has none, and one that needs a phone.
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
    """Their sessions end: nothing that was open under the old role stays so."""
    found = lock_another(staff_id, by=by)
    found.organization = _organization_for(role, organization_id)
    found.role = role
    found.save(update_fields=["role", "organization"])
    record("staff.role", f"staff:{staff_id}", by=staff(by.pk), now=now, role=role)
    end_sessions(staff_id, by=staff(by.pk), now=now, why="role")


@transaction.atomic
def set_phone(staff_id: UUID, phone: str, *, by: Staff, now: datetime) -> None:
    """Of another: nobody chooses alone by what phone they are known. Raises NotPossible."""
    lock_another(staff_id, by=by)
    try:
        set_staff_phone(staff_id, phone, by=staff(by.pk), now=now)
    except PhoneTaken:
        raise NotPossible("phone_taken") from None


@transaction.atomic
def note_met(staff_id: UUID, *, by: Staff | None, now: datetime) -> None:
    """A third person has met whoever holds this account: from now on it counts as a person of its own.

    `by` None: the command line. Raises NotPossible for whoever may hold it, and whose own word doesn't count.
    """
    found = lock_account(staff_id)
    if by is not None:
        refusal = meeting_refusal(approver(found), approver_by_id(by.pk), in_good_standing())
        if refusal is ApproverRefusal.SAME_PERSON:
            raise NotPossible("third")
        if refusal:
            raise NotEligible(refusal)
    if found.met:
        return
    found.made_by = []
    found.save(update_fields=["made_by"])
    record("staff.met", f"staff:{staff_id}", by=staff(by.pk) if by else COMMAND_LINE, now=now)


def add_makers(account: Staff, *makers: Staff) -> None:
    """Whoever saw its link, and whoever may be them."""
    made_by = {*account.made_by, *(one.pk for one in makers)}.union(*(one.made_by for one in makers))
    account.made_by = sorted(made_by - {account.pk})
    account.save(update_fields=["made_by"])


@transaction.atomic
def take_access(staff_id: UUID, *, by: Staff, now: datetime) -> None:
    """They can't sign in any more, by nothing; sessions and links end at once."""
    found = lock_another(staff_id, by=by)
    found.is_active = False
    found.save(update_fields=["is_active"])
    void_sign_in_links(staff_id, now=now)
    record("staff.access_taken", f"staff:{staff_id}", by=staff(by.pk), now=now)
    end_sessions(staff_id, by=staff(by.pk), now=now, why="access")


@transaction.atomic
def give_access_back(staff_id: UUID, *, by: Staff, now: datetime) -> None:
    """They sign in again with the factor they have."""
    found = lock_another(staff_id, by=by)
    found.is_active = True
    found.save(update_fields=["is_active"])
    record("staff.access_given", f"staff:{staff_id}", by=staff(by.pk), now=now)


def lock_account(staff_id: UUID) -> Staff:
    return Staff.objects.select_for_update(no_key=True, of=("self",)).get(pk=staff_id)


def lock_another(staff_id: UUID, *, by: Staff) -> Staff:
    """Locked together with all stewards, in one order: two who take each other's role wait for one another.

    Raises NotPossible for oneself, and for a steward who is none any more.
    """
    if staff_id == by.pk:
        raise NotPossible("another")
    wanted = Staff.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    found = {one.pk: one for one in wanted.filter(Q(pk=staff_id) | Q(role=Staff.Role.STEWARD))}
    if by.pk not in found or not found[by.pk].is_active:
        raise NotPossible("over")
    if staff_id not in found:
        raise Staff.DoesNotExist
    return found[staff_id]


def _organization_for(role: Staff.Role, organization_id: UUID | None) -> Organization | None:
    found = Organization.objects.filter(pk=organization_id).first() if organization_id else None
    if role in OF_AN_ORGANIZATION and found is None:
        raise NotPossible("organization")
    return found
