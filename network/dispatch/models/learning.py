"""What was learned from answers: counters, and nobody's name."""

from django.db import models

from network.people.models import Person
from network.privacy.keep import Keep


class Willingness(models.Model):
    """One responder's counters. The decayed ones are as of `asked_at`; the rest halves in 69 days."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="willingness"
    )
    accepts = models.FloatField(default=0.0)
    expected = models.FloatField(default=0.0)  # yeses that anybody in their place would have said
    asked = models.PositiveIntegerField(default=0)  # offers settled, in all
    said_yes = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    asks = models.FloatField(default=0.0)  # each halved for every 24 h
    missed = models.FloatField(default=0.0)  # expected and not come, halved for every 3 h

    class Meta:
        verbose_name_plural = "willingness"

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "person", "accepts", "expected", "asked", "said_yes", "asked_at", "asks", "missed",
            )
        }  # fmt: skip

    def __str__(self) -> str:
        return f"willingness of person {self.person_id}"


class AskCount(models.Model):
    """How often a person was asked on a day, for requests that are no longer kept: the measures go on."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(db_index=True)  # by the network's clock
    asks = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="a_person_has_one_count_of_asks_a_day")
        ]

    class Retention:
        keep = {Keep.MEASURES: ("id", "person", "day", "asks")}

    def __str__(self) -> str:
        return f"asks of person {self.person_id} on {self.day}"


class Cell(models.Model):
    """One cell of the context table: what was seen, without its prior (rules.chance.prior)."""

    name = models.CharField(primary_key=True, max_length=4)
    accepts = models.FloatField(default=0.0)
    expected = models.FloatField(default=0.0)

    class Retention:
        keep = {Keep.ALWAYS: ("name", "accepts", "expected")}
        plain = {"name": "a code"}

    def __str__(self) -> str:
        return f"cell {self.name}"


class Delay(models.Model):
    """How long a yes takes, by part of the day: logarithms of minutes (rules.chance.Delays)."""

    part = models.CharField(primary_key=True, max_length=5)
    count = models.FloatField()
    mean = models.FloatField()
    squares = models.FloatField()

    class Retention:
        keep = {Keep.ALWAYS: ("part", "count", "mean", "squares")}
        plain = {"part": "one of a closed set"}

    def __str__(self) -> str:
        return f"delay by {self.part}"


class Learning(models.Model):
    """One row with the rest: noes and silences, how much people differ, the last night that faded."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    noes = models.FloatField(default=0.0)
    silences = models.FloatField(default=0.0)
    kappa = models.FloatField()
    decayed_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_learning")]

    class Retention:
        keep = {Keep.ALWAYS: ("id", "noes", "silences", "kappa", "decayed_on")}

    def __str__(self) -> str:
        return "learning"


class Calibration(models.Model):
    """For the offers settled on one day: how many yeses were predicted, and how many came."""

    day = models.DateField(primary_key=True)
    offers = models.PositiveIntegerField(default=0)
    foretold = models.FloatField(default=0.0)
    came = models.PositiveIntegerField(default=0)

    class Retention:
        keep = {Keep.ALWAYS: ("day", "offers", "foretold", "came")}

    def __str__(self) -> str:
        return f"calibration of {self.day}"


class ForecastBand(models.Model):
    """Of the offers settled in one week, those whose chance was in one band: yeses foretold and come.

    Nobody is named, so it outlives who helped whom.
    """

    week = models.DateField()  # its Monday
    band = models.PositiveSmallIntegerField()  # rules.foretelling.CHANCE_EDGES
    offers = models.PositiveIntegerField(default=0)
    foretold = models.FloatField(default=0.0)
    came = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "band"], name="a_week_has_each_band_once")]

    class Retention:
        keep = {Keep.ALWAYS: ("id", "week", "band", "offers", "foretold", "came")}

    def __str__(self) -> str:
        return f"forecasts of band {self.band} in the week of {self.week}"


class DelayFifth(models.Model):
    """Of the yeses of one week, how many came in each fifth of the time in which they were expected."""

    week = models.DateField()
    fifth = models.PositiveSmallIntegerField()
    came = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "fifth"], name="a_week_has_each_fifth_once")]

    class Retention:
        keep = {Keep.ALWAYS: ("id", "week", "fifth", "came")}

    def __str__(self) -> str:
        return f"yeses of fifth {self.fifth} in the week of {self.week}"
