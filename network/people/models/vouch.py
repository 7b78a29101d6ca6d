"""Vouches, and whom an organisation was asked to look at."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from network.people.models.organization import Organization
from network.people.models.person import Person
from network.people.models.staff import Staff
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.privacy.models import Key


class Vouch(models.Model):
    """One organisation's word for one person in one role, by a named verifier. It is never deleted."""

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
    held = models.BooleanField(
        default=False
    )  # it would close a ring, which was told to nobody: counts for nothing
    key = models.ForeignKey(Key, on_delete=models.PROTECT, null=True, related_name="+")
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
                "ends_at", "reminded_at", "held", "key", "withdrawn_at", "withdrawn_by", "withdrawn_why",
            )
        }  # fmt: skip
        plain = {"role": "one of a closed set"}

    def __str__(self) -> str:
        return f"vouch {self.id}"


class Introduction(models.Model):
    """An organisation was asked to look at this person: its verifiers may see them, and vouch."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="introductions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="introductions")
    role = models.CharField(max_length=16, choices=Vouch.Role)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)  # they vouched, or it is no longer asked

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
