"""What members asked for."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Func, Q, Value

from network.people.models import Member, Person
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.support.rules.requests import Kind, Outcome, State


class Drill(models.Model):
    """Practice requests with chosen responders, real texts and real deadlines."""

    class Ended(models.TextChoices):
        OVER = "over"  # its time was
        DONE = "done"  # all that was asked for was done
        STOPPED = "stopped"  # by a steward
        NEEDED = "needed"  # a real request asked one of its people

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    started_by = models.UUIDField()
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    wanted_at = models.DateTimeField(null=True)  # a real request asked one of its people
    ended_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=8, blank=True, choices=Ended)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(ended_at=None), name="one_drill_runs_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended="") | Q(ended_at__isnull=False) & ~Q(ended=""),
                name="a_drill_that_ended_says_why",
            ),
        ]

    class Retention:
        keep = {
            Keep.LEDGER: (
                "id", "started_by", "started_at", "ends_at", "wanted_at", "ended_at", "ended",
            )
        }  # fmt: skip
        plain = {"ended": "one of a closed set"}

    def __str__(self) -> str:
        return f"drill {self.id}"


class DrillPerson(models.Model):
    """A responder whom a steward chose for a drill. Nobody else is asked."""

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drills")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drill", "person"], name="one_is_chosen_for_a_drill_once")
        ]

    class Retention:
        keep = {Keep.CASE: ("id", "drill", "person")}

    def __str__(self) -> str:
        return f"drill {self.drill_id} person {self.person_id}"


class SupportRequest(models.Model):
    """A member's request for help at their own home. There is no field for any other place."""

    class Source(models.TextChoices):
        TEXT = "text"
        COORDINATOR = "coordinator"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.BigIntegerField(
        unique=True, db_default=Func(Value("support_request_number"), function="nextval")
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="requests")
    key_id = models.UUIDField()
    kind = models.CharField(max_length=16, blank=True, choices=[(k.value, k.value) for k in Kind])
    children = models.PositiveSmallIntegerField(null=True)
    at_home = models.BooleanField(default=False)  # the member said so, or a coordinator did
    drill = models.ForeignKey(Drill, on_delete=models.PROTECT, null=True, related_name="requests")
    by_hand = models.BooleanField(default=False)  # searched only on a coordinator's click
    duress = models.BooleanField(default=False)
    # Under duress nobody calls or writes before two have agreed to it:
    contact_asked_by = models.UUIDField(null=True)
    contact_asked_at = models.DateTimeField(null=True)
    contact_agreed_by = models.UUIDField(null=True)
    contact_agreed_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=12, choices=Source)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in State])
    notes = SealedTextField(null=True)  # a coordinator's words to the visitors
    starts_at = models.DateTimeField(null=True)  # a set time; else as soon as may be
    time_asked_at = models.DateTimeField(null=True)  # "is that right?" was sent, and is not answered
    time_flagged_at = models.DateTimeField(null=True)  # silence after it went to a person
    time_right_at = models.DateTimeField(null=True)  # the member, or a coordinator who heard them, said so
    opened_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)  # somebody of ours spoke to the member
    came_asked_at = models.DateTimeField(null=True)  # "did they come?" was sent
    came_answered_at = models.DateTimeField(null=True)
    came_flagged_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True, choices=[(o.value, o.value) for o in Outcome])

    class Meta:
        indexes = [
            models.Index(fields=["opened_at"], condition=~Q(state="closed"), name="open_requests"),
            models.Index(
                fields=["closed_at"], condition=Q(closed_at__isnull=False), name="requests_by_closing"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=~Q(state="closed") & Q(drill=None),
                name="a_member_has_one_open_request",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="closed") & Q(closed_at=None, outcome=""),
                name="a_closed_request_has_a_time_and_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("searching", "covered")) | ~Q(kind="") & Q(at_home=True),
                name="nobody_is_sought_before_kind_and_home_are_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("searching", "covered"))
                | Q(starts_at=None)
                | Q(time_right_at__isnull=False),
                name="nobody_is_sought_for_a_time_that_is_not_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(contact_agreed_by=None) | ~Q(contact_agreed_by=F("contact_asked_by")),
                name="two_agree_to_write_under_duress",
            ),
        ]

    class Retention:
        keep = {
            Keep.WORDS: ("notes",),
            Keep.CASE: (
                "id", "number", "member", "key_id", "kind", "children", "at_home", "drill", "by_hand",
                "duress", "contact_asked_by", "contact_asked_at", "contact_agreed_by", "contact_agreed_at",
                "source", "state", "starts_at", "time_asked_at", "time_flagged_at",
                "time_right_at", "opened_at", "called_at", "came_asked_at", "came_answered_at",
                "came_flagged_at", "closed_at", "outcome",
            ),
        }  # fmt: skip
        plain = {
            "kind": "one of a closed set",
            "source": "one of a closed set",
            "state": "one of a closed set",
            "outcome": "one of a closed set",
        }

    def __str__(self) -> str:
        return f"support request {self.number}"


class Hold(models.Model):
    """A closed request that is not erased before a date, since two people agreed on it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    support_request = models.ForeignKey(SupportRequest, on_delete=models.CASCADE, related_name="holds")
    key_id = models.UUIDField()
    why = SealedTextField()
    proposed_by = models.UUIDField()
    placed_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("placed_at")), name="a_hold_on_a_request_ends")
        ]

    class Retention:
        keep = {Keep.CASE: ("id", "support_request", "key_id", "why", "proposed_by", "placed_at", "ends_at")}

    def __str__(self) -> str:
        return f"hold {self.id}"
