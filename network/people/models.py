"""Persons: members, responders, who is kept apart, and what organizations typed of people already here."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from network.organizations.models import Organization
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.staff.models import Staff


class Person(models.Model):
    """Anyone with a phone in the network. A member, a responder, or both."""

    class Standing(models.TextChoices):
        INVITED = "invited"  # no consent yet: never texted first
        ACTIVE = "active"
        REFUSED = "refused"  # answered "not me": never texted again
        PRACTICE = "practice"  # nobody: who a drill's request is for
        ERASED = "erased"  # nobody any more: their requests and offers are kept for some days

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key_id = models.UUIDField()
    fingerprint = models.BinaryField(unique=True)
    phone = SealedTextField()
    name = SealedTextField()
    languages = ArrayField(models.CharField(max_length=8))  # the first is the one we write in
    standing = models.CharField(max_length=8, choices=Standing)
    consent_on = models.DateField(null=True)
    safe_to_call = models.BooleanField(default=True)
    suspended_at = models.DateTimeField(null=True)
    suspended_why = SealedTextField(null=True)
    unvouched_at = models.DateTimeField(null=True)  # lost their vouches during a visit: suspended after it
    enrolled_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(standing="erased", erased_at__isnull=False)
                | ~Q(standing="erased") & Q(erased_at=None),
                name="whoever_is_erased_has_a_time",
            )
        ]
        indexes = [
            models.Index(
                fields=["suspended_at"], condition=Q(suspended_at__isnull=False), name="persons_suspended"
            ),
            models.Index(
                fields=["unvouched_at"], condition=Q(unvouched_at__isnull=False), name="persons_unvouched"
            ),
            models.Index(fields=["-enrolled_at", "id"], name="persons_last_entered"),
        ]

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "id", "key_id", "fingerprint", "phone", "name", "languages", "standing", "consent_on",
                "safe_to_call", "suspended_at", "suspended_why", "unvouched_at", "enrolled_at",
            ),
            Keep.LEDGER: ("erased_at",),
        }  # fmt: skip
        plain = {
            "languages": "codes; a filter of the search",
            "standing": "one of a closed set",
        }

    def __str__(self) -> str:
        return f"person {self.id}"

    @property
    def language(self) -> str:
        """The language we write to this person in."""
        return self.languages[0]


class Member(models.Model):
    """A person who may ask, and the one home we may come to."""

    class Frozen(models.TextChoices):
        MOVED = "moved"  # they say so
        PHONE = "phone"  # it may no longer be theirs
        UNMET = "unmet"  # entered without a vouch: until somebody has met them

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="member")
    key_id = models.UUIDField()
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="members")
    street = SealedTextField()
    unit = SealedTextField(null=True)
    city = SealedTextField()
    state = models.CharField(max_length=2)
    zip = models.CharField(max_length=5)
    attested_at = models.DateTimeField()  # when the organization confirmed this home
    frozen_at = models.DateTimeField(null=True)  # nobody is sent there
    frozen_for = models.CharField(max_length=8, choices=Frozen, blank=True)
    unfreeze_by = models.UUIDField(null=True)  # the first of two people to lift the freeze
    moved_at = models.DateTimeField(null=True)  # when the home last changed: older links are dead
    homes_left = ArrayField(
        models.BinaryField(), default=list
    )  # fingerprints: no spreadsheet brings them back
    phone_asked_at = models.DateTimeField(null=True)  # asked "is this still you?", and not answered yet
    duress_word = SealedTextField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["phone_asked_at"],
                condition=Q(frozen_at=None, phone_asked_at__isnull=False),
                name="members_asked_for_their_phone",
            ),
            models.Index(
                fields=["attested_at"],
                condition=Q(frozen_at=None, phone_asked_at=None),
                name="members_by_attestation",
            ),
        ]

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "id", "person", "key_id", "organization", "street", "unit", "city", "state", "zip",
                "attested_at", "frozen_at", "frozen_for", "unfreeze_by", "moved_at", "phone_asked_at",
                "duress_word", "homes_left",
            )
        }  # fmt: skip
        plain = {
            "state": "a coarse place",
            "zip": "a coarse place; the search needs it",
            "frozen_for": "one of a closed set",
            "homes_left": "keyed hashes",
        }

    def __str__(self) -> str:
        return f"member {self.id}"


class Responder(models.Model):
    """A person who may be asked, for what, when and how far."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="responder")
    key_id = models.UUIDField()
    kinds = ArrayField(models.CharField(max_length=16))
    zip = models.CharField(max_length=5)
    max_miles = models.PositiveSmallIntegerField()
    hours = models.JSONField()  # rules.Hours as codes: [] is always, else [[day, from, to], ...]
    pin_hash = models.CharField(max_length=200, blank=True)
    pin_tries = models.PositiveSmallIntegerField(default=0)
    pin_locked_at = models.DateTimeField(null=True)
    clearance_until = models.DateField(null=True)
    bar_number = SealedTextField(null=True)
    bar_state = models.CharField(max_length=2, blank=True)
    wake_at_night = models.BooleanField(default=False)
    off_until = models.DateTimeField(null=True)  # far in the future: until they text ON
    rest_until = models.DateTimeField(null=True)  # after a hard visit
    on_probation = models.BooleanField(default=False)  # asked only by a coordinator, by name
    visits_before = models.PositiveIntegerField(default=0)  # carried out for requests that are no longer kept

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "id", "person", "key_id", "kinds", "zip", "max_miles", "hours", "pin_hash",
                "pin_tries", "pin_locked_at", "clearance_until", "bar_number", "bar_state",
                "wake_at_night", "off_until", "rest_until", "on_probation",
                "visits_before",
            )
        }  # fmt: skip
        plain = {
            "kinds": "codes; a filter of the search",
            "zip": "a coarse place; the search needs it",
            "hours": "days and times of day",
            "pin_hash": "Argon2id of an HMAC under FIELD_KEY",
            "bar_state": "a US state",
        }

    def __str__(self) -> str:
        return f"responder {self.id}"


class Apart(models.Model):
    """Two people who must not meet: neither as member and responder, nor as two responders."""

    class SetBy(models.TextChoices):
        PERSON = "person"  # one of the two asked for it
        ORGANIZATION = "organization"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    set_by = models.CharField(max_length=12, choices=SetBy)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "apart"
        constraints = [
            models.CheckConstraint(
                condition=Q(first__lt=models.F("second")), name="two_kept_apart_stand_in_one_order"
            ),
            models.UniqueConstraint(fields=["first", "second"], name="two_are_kept_apart_once"),
        ]

    class Retention:
        keep = {Keep.MEMBERSHIP: ("id", "first", "second", "set_by", "set_at")}
        plain = {"set_by": "one of a closed set"}

    def __str__(self) -> str:
        return f"apart {self.id}"


class Claim(models.Model):
    """What an organization typed about somebody whom another organization had already enrolled.

    Until a coordinator has compared the two, the organization is shown this and nothing else about them.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="claims")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="claims")
    key_id = models.UUIDField()  # the person's
    typed = SealedTextField()  # people.rules.claims.Typed as JSON
    made_at = models.DateTimeField()
    told_at = models.DateTimeField()  # when the phone was last told about it
    disowned_at = models.DateTimeField(null=True)  # the phone answered "not me" to this organization
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
                "id", "organization", "person", "key_id", "typed", "made_at", "told_at", "disowned_at",
                "settled_at", "settled_by",
            )
        }  # fmt: skip

    def __str__(self) -> str:
        return f"claim {self.id}"
