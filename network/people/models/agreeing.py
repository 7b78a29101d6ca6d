"""What takes more than one person: proposals, and who agreed."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from network.people.models.organization import Organization
from network.people.models.staff import Staff
from network.people.rules_agreeing import ProposalState
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.privacy.models import Key


class Proposal(models.Model):
    """Something that one person wants and others must agree to. Carried out once, under this row's lock."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    what = models.CharField(max_length=24)  # one of rules_agreeing.What
    about = models.UUIDField()  # the row it is about
    detail = models.JSONField(default=dict)
    key = models.ForeignKey(Key, on_delete=models.PROTECT, null=True, related_name="+")  # the proposer's
    why = SealedTextField(null=True)  # None for what came by spreadsheet
    proposed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=[(one.value, one.value) for one in ProposalState])
    settled_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["what", "about"],
                condition=Q(state="open"),
                name="one_open_proposal_of_a_thing",
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None) | ~Q(state="open") & Q(settled_at__isnull=False),
                name="a_proposal_is_open_until_it_is_settled",
            ),
        ]

    class Retention:
        keep = {
            Keep.LEDGER: (
                "id", "what", "about", "detail", "key", "why", "proposed_by", "proposed_at", "ends_at",
                "state", "settled_at", "stopped_by",
            )
        }  # fmt: skip
        plain = {
            "what": "one of a closed set",
            "detail": "codes and whole numbers",
            "state": "one of a closed set",
        }

    def __str__(self) -> str:
        return f"proposal {self.id}"


class Approval(models.Model):
    """One person's yes: once a person, once an organisation, and never the proposer's own."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="approvals")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.BinaryField()  # the phone's, so that two accounts of one person are one
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "staff"], name="an_account_agrees_once"),
            models.UniqueConstraint(fields=["proposal", "fingerprint"], name="a_person_agrees_once"),
            models.UniqueConstraint(
                fields=["proposal", "organization"],
                name="an_organization_agrees_once",
                nulls_distinct=False,
            ),
        ]

    class Retention:
        keep = {Keep.LEDGER: ("id", "proposal", "staff", "fingerprint", "organization", "at")}

    def __str__(self) -> str:
        return f"approval {self.pk}"
