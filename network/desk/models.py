"""Everything that waits for a person, and every promise."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Func, Q, Value

from network.privacy.keep import Keep


class Need(models.Model):
    """What a person must do, or was promised. Open until it is closed; one open need a reason and subject."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.BigIntegerField(
        unique=True, db_default=Func(Value("desk_need_number"), function="nextval")
    )
    reason = models.CharField(max_length=24)  # one of desk.rules.Reason
    about = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)  # what it is claimed and shown with (rules.subject_of)
    request_id = models.UUIDField(null=True, db_index=True)
    person_id = models.UUIDField(null=True)
    promise = models.BooleanField(default=False)
    grave = models.BooleanField(default=False)  # fear stands in the text, or somebody is out there
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    raised_again_at = models.DateTimeField(null=True)
    rang_at = models.DateTimeField(null=True)  # when consoles first sounded for it
    claimed_by = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # when a person first opened it, since it was last raised
    freed_at = models.DateTimeField(null=True)  # last given back by who had claimed it
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=48, blank=True)
    how = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reason", "about"],
                condition=Q(closed_at=None),
                name="one_open_need_for_a_reason_and_subject",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_at=None)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="a_need_is_claimed_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("raised_at")),
                name="a_need_is_closed_after_it_was_raised",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="open_needs_by_due"),
            models.Index(fields=["subject"], condition=Q(closed_at=None), name="open_needs_by_subject"),
            models.Index(
                fields=["request_id"], condition=Q(request_id__isnull=False), name="needs_of_a_request"
            ),
            models.Index(fields=["person_id"], condition=Q(reason="refused_send"), name="phones_not_reached"),
            models.Index(fields=["person_id"], condition=Q(closed_at=None), name="open_needs_of_a_person"),
        ]

    class Retention:
        keep = {
            Keep.CASE: (
                "id", "number", "reason", "about", "subject", "request_id", "person_id", "promise", "grave",
                "due_at", "raised_at", "raised_again_at", "rang_at", "claimed_by", "claimed_at", "read_at",
                "freed_at", "closed_at", "closed_by", "how",
            )
        }  # fmt: skip
        plain = {
            "reason": "one of a closed set",
            "about": "a code and an id",
            "subject": "a code and an id",
            "closed_by": "a code and an id",
            "how": "a code",
        }

    def __str__(self) -> str:
        return f"need {self.number}"


class Claim(models.Model):
    """Who is at work on a request, or on a person: whatever comes up about it meanwhile is theirs too."""

    subject = models.CharField(primary_key=True, max_length=64)
    staff_id = models.UUIDField()
    claimed_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # the last activity of whoever has it

    class Retention:
        keep = {Keep.CASE: ("subject", "staff_id", "claimed_at", "seen_at")}
        plain = {"subject": "a code and an id"}

    def __str__(self) -> str:
        return f"claim {self.subject}"


class Heartbeat(models.Model):
    """When an address outside is told next that all is well. There is one row, where HEARTBEAT_URL is set."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    next_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # it last answered
    failed_at = models.DateTimeField(null=True)  # it last didn't

    class Retention:
        keep = {Keep.ALWAYS: ("id", "next_at", "told_at", "failed_at")}

    def __str__(self) -> str:
        return "heartbeat"


class Tick(models.Model):
    """When each part of each worker last showed that it is at work, so that a silent one is seen."""

    worker = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField()

    class Retention:
        keep = {Keep.ALWAYS: ("worker", "at")}
        plain = {"worker": "a process's name and number, and a queue"}

    def __str__(self) -> str:
        return f"worker {self.worker}"
