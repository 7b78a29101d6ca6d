"""Consents, proposed homes, private links, and exported files."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from network.organizations.models import Organization
from network.people.models import Person
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.staff.models import Staff
from network.trust.models import Proposal


class Consent(models.Model):
    """A person's consent to an organization: the words, the language, when, and who heard it."""

    class As(models.TextChoices):
        MEMBER = "member"
        RESPONDER = "responder"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    given_as = models.CharField(max_length=9, choices=As)
    version = models.PositiveSmallIntegerField()  # of the words in enrollment.rules.consent
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


class HomeChange(models.Model):
    """A member's new home, until a second person agrees. Without a street, it confirms the home on file."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="home_change")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="home_changes")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    key_id = models.UUIDField()  # the person's
    street = SealedTextField(null=True)
    unit = SealedTextField(null=True)
    city = SealedTextField(null=True)
    state = models.CharField(max_length=2, blank=True)
    zip = models.CharField(max_length=5, blank=True)

    class Retention:
        keep = {
            Keep.LEDGER: (
                "id", "proposal", "person", "organization", "key_id", "street", "unit", "city", "state",
                "zip",
            )
        }  # fmt: skip
        plain = {"state": "a coarse place", "zip": "a coarse place; shown to whoever agrees"}

    def __str__(self) -> str:
        return f"home change {self.id}"


class PrivateLink(models.Model):
    """A one-time link to the private page, on which a person sets their own PIN and duress word."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="private_links")
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
        return f"private link {self.id}"


class Export(models.Model):
    """One file, for the person who proposed it. The server can't read it, and keeps it for up to an hour."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="export")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    made_for = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sealed = models.BinaryField(null=True)  # by age, to the organization's key; empty once taken or over
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


class LegalRequest(models.Model):
    """Somebody with the law's power asks what is kept of one phone: proposed at the server, printed once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="legal_request")
    key_id = models.UUIDField()  # its own
    phone = SealedTextField()
    printed_at = models.DateTimeField(null=True)

    class Retention:
        keep = {Keep.LEDGER: ("id", "proposal", "key_id", "phone", "printed_at")}

    def __str__(self) -> str:
        return f"legal request {self.id}"
