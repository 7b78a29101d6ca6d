"""Who speaks where it takes more than one person: accounts, and whether two of them are two people."""

from collections.abc import Iterable
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from network.people import rules_agreeing as rules
from network.people.models import Staff
from network.people.models.staff import STANDS
from network.people.queries_trust import standing
from network.people.rules_access import mailbox
from network.people.rules_agreeing import Voice, VoiceRefusal

SPEAKERS = (Staff.Role.COORDINATOR, Staff.Role.VERIFIER, Staff.Role.STEWARD)


def voice(one: Staff) -> Voice:
    """This account, as it counts where it takes more than one person."""
    return Voice(
        one.pk, bytes(one.fingerprint) if one.fingerprint else None, one.organization_id, mailbox(one.email),
        frozenset(one.made_by),
    )  # fmt: skip


def voice_of(staff_id: UUID) -> Voice:
    """Who speaks. Raises Staff.DoesNotExist for who may not."""
    return voice(Staff.objects.get(pk=staff_id, is_active=True, role__in=SPEAKERS))


def first_refusal(staff_id: UUID) -> VoiceRefusal | None:
    """Why this one can't be the first of two, or None."""
    return rules.silenced(voice_of(staff_id), standing())


def second_refusal(first_id: UUID, second_id: UUID) -> VoiceRefusal | None:
    """Why these two aren't two people, or None. Whoever was taken off or cut off since is nobody's first."""
    first = Staff.objects.filter(pk=first_id, is_active=True, role__in=SPEAKERS).first()
    if first is None:
        return VoiceRefusal.NO_STANDING
    return rules.second_refusal(voice(first), voice_of(second_id), standing())


def a_pair_is_left() -> bool:
    """Whether anything that takes two people can still be done, by accounts that have a second factor."""
    with_keys = Authenticator.objects.filter(user=OuterRef("pk"))
    here = Staff.objects.filter(STANDS, Exists(with_keys), is_active=True, role__in=SPEAKERS)
    return rules.some_may_agree([voice(one) for one in here], standing())


def unmet(accounts: Iterable[Staff]) -> list[Staff]:
    """Those whose holder a third person must still meet."""
    return [one for one in accounts if one.is_active and one.role in SPEAKERS and not one.met]
