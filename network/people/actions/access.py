"""The only writers of who may sign in, of sessions that are ended, and of lost factors."""

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import Q

from network.audit.actions import record
from network.audit.rules import COMMAND_LINE, Actor, staff
from network.desk.actions import free_claims
from network.people.actions.agreeing import NotHeard
from network.people.actions.staff import PhoneTaken, add_staff, make_sign_in_link, set_staff_phone
from network.people.models import Organization, SignInLink, Staff
from network.people.models.access import FactorRestoring, StaffSession
from network.people.queries_agreeing import SPEAKERS, first_refusal, second_refusal, voice, voice_of
from network.people.queries_trust import standing
from network.people.rules_agreeing import VoiceRefusal, is_one_person, meeting_refusal

OF_AN_ORGANIZATION = (Staff.Role.VERIFIER, Staff.Role.LAWYER)


class NotPossible(Exception):
    """It can't be done as things stand now; `why` is a code."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


# Sessions


@transaction.atomic
def end_sessions(staff_id: UUID, *, by: Actor, now: datetime, but: UUID | None = None, why: str = "") -> int:
    """End all of somebody's sessions, or all but one: their pages and sockets at the next look.

    The line of history is the notice: every web process hears it, and looks.
    """
    theirs = StaffSession.objects.filter(staff=staff_id)
    ended, _ = (theirs.exclude(pk=but) if but else theirs).delete()
    record("session.ended", f"staff:{staff_id}", by=by, now=now, ended=ended, why=why)
    return ended


@transaction.atomic
def end_session(session_id: UUID, *, by: Actor, now: datetime) -> None:
    """End one. One that is over already stays so."""
    for row in StaffSession.objects.filter(pk=session_id, staff__isnull=False):
        row.delete()
        record("session.ended", f"staff:{row.staff_id}", by=by, now=now, ended=1)


@transaction.atomic
def left(staff_id: UUID, *, now: datetime) -> None:
    """They signed out of one browser, whose row is gone: tell its sockets."""
    record("session.left", f"staff:{staff_id}", by=staff(staff_id), now=now)


@transaction.atomic
def factor_changed(staff_id: UUID, *, what: str, keep: UUID | None, now: datetime) -> None:
    """A password or a factor was set or removed by its holder: their other sessions end."""
    record("staff.factor", f"staff:{staff_id}", by=staff(staff_id), now=now, what=what)
    end_sessions(staff_id, by=staff(staff_id), now=now, but=keep, why="factor")


@transaction.atomic
def set_first_password(staff_id: UUID, password: str, *, keep: UUID | None, now: datetime) -> Staff:
    """Raises NotPossible where there is one: the sign-in library changes it, and asks for it first."""
    found = _locked(staff_id)
    if found.has_usable_password():
        raise NotPossible("has_password")
    found.set_password(password)
    found.save(update_fields=["password"])
    factor_changed(staff_id, what="password_set", keep=keep, now=now)
    return found


@transaction.atomic
def cut_off(organization_id: UUID, *, by: Actor, now: datetime) -> None:
    """Its staff have only their account from now on: sessions end, and what they had taken is free again."""
    theirs = Staff.objects.filter(organization=organization_id, is_active=True)
    for staff_id in theirs.order_by("pk").values_list("pk", flat=True):
        free_claims(staff_id, by=by, now=now)
        end_sessions(staff_id, by=by, now=now, why="organization")


# Roles


@transaction.atomic
def invite(
    email: str, *, role: Staff.Role, organization_id: UUID | None, phone: str | None, by: Staff, now: datetime
) -> tuple[Staff, str]:
    """A new member of staff, and the token of their set-up link: it is shown once.

    Where two must agree their word counts once a third person has met them. Raises NotPossible for an e-mail
    or a phone that is taken, a role that needs an organization and has none, and one that needs a phone.
    """
    organization = _organization_for(role, organization_id)
    if role in SPEAKERS and phone is None:
        raise NotPossible("phone")
    try:
        with transaction.atomic():
            made = add_staff(
                email, role=role, organization=organization, phone=phone, by=staff(by.pk), now=now
            )
            _may_be_held_by(made, Staff.objects.get(pk=by.pk))
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
    found = _of_another(staff_id, by=by)
    found.organization = _organization_for(role, organization_id)
    found.role = role
    found.save(update_fields=["role", "organization"])
    record("staff.role", f"staff:{staff_id}", by=staff(by.pk), now=now, role=role)
    end_sessions(staff_id, by=staff(by.pk), now=now, why="role")


@transaction.atomic
def set_phone(staff_id: UUID, phone: str, *, by: Staff, now: datetime) -> None:
    """Of another: nobody chooses alone by what phone they are known. Raises NotPossible."""
    _of_another(staff_id, by=by)
    try:
        set_staff_phone(staff_id, phone, by=staff(by.pk), now=now)
    except PhoneTaken:
        raise NotPossible("phone_taken") from None


@transaction.atomic
def note_met(staff_id: UUID, *, by: Staff | None, now: datetime) -> None:
    """A third person has met whoever holds this account: from now on it counts as a person of its own.

    `by` None: the command line. Raises NotPossible for whoever may hold it, and whose own word doesn't count.
    """
    found = _locked(staff_id)
    if by is not None:
        refusal = meeting_refusal(voice(found), voice_of(by.pk), standing())
        if refusal is VoiceRefusal.SAME_PERSON:
            raise NotPossible("third")
        if refusal:
            raise NotHeard(refusal)
    if found.met:
        return
    found.made_by = []
    found.save(update_fields=["made_by"])
    record("staff.met", f"staff:{staff_id}", by=staff(by.pk) if by else COMMAND_LINE, now=now)


def _may_be_held_by(account: Staff, *makers: Staff) -> None:
    """Whoever saw its link, and whoever may be them."""
    made_by = {*account.made_by, *(one.pk for one in makers)}.union(*(one.made_by for one in makers))
    account.made_by = sorted(made_by - {account.pk})
    account.save(update_fields=["made_by"])


@transaction.atomic
def take_access(staff_id: UUID, *, by: Staff, now: datetime) -> None:
    """They can't sign in any more, by nothing; sessions and links end at once."""
    found = _of_another(staff_id, by=by)
    found.is_active = False
    found.save(update_fields=["is_active"])
    _void_links(staff_id, now=now)
    record("staff.access_taken", f"staff:{staff_id}", by=staff(by.pk), now=now)
    end_sessions(staff_id, by=staff(by.pk), now=now, why="access")


@transaction.atomic
def give_access_back(staff_id: UUID, *, by: Staff, now: datetime) -> None:
    """They sign in again with the factor they have."""
    found = _of_another(staff_id, by=by)
    found.is_active = True
    found.save(update_fields=["is_active"])
    record("staff.access_given", f"staff:{staff_id}", by=staff(by.pk), now=now)


# Lost factors


@transaction.atomic
def ask_restoring(staff_id: UUID, *, by: Staff, now: datetime) -> FactorRestoring:
    """The first of two stewards, who has met the person. Raises NotHeard, and NotPossible for oneself, or a
    second time."""
    found = _of_another(staff_id, by=by)
    _must_be_two(by.pk, found)
    if refusal := first_refusal(by.pk):
        raise NotHeard(refusal)
    if not found.is_active or FactorRestoring.objects.filter(staff=staff_id, ended_at=None).exists():
        raise NotPossible("asked")
    asked = FactorRestoring.objects.create(staff=found, asked_by=by, asked_at=now)
    record("staff.restoring_asked", f"staff:{staff_id}", by=staff(by.pk), now=now)
    return asked


@transaction.atomic
def confirm_restoring(restoring_id: UUID, *, by: Staff, now: datetime) -> tuple[Staff, str]:
    """The second steward: old factors, password, links and sessions go, and one link is made, shown once.

    Until a third has met them, the account counts as nobody's own. Raises NotHeard, and NotPossible for who
    asked, for whose factor it is, and where it is no longer asked for.
    """
    asked = FactorRestoring.objects.select_for_update(no_key=True, of=("self",)).get(pk=restoring_id)
    if asked.ended_at is not None:
        raise NotPossible("over")
    first = Staff.objects.get(pk=asked.asked_by_id)
    found = _locked(asked.staff_id)
    _must_be_two(by.pk, first)
    _must_be_two(by.pk, found)
    if not (first.is_active and first.stands) or first.role != Staff.Role.STEWARD or not found.is_active:
        raise NotPossible("over")
    if refusal := second_refusal(first.pk, by.pk):
        raise NotHeard(refusal)
    asked.confirmed_by, asked.ended_at = by, now
    asked.save(update_fields=["confirmed_by", "ended_at"])
    Authenticator.objects.filter(user=found).delete()
    found.set_unusable_password()
    found.save(update_fields=["password"])
    _may_be_held_by(found, first, Staff.objects.get(pk=by.pk))
    _void_links(found.pk, now=now)
    record("staff.restored", f"staff:{found.pk}", by=staff(by.pk), now=now, first=first.pk)
    end_sessions(found.pk, by=staff(by.pk), now=now, why="restored")
    return found, make_sign_in_link(found, opens_board=False, now=now)


@transaction.atomic
def withdraw_restoring(restoring_id: UUID, *, by: Staff, now: datetime) -> None:
    """Taken back by any steward; what is over stays as it is."""
    for asked in FactorRestoring.objects.select_for_update(no_key=True).filter(
        pk=restoring_id, ended_at=None
    ):
        asked.ended_at = now
        asked.save(update_fields=["ended_at"])
        record("staff.restoring_withdrawn", f"staff:{asked.staff_id}", by=staff(by.pk), now=now)


def _must_be_two(one_id: UUID, other: Staff) -> None:
    if is_one_person(voice_of(one_id), voice(other)):
        raise NotPossible("another")


def _locked(staff_id: UUID) -> Staff:
    return Staff.objects.select_for_update(no_key=True, of=("self",)).get(pk=staff_id)


def _of_another(staff_id: UUID, *, by: Staff) -> Staff:
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


def _void_links(staff_id: UUID, *, now: datetime) -> None:
    SignInLink.objects.filter(staff=staff_id, used_at=None, expires_at__gt=now).update(expires_at=now)
