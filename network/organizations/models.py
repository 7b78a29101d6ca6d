"""Organizations, the network itself, ZIP codes and holidays."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep


class Organizations(models.QuerySet["Organization"]):
    def in_good_standing(self) -> "Organizations":
        """Admitted and not suspended: those whose word counts."""
        return self.filter(admitted_at__isnull=False, suspended_at=None)


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
    key_id = models.UUIDField()
    name = SealedTextField()
    kind = models.CharField(max_length=12, choices=Kind)
    phone = SealedTextField(null=True)
    email = SealedTextField(null=True)
    zip = models.CharField(max_length=5)
    admitted_at = models.DateTimeField(
        null=True
    )  # until then it is only proposed, and its word doesn't count
    founding = models.BooleanField(default=False)  # of the founding set
    suspended_at = models.DateTimeField(null=True)
    suspended_why = SealedTextField(null=True)
    age_recipient = models.CharField(max_length=100, blank=True)  # exports are sealed to this key
    childcare_own_vouch = models.BooleanField(
        default=False
    )  # only people it vouches for care for its children

    objects = Organizations.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(suspended_at=None) | Q(admitted_at__isnull=False),
                name="only_an_admitted_organization_is_suspended",
            )
        ]

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "id", "slug", "key_id", "name", "kind", "phone", "email", "zip", "admitted_at",
                "founding", "suspended_at", "suspended_why", "age_recipient", "childcare_own_vouch",
            )
        }  # fmt: skip
        plain = {
            "slug": "a code that the network chose",
            "kind": "one of a closed set",
            "zip": "a coarse place",
            "age_recipient": "a public key",
        }

    def __str__(self) -> str:
        return f"organization {self.id}"

    @property
    def is_in_good_standing(self) -> bool:
        """Whether its word counts: `in_good_standing()` for one row."""
        return self.admitted_at is not None and self.suspended_at is None


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


class SettingUp(models.Model):
    """The one row of what a steward confirmed during setup; the rest is read from other rows."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    backup_at = models.DateTimeField(null=True)  # "the database is copied, and the key kept apart"
    backup_by = models.UUIDField(null=True)
    hidden_at = models.DateTimeField(null=True)  # all was done, and the list was put away
    hidden_by = models.UUIDField(null=True)

    class Meta:
        verbose_name_plural = "setting up"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="a_network_is_set_up_once")]

    class Retention:
        keep = {Keep.ALWAYS: ("id", "backup_at", "backup_by", "hidden_at", "hidden_by")}

    def __str__(self) -> str:
        return "setting up"


class Backups(models.Model):
    """The one row of when the network was last backed up and rehearsed, and when the next night's turn is."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    next_at = models.DateTimeField(null=True)  # none where no folder for nightly backups is set
    made_at = models.DateTimeField(null=True)
    rehearsed_at = models.DateTimeField(null=True)  # one was restored beside this database, and was the same

    class Meta:
        verbose_name_plural = "backups"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="backups_are_noted_in_one_row")]

    class Retention:
        keep = {Keep.ALWAYS: ("id", "next_at", "made_at", "rehearsed_at")}

    def __str__(self) -> str:
        return "backups"


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


class Holiday(models.Model):
    """A day on which everybody's hours are those of a Sunday."""

    day = models.DateField(primary_key=True)

    class Retention:
        keep = {Keep.ALWAYS: ("day",)}

    def __str__(self) -> str:
        return f"holiday {self.day}"
