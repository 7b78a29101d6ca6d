"""A member's home: frozen, confirmed, changed, and unfrozen by two people."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor
from network.desk.actions import settle_all
from network.desk.rules import About, Reason
from network.messaging.models import Contact
from network.people.models import Member, Person
from network.people.rules.homes import Home
from network.privacy.queries import fingerprint
from network.staff.queries import first_refusal, second_refusal
from network.staff.rules.approvers import ApproverRefusal, NotEligible


@transaction.atomic
def freeze_home(
    member: Member, why: Member.Frozen = Member.Frozen.MOVED, *, by: Actor, now: datetime
) -> None:
    """Nobody is sent to the home on file until it is confirmed."""
    member.frozen_at, member.frozen_for, member.unfreeze_by = now, why, None
    member.save(update_fields=["frozen_at", "frozen_for", "unfreeze_by"])
    record("member.frozen", f"person:{member.person_id}", by=by, now=now, why=why)


@transaction.atomic
def note_phone_asked(member_id: UUID, *, at: datetime | None) -> None:
    """When they were asked whether the phone is still theirs. None: they have written since."""
    Member.objects.filter(pk=member_id).update(phone_asked_at=at)


@transaction.atomic
def unfreeze_home(member_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> bool:
    """Two people lift a freeze. True once the second one has.

    Raises NotEligible for an account that isn't a second person, or whose word doesn't count. If the first
    person's word no longer counts, this one is the first.
    """
    if refusal := first_refusal(staff_id):
        raise NotEligible(refusal)
    member = Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=member_id)
    if member.frozen_at is None:
        return True
    second = False
    if member.unfreeze_by not in (None, staff_id):
        refusal = second_refusal(member.unfreeze_by, staff_id)
        if refusal is ApproverRefusal.SAME_PERSON:
            raise NotEligible(refusal)
        second = refusal is None
    member.unfreeze_by = None if second else staff_id
    if second:  # as if the organization had confirmed it: both clocks start again
        member.frozen_at, member.frozen_for = None, ""
        member.attested_at, member.phone_asked_at = now, None
    member.save(update_fields=["frozen_at", "frozen_for", "unfreeze_by", "attested_at", "phone_asked_at"])
    record(
        "member.unfrozen" if second else "member.unfreeze_asked",
        f"person:{member.person_id}",
        by=by,
        now=now,
    )
    return second


def hold_phone(person_id: UUID) -> list[Contact]:
    """Until the transaction ends, no text of theirs is handled. Locked before anything else of theirs, in the
    same order as when a text is handled."""
    print_ = Person.objects.values_list("fingerprint", flat=True).get(pk=person_id)
    phones = Contact.objects.select_for_update(no_key=True).filter(fingerprint=print_)
    return list(phones.order_by("pk"))


MOST_LEFT = 10  # homes that one member has left and that are remembered


def home_on_file(member: Member) -> Home:
    return Home(member.street, member.unit, member.city, member.state, member.zip)


def home_fingerprint(member: Member, home: Home) -> bytes:
    """Recognizes a home that this member has left, without storing where it was."""
    parts = (home.street, home.unit or "", home.zip)
    plainly = " ".join("".join(filter(str.isalnum, part.casefold())) for part in parts)
    return fingerprint(f"home {member.pk} {plainly}")


def has_left(member: Member, home: Home) -> bool:
    return home_fingerprint(member, home) in [bytes(former) for former in member.homes_left]


def put_home(member: Member, home: Home, *, now: datetime) -> None:
    """The new home, not saved yet. Links to the former one are dead from now on."""
    former, new = home_fingerprint(member, home_on_file(member)), home_fingerprint(member, home)
    left = [
        bytes(former_home) for former_home in member.homes_left if bytes(former_home) not in (former, new)
    ]
    member.homes_left = [*left, former][-MOST_LEFT:] if former != new else left
    for name, value in asdict(home).items():
        setattr(member, name, value)
    member.moved_at = now


def attest_home(member: Member, home: Home | None, *, by: Actor, now: datetime) -> None:
    """The organization says where its member lives. None: the home on file is right."""
    if home is not None:
        put_moved_home(member, home, now=now)
    else:
        _attest(member, now=now)
    member.save()
    record(
        "member.home_changed" if home else "member.home_confirmed",
        f"person:{member.person_id}",
        by=by,
        now=now,
        organization=member.organization_id,
    )
    _settle_homes([member.person_id], by=by, now=now)


def put_moved_home(member: Member, home: Home, *, now: datetime) -> None:
    """`put_home` by the organization's word, which also lifts a freeze. Not saved yet."""
    put_home(member, home, now=now)
    _attest(member, now=now)


def _attest(member: Member, *, now: datetime) -> None:
    member.attested_at = now
    if member.frozen_for != Member.Frozen.UNMET:  # lifted by a vouch only
        member.frozen_at, member.frozen_for = None, ""
    member.unfreeze_by = member.phone_asked_at = None


@dataclass(frozen=True, slots=True)
class MovedHome:
    """Whose home has moved, and the organization that they were a member of at the time."""

    person: UUID
    organization: UUID


def tell_moved(moved: Sequence[MovedHome], *, by: Actor, now: datetime) -> None:
    """A line of history for each. Needs that waited for their new home are settled."""
    for home in moved:
        record("member.home_changed", f"person:{home.person}", by=by, now=now, organization=home.organization)
    if moved:
        _settle_homes([home.person for home in moved], by=by, now=now)


def _settle_homes(people: Iterable[UUID], *, by: Actor, now: datetime) -> None:
    about = [About("person", str(person_id)) for person_id in people]
    settle_all(Reason.MOVED, Reason.PHONE_UNSURE, about=about, by=by, now=now)
