"""What people decide beside the policy, on record: a surge, and an exception agreed by two."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from network.dispatch.models.search import Search
from network.people.models import Person
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.staff.models import Staff


class Surge(models.Model):
    """While one is declared, a person may be asked twelve times a day instead of six."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(ended_at=None), name="one_surge_is_declared_at_a_time"
            )
        ]

    class Retention:
        keep = {Keep.LEDGER: ("id", "declared_at", "declared_by", "ends_at", "ended_at")}

    def __str__(self) -> str:
        return f"surge {self.id}"


class Exemption(models.Model):
    """Asking somebody whom a rule keeps out: proposed by one, with a reason, and agreed by another."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="exemptions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    key_id = models.UUIDField()
    refusal = models.CharField(max_length=16)
    reason = SealedTextField(null=True)
    proposed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["search", "person"],
                condition=Q(agreed_at=None),
                name="one_open_exemption_for_a_person_in_a_search",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=models.F("proposed_by")),
                name="an_exemption_is_agreed_by_another",
            ),
        ]

    class Retention:
        keep = {
            Keep.WORDS: ("reason",),
            Keep.CASE: (
                "id", "search", "person", "key_id", "refusal", "proposed_by", "proposed_at", "agreed_by",
                "agreed_at",
            ),
        }  # fmt: skip
        plain = {"refusal": "one of a closed set"}

    def __str__(self) -> str:
        return f"exemption {self.id}"
