"""Organisations, persons and what vouches for them, and staff."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from network.people import models_access  # noqa: F401  sessions and lost factors: tables of this app
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.privacy.models import Key


class Network(models.Model):
    """The one row that says whether this database is a demo."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    demo = models.BooleanField()
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_network")]

    class Retention:
        keep = {Keep.ALWAYS: ("id", "demo", "marked_at")}

    def __str__(self) -> str:
        return "the network"


class Place(models.Model):
    """A US ZIP and where it lies, from the figures that the zipcodes package ships."""

    zip = models.CharField(primary_key=True, max_length=5)
    state = models.CharField(max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Retention:
        keep = {Keep.ALWAYS: ("zip", "state", "latitude", "longitude")}
        plain = {"zip": "public", "state": "public"}

    def __str__(self) -> str:
        return f"ZIP {self.zip}"


class Organization(models.Model):
    """A trusted body that vouches for people."""

    class Kind(models.TextChoices):
        FAITH = "faith"
        UNION = "union"
        LEGAL = "legal"
        SCHOOL = "school"
        CLINIC = "clinic"
        COMMUNITY = "community"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    slug = models.SlugField(unique=True, max_length=40)
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+")
    name = SealedTextField()
    kind = models.CharField(max_length=12, choices=Kind)
    phone = SealedTextField(null=True)
    email = SealedTextField(null=True)
    zip = models.CharField(max_length=5)
    admitted_at = models.DateTimeField()
    childcare_own_vouch = models.BooleanField(default=False)  # only who it vouches for cares for its children

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "id", "slug", "key", "name", "kind", "phone", "email", "zip", "admitted_at",
                "childcare_own_vouch",
            )
        }  # fmt: skip
        plain = {
            "slug": "a code that the network chose",
            "kind": "one of a closed set",
            "zip": "a coarse place",
        }

    def __str__(self) -> str:
        return f"organization {self.id}"


class Person(models.Model):
    """Anyone with a phone in the network. A member, a responder, or both."""

    class Standing(models.TextChoices):
        INVITED = "invited"  # no consent yet: never texted first
        ACTIVE = "active"
        REFUSED = "refused"  # said "not me": never texted again

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.BinaryField(unique=True)
    phone = SealedTextField()
    name = SealedTextField()
    languages = ArrayField(models.CharField(max_length=8))  # the first is the one we write in
    standing = models.CharField(max_length=8, choices=Standing)
    consent_on = models.DateField(null=True)
    safe_to_call = models.BooleanField(default=True)
    suspended_at = models.DateTimeField(null=True)
    suspended_why = SealedTextField(null=True)
    enrolled_at = models.DateTimeField()

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "id", "key", "fingerprint", "phone", "name", "languages", "standing", "consent_on",
                "safe_to_call", "suspended_at", "suspended_why", "enrolled_at",
            )
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

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="member")
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="members")
    street = SealedTextField()
    unit = SealedTextField(null=True)
    city = SealedTextField()
    state = models.CharField(max_length=2)
    zip = models.CharField(max_length=5)
    attested_at = models.DateTimeField()  # when the organisation said that this is the home
    frozen_at = models.DateTimeField(null=True)  # said that they moved: nobody is sent there
    unfreeze_by = models.UUIDField(null=True)  # the first of two people who may lift that
    duress_word = SealedTextField(null=True)

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "id", "person", "key", "organization", "street", "unit", "city", "state", "zip",
                "attested_at", "frozen_at", "unfreeze_by", "duress_word",
            )
        }  # fmt: skip
        plain = {"state": "a coarse place", "zip": "a coarse place; the search needs it"}

    def __str__(self) -> str:
        return f"member {self.id}"


class Responder(models.Model):
    """A person who may be asked, for what, when and how far."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="responder")
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+")
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

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "id", "person", "key", "kinds", "zip", "max_miles", "hours", "pin_hash",
                "pin_tries", "pin_locked_at", "clearance_until", "bar_number", "bar_state",
                "wake_at_night", "off_until", "rest_until", "on_probation",
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
    """Never these two together: neither as member and responder, nor as two responders."""

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


class Holiday(models.Model):
    """A day on which everybody's hours are those of a Sunday."""

    day = models.DateField(primary_key=True)

    class Retention:
        keep = {Keep.ALWAYS: ("day",)}

    def __str__(self) -> str:
        return f"holiday {self.day}"


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


class StaffMaker(BaseUserManager["Staff"]):
    """Django's way to find a member of staff by the name they sign in with."""


class Staff(AbstractBaseUser):
    """Somebody who signs in to the console."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator"
        VERIFIER = "verifier"
        STEWARD = "steward"
        AUDITOR = "auditor"
        LAWYER = "lawyer"  # of an organisation

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(unique=True)
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+")
    name = SealedTextField(null=True)
    phone = SealedTextField(null=True)
    role = models.CharField(max_length=12, choices=Role)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = StaffMaker()

    class Meta:
        verbose_name_plural = "staff"

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "id", "email", "key", "name", "phone", "role", "organization", "language",
                "is_active", "added_at", "password", "last_login",
            )
        }  # fmt: skip
        plain = {
            "email": "the name to sign in with, which the sign-in library looks up",
            "role": "one of a closed set",
            "language": "a code",
            "password": "Argon2id",
        }

    def __str__(self) -> str:
        return f"staff {self.id}"


class SignInLink(models.Model):
    """A one-time link for a member of staff: to set up a first factor or, in a demo, to come in."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="links")
    token_hash = models.BinaryField(unique=True)
    opens_board = models.BooleanField(default=False)  # a demo's link needs no second factor
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Retention:
        keep = {Keep.SESSION: ("id", "staff", "token_hash", "opens_board", "expires_at", "used_at")}

    def __str__(self) -> str:
        return f"link {self.id}"
