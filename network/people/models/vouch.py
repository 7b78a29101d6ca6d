"""Vouches."""

from uuid import uuid4

from django.db import models

from network.people.models.organization import Organization
from network.people.models.person import Person
from network.privacy.keep import Keep


class Vouch(models.Model):
    """One organisation's word for one person in one role."""

    class Role(models.TextChoices):
        MEMBER = "member"
        ACCOMPANIMENT = "accompaniment"
        LEGAL = "legal"
        CHILDCARE = "childcare"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="vouches")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="vouches")
    role = models.CharField(max_length=16, choices=Role)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "role"],
                name="an_organization_vouches_once_for_a_person_in_a_role",
            )
        ]

    class Retention:
        keep = {Keep.MEMBERSHIP: ("id", "organization", "person", "role", "given_at")}
        plain = {"role": "one of a closed set"}

    def __str__(self) -> str:
        return f"vouch {self.id}"
