"""The network as a whole: whether it is a demo, its founding, its numbers of trust, places and holidays."""

from django.db import models
from django.db.models import Q

from network.privacy.keep import Keep


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


class FoundingClosed(models.Model):
    """The one row that says that founding is over; without it, spreadsheets admit at once."""

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


class SettingUp(models.Model):
    """The one row of what a steward said while the network was set up; all else is read from other rows."""

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


class TrustNumbers(models.Model):
    """The one row that holds a network's own numbers of trust; what isn't in it has its default."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    numbers = models.JSONField(default=dict)  # of rules_trust.TrustRules
    set_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "trust numbers"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_set_of_trust_numbers")]

    class Retention:
        keep = {Keep.ALWAYS: ("id", "numbers", "set_at")}
        plain = {"numbers": "names of numbers, and whole numbers"}

    def __str__(self) -> str:
        return "the trust numbers"


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
