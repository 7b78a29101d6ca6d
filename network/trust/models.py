"""Vouches and introductions, proposals and approvals, founding, and the network's own trust settings."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from network.organizations.models import Organization
from network.people.models import Person
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.staff.models import Staff
from network.trust.rules.proposals import ProposalState


class FoundingClosed(models.Model):
    """The one row that says that founding is over. Without it, spreadsheets admit at once."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()
    by = models.UUIDField()  # the steward

    class Meta:
        verbose_name_plural = "founding closed"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="founding_is_closed_once")]

    class Retention:
        keep = {Keep.ALWAYS: ("id", "at", "by")}

    def __str__(self) -> str:
        return "founding, closed"


class TrustNumbers(models.Model):
    """The one row with a network's own trust settings. What isn't in it has its default."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    numbers = models.JSONField(default=dict)  # of TrustRules
    set_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "trust numbers"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_set_of_trust_numbers")]

    class Retention:
        keep = {Keep.ALWAYS: ("id", "numbers", "set_at")}
        plain = {"numbers": "names of numbers, and whole numbers"}

    def __str__(self) -> str:
        return "the trust numbers"


class Proposal(models.Model):
    """What one person proposes and others must agree to. It is carried out once, under this row's lock."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    what = models.CharField(max_length=24)  # one of ProposalKind
    about = models.UUIDField()  # the row it is about
    detail = models.JSONField(default=dict)
    key_id = models.UUIDField(null=True)  # the proposer's
    why = SealedTextField(null=True)  # None for what came by spreadsheet
    proposed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=[(state.value, state.value) for state in ProposalState])
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
                "id", "what", "about", "detail", "key_id", "why", "proposed_by", "proposed_at", "ends_at",
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
    """One person's approval: one for each person and each organization, and never the proposer's own."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="approvals")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.BinaryField()  # of the phone, so that two accounts of one person count as one
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


class Vouch(models.Model):
    """One organization's word for one person in one role, given by a named verifier. Never deleted."""

    class Role(models.TextChoices):
        MEMBER = "member"
        ACCOMPANIMENT = "accompaniment"
        LEGAL = "legal"
        CHILDCARE = "childcare"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="vouches")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="vouches")
    role = models.CharField(max_length=16, choices=Role)
    verifier = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="vouches")
    met_in_person = models.BooleanField(default=False)
    founding = models.BooleanField(default=False)  # came by spreadsheet while founding was open
    given_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    held = models.BooleanField(default=False)  # it would close a ring, which nobody is told: doesn't count
    key_id = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_why = SealedTextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["verifier", "person", "role"],
                condition=Q(withdrawn_at=None),
                name="a_verifier_vouches_once_for_a_person_in_a_role",
            ),
            models.UniqueConstraint(
                fields=["organization", "person", "role"],
                condition=Q(withdrawn_at=None, verifier=None),
                name="an_organization_vouches_once_without_naming_a_verifier",
            ),
            models.CheckConstraint(
                condition=Q(verifier=None) | Q(met_in_person=True),
                name="a_verifier_vouches_for_whom_they_met",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("given_at")), name="a_vouch_ends_after_it_was_given"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=False)
                | Q(withdrawn_at=None, withdrawn_by=None, withdrawn_why=None),
                name="a_vouch_that_stands_was_taken_back_by_nobody",
            ),
        ]
        indexes = [models.Index(fields=["ends_at"], condition=Q(withdrawn_at=None), name="vouches_by_end")]

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "id", "organization", "person", "role", "verifier", "met_in_person", "founding", "given_at",
                "ends_at", "reminded_at", "held", "key_id", "withdrawn_at", "withdrawn_by", "withdrawn_why",
            )
        }  # fmt: skip
        plain = {"role": "one of a closed set"}

    def __str__(self) -> str:
        return f"vouch {self.id}"


class Introduction(models.Model):
    """An organization was asked about this person: its verifiers may see them, and vouch."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="introductions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="introductions")
    role = models.CharField(max_length=16, choices=Vouch.Role)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)  # they vouched, or are no longer asked

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "role"],
                condition=Q(settled_at=None),
                name="a_person_is_introduced_once_at_a_time",
            )
        ]

    class Retention:
        keep = {Keep.MEMBERSHIP: ("id", "organization", "person", "role", "made_at", "settled_at")}
        plain = {"role": "one of a closed set"}

    def __str__(self) -> str:
        return f"introduction {self.id}"
