"""Who did what, in codes and ids: lines that are never changed, and beside each the ids that may go."""

from django.db import models
from django.db.models import F, Q

from network.privacy.keep import Keep


class Line(models.Model):
    """What happened, when, and which of staff did it. Written once: the database refuses to change it.

    Whom else it names is in `Whom`; here stands an HMAC of that, under a key that goes with it.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=48)
    action = models.CharField(max_length=48)
    about = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)
    names = models.BinaryField(null=True)  # none where the line names nobody

    class Retention:
        keep = {Keep.LEDGER: ("id", "at", "actor", "action", "about", "detail", "names")}
        plain = {
            "actor": "a code; of staff, with an id",
            "action": "a code",
            "about": "a code; of staff, with an id",
            "detail": "codes and counts; audit.record refuses anything else",
        }

    def __str__(self) -> str:
        return f"line {self.pk}"


class Whom(models.Model):
    """The ids that a line names, and the key of their HMAC. Once it is gone, nobody can tell whom."""

    line_id = models.BigIntegerField(primary_key=True)
    key = models.BinaryField()
    request_id = models.UUIDField(null=True, db_index=True)
    person_id = models.UUIDField(null=True, db_index=True)  # whom it is about first of all
    actor = models.CharField(max_length=48, default="")  # in full, where it has an id
    about = models.CharField(max_length=64, default="", db_index=True)  # the same
    ids = models.JSONField(default=dict)  # those of the line's detail

    class Meta:
        verbose_name_plural = "whom"

    class Retention:
        keep = {Keep.LEDGER: ("line_id", "key", "request_id", "person_id", "actor", "about", "ids")}
        plain = {"actor": "a code and an id", "about": "a code and an id", "ids": "ids"}

    def __str__(self) -> str:
        return f"whom line {self.line_id} names"


class Entry(models.Model):
    """One line of history with whom it names, as long as that is there. A view: nothing is written to it."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=48)
    action = models.CharField(max_length=48)
    about = models.CharField(max_length=64)
    request_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        managed = False
        verbose_name_plural = "entries"

    class Retention:
        keep = {Keep.LEDGER: ("id", "at", "actor", "action", "about", "request_id", "detail")}
        plain = {
            "actor": "a code and an id",
            "action": "a code",
            "about": "a code and an id",
            "detail": "codes, ids and counts; audit.record refuses anything else",
        }

    def __str__(self) -> str:
        return f"{self.action} {self.about}"


class Block(models.Model):
    """Some lines in their order, sealed into the chain: each block holds the hash of the one before.

    Blocks are numbered without gaps, and so are the lines in them: the first of a block is `first`.
    """

    number = models.BigIntegerField(primary_key=True)
    first = models.BigIntegerField()
    lines = models.IntegerField()
    up_to = models.BigIntegerField()  # no line with this id or a smaller one comes after this block
    at = models.DateTimeField()
    latest = models.DateTimeField(db_index=True)  # of its lines
    previous = models.BinaryField()
    marks = models.BinaryField()  # of each line its id and an HMAC
    hash = models.BinaryField()  # HMAC of all of the above, under a key that isn't in the database

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(lines__gte=1), name="a_block_has_lines"),
            models.UniqueConstraint(fields=["first"], name="lines_are_in_one_block"),
        ]

    class Retention:
        keep = {
            Keep.LEDGER: (
                "number",
                "first",
                "lines",
                "up_to",
                "at",
                "latest",
                "previous",
                "marks",
                "hash",
            )
        }

    def __str__(self) -> str:
        return f"block {self.number}"


class Head(models.Model):
    """The one row of the last hash that was published outside, and when the next one is."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    block = models.BigIntegerField(null=True)
    hash = models.BinaryField(null=True)
    published_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    failed = models.BooleanField(default=False)  # the last time, it could not be written

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="the_head_is_one_row"),
            models.CheckConstraint(
                condition=Q(block=None, hash=None, published_at=None)
                | Q(block__isnull=False, hash__isnull=False, published_at__lt=F("next_at")),
                name="a_head_is_published_whole",
            ),
        ]

    class Retention:
        keep = {Keep.ALWAYS: ("id", "block", "hash", "published_at", "next_at", "failed")}

    def __str__(self) -> str:
        return "head of the history"
