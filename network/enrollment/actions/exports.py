"""An organization's own people as a file: proposed, agreed to, sealed to its key, and taken once."""

from datetime import datetime, timedelta
from uuid import UUID

import pyrage
from django.db import transaction

from network.audit.actions import record
from network.audit.rules import ENGINE, Actor, staff
from network.enrollment.models import Export
from network.enrollment.queries.exports import members_sheet, responders_sheet
from network.enrollment.rules.exports import archive
from network.organizations.models import Organization
from network.staff.models import Staff
from network.trust.actions.proposals import NotOpen, propose
from network.trust.models import Proposal
from network.trust.rules.proposals import ProposalKind

LIVES = timedelta(hours=1)


class NotAKey(ValueError):
    """That isn't the public half of an age key."""


class NoKey(Exception):
    """The organization has no key yet to seal a file to."""


class NoExport(Exception):
    """There is no such file: it was taken, its time is up, or it is somebody else's."""


def _own(staff_id: UUID) -> Organization:
    """The organization of this verifier. Raises Staff.DoesNotExist for anybody else."""
    verifier = Staff.objects.select_related("organization").get(
        pk=staff_id, is_active=True, role=Staff.Role.VERIFIER, organization__isnull=False
    )
    if verifier.organization is None or not verifier.organization.is_in_good_standing:
        raise Staff.DoesNotExist
    return verifier.organization


def _key(recipient: str) -> str:
    try:
        return str(pyrage.x25519.Recipient.from_str(recipient.strip()))
    except pyrage.RecipientError:
        raise NotAKey from None


@transaction.atomic
def propose_export_key(recipient: str, *, why: str, staff_id: UUID, now: datetime) -> Proposal:
    """Propose a new key for one's own organization. Raises NotAKey, and what `propose` raises."""
    own, key = _own(staff_id), _key(recipient)
    return propose(
        ProposalKind.EXPORT_KEY, own.pk, why=why, staff_id=staff_id, now=now, detail={"recipient": key}
    )


@transaction.atomic
def set_export_key(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    Organization.objects.filter(pk=proposal.about).update(age_recipient=_key(proposal.detail["recipient"]))
    record("organization.export_key", f"organization:{proposal.about}", by=by, now=now)


@transaction.atomic
def propose_export(*, why: str, staff_id: UUID, now: datetime) -> Proposal:
    """Propose to export one's own organization's people. Raises NoKey, and what `propose` raises."""
    own = _own(staff_id)
    if not own.age_recipient:
        raise NoKey
    return propose(ProposalKind.EXPORT_PEOPLE, own.pk, why=why, staff_id=staff_id, now=now)


@transaction.atomic
def make_export(proposal: Proposal, *, by: Actor, now: datetime) -> Export:
    """Make the file, which only the organization can open.

    Raises NotOpen if the proposer may no longer get it.
    """
    assert proposal.proposed_by_id is not None
    try:
        own = _own(proposal.proposed_by_id)
    except Staff.DoesNotExist:
        raise NotOpen from None
    if own.pk != proposal.about:
        raise NotOpen
    (members, m), (responders, r) = members_sheet(own), responders_sheet(own, now=now)
    plain = archive({"members.csv": members, "responders.csv": responders})
    sealed = pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(own.age_recipient)])
    made = Export.objects.create(
        proposal=proposal,
        organization=own,
        made_for_id=proposal.proposed_by_id,
        made_at=now,
        ends_at=now + LIVES,
        sealed=sealed,
    )
    record("people.exported", f"export:{made.pk}", by=by, now=now, subject=own.pk, members=m, responders=r)
    return made


@transaction.atomic
def take_export(export_id: UUID, *, staff_id: UUID, now: datetime) -> bytes:
    """Hand the file to its proposer, once, if they are still a verifier there. Raises NoExport."""
    rows = Export.objects.select_for_update(no_key=True, of=("self",))
    export = rows.filter(pk=export_id, made_for=staff_id, sealed__isnull=False, ends_at__gt=now).first()
    if export is None or export.sealed is None or _own(staff_id).pk != export.organization_id:
        raise NoExport
    sealed = bytes(export.sealed)
    export.sealed, export.taken_at = None, now
    export.save(update_fields=["sealed", "taken_at"])
    record("export.taken", f"export:{export.pk}", by=staff(staff_id), now=now)
    return sealed


def end_exports(*, now: datetime) -> int:
    """Erase files that nobody took within the hour."""
    over = Export.objects.filter(sealed__isnull=False, ends_at__lte=now)
    ended = 0
    for export_id in list(over.values_list("pk", flat=True)):
        with transaction.atomic():
            if over.filter(pk=export_id).update(sealed=None):
                record("export.over", f"export:{export_id}", by=ENGINE, now=now)
                ended += 1
    return ended
