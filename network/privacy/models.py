"""Keys, which phone has which, and what was erased when."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from network.privacy.keep import Keep


class Key(models.Model):
    """A data key, wrapped by FIELD_KEY. Deleting it makes everything sealed under it unreadable."""

    class Holder(models.TextChoices):
        PERSON = "person"
        ORGANIZATION = "organization"
        DAY = "day"  # seals what strangers send; goes after a day
        CHECK = "check"  # proves that FIELD_KEY is the right one

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wrapped = models.BinaryField()
    holder = models.CharField(max_length=12, choices=Holder)
    day = models.DateField(null=True, unique=True)
    made_at = models.DateTimeField()
    kept_until = models.DateTimeField(
        null=True
    )  # of a day that is over: not erased before, and asked about then
    unused_at = models.DateTimeField(null=True)  # of a day that is over: since when no row needs it

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(holder="day", day__isnull=False) | (~Q(holder="day") & Q(day=None)),
                name="a_key_has_a_day_only_if_it_is_the_days",
            ),
            models.UniqueConstraint(
                fields=["holder"], condition=Q(holder="check"), name="there_is_one_key_check"
            ),
        ]

    class Retention:
        keep = {Keep.MEMBERSHIP: ("id", "wrapped", "holder", "day", "made_at", "kept_until", "unused_at")}
        plain = {"holder": "one of four codes"}

    def __str__(self) -> str:
        return f"key {self.id}"


class KnownPhone(models.Model):
    """The phones of people in the network by fingerprint: a webhook finds the key, and nothing else."""

    fingerprint = models.BinaryField(primary_key=True)
    key_id = models.UUIDField()

    class Retention:
        keep = {Keep.MEMBERSHIP: ("fingerprint", "key_id")}

    def __str__(self) -> str:
        return f"a phone under key {self.key_id}"


class ErasingRun(models.Model):
    """One round of erasing what is past its time: how much of what, and up to when. Counts and codes only."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    started_at = models.DateTimeField()
    next_at = models.DateTimeField()  # when to look again: at this round's rest, or for the next round
    finished_at = models.DateTimeField(null=True)  # nothing was left
    until = models.JSONField(default=dict)  # of each retention class: what was over by then is gone
    erased = models.JSONField(default=dict)  # by the code of its eraser: how many rows
    failed = models.JSONField(default=list)  # codes of the erasers that failed the last time

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(finished_at=None), name="one_round_of_erasing_runs_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["-started_at"], name="erasing_by_start")]

    class Retention:
        keep = {Keep.LEDGER: ("id", "started_at", "next_at", "finished_at", "until", "erased", "failed")}
        plain = {
            "until": "codes of retention classes, and times",
            "erased": "codes of erasers, and counts",
            "failed": "codes of erasers",
        }

    def __str__(self) -> str:
        return f"erasing run {self.pk}"
