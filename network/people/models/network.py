"""The network as a whole: the row that says whether it is a demo, places and holidays."""

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
