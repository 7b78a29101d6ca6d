"""What was said and typed when somebody was enrolled, and what a home is to be changed to."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from network.people.models.agreeing import Proposal
from network.people.models.organization import Organization
from network.people.models.person import Person
from network.people.models.staff import Staff
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.privacy.models import Key


class Consent(models.Model):
    """A person's yes to an organisation: in which words, which language, when, and who heard it."""

    class As(models.TextChoices):
        MEMBER = "member"
        RESPONDER = "responder"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    given_as = models.CharField(max_length=9, choices=As)
    version = models.PositiveSmallIntegerField()  # of the words in rules_consent
    language = models.CharField(max_length=8)
    taken_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "id", "person", "organization", "given_as", "version", "language", "taken_by", "taken_at",
            )
        }  # fmt: skip
        plain = {"given_as": "one of a closed set", "language": "a code"}

    def __str__(self) -> str:
        return f"consent {self.id}"


class Claim(models.Model):
    """What an organisation typed of somebody whom another one had here already.

    It is shown this and nothing else of them, until a coordinator has compared the two.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="claims")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="claims")
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+")  # the person's
    typed = SealedTextField()  # rules_claims.Typed as JSON
    made_at = models.DateTimeField()
    told_at = models.DateTimeField()  # when the phone was told of it last
    disowned_at = models.DateTimeField(null=True)  # the phone answered "not me" to this organisation
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person"],
                condition=Q(settled_at=None),
                name="an_organization_claims_a_person_once_at_a_time",
            )
        ]

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "id", "organization", "person", "key", "typed", "made_at", "told_at", "disowned_at",
                "settled_at", "settled_by",
            )
        }  # fmt: skip

    def __str__(self) -> str:
        return f"claim {self.id}"


class HomeChange(models.Model):
    """A member's new home while a second person looks at it. No street: the one on file is right."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="home_change")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="home_changes")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+")  # the person's
    street = SealedTextField(null=True)
    unit = SealedTextField(null=True)
    city = SealedTextField(null=True)
    state = models.CharField(max_length=2, blank=True)
    zip = models.CharField(max_length=5, blank=True)

    class Retention:
        keep = {
            Keep.LEDGER: (
                "id", "proposal", "person", "organization", "key", "street", "unit", "city", "state", "zip",
            )
        }  # fmt: skip
        plain = {"state": "a coarse place", "zip": "a coarse place; who agrees is shown it"}

    def __str__(self) -> str:
        return f"home change {self.id}"


class HandOver(models.Model):
    """A one-time link to the private page, on which a person sets their own PIN and duress word."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="hand_overs")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    token_hash = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Retention:
        keep = {
            Keep.SESSION: (
                "id", "person", "organization", "made_by", "token_hash", "made_at", "expires_at", "used_at",
            )
        }  # fmt: skip

    def __str__(self) -> str:
        return f"hand-over {self.id}"
