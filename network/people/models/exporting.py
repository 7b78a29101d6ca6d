"""Files of an organisation's own people, sealed to its key, that wait to be taken once."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from network.people.models.agreeing import Proposal
from network.people.models.organization import Organization
from network.people.models.staff import Staff
from network.privacy.keep import Keep


class Export(models.Model):
    """One file, for whoever proposed it. The server can't read it, and keeps it for an hour at most."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="export")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    made_for = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sealed = models.BinaryField(null=True)  # by age, to the organisation's key; gone once taken, or over
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at=None) | Q(sealed=None), name="an_export_that_was_taken_holds_nothing"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("made_at")), name="an_export_ends"),
        ]

    class Retention:
        keep = {
            Keep.SESSION: ("sealed",),
            Keep.LEDGER: (
                "id", "proposal", "organization", "made_for", "made_at", "ends_at", "taken_at",
            ),
        }  # fmt: skip

    def __str__(self) -> str:
        return f"export {self.id}"
