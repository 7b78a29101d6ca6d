"""Who has which shift, who is at the console now, what was handed over, and whom the alarm told."""

from datetime import time
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from network.duty.rules.alarm import CallState
from network.duty.rules.shifts import ShiftState, ShiftTurn
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.staff.models import Staff


class Presence(models.Model):
    """When a coordinator's console was last live."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, primary_key=True)
    seen_at = models.DateTimeField()

    class Retention:
        keep = {Keep.SESSION: ("staff", "seen_at")}

    def __str__(self) -> str:
        return f"presence of staff {self.staff_id}"


class StaffHours(models.Model):
    """When a coordinator is awake, by the network's clock; without a row, seven to eleven."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, primary_key=True)
    wakes = models.TimeField(default=time(7))
    sleeps = models.TimeField(default=time(23))

    class Retention:
        keep = {Keep.MEMBERSHIP: ("staff", "wakes", "sleeps")}

    def __str__(self) -> str:
        return f"hours of staff {self.staff_id}"


class Shift(models.Model):
    """Some hours that one coordinator takes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="shifts")
    series = models.UUIDField(null=True)  # what was added at once, week after week
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in ShiftState])
    started_at = models.DateTimeField(null=True)
    heard = models.BooleanField(null=True)  # the answer to "did you hear it?"
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_shift_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(state="planned", started_at=None, ended_at=None)
                | Q(state="started", started_at__isnull=False, ended_at=None)
                | Q(state="ended", started_at__isnull=False, ended_at__isnull=False)
                | Q(state="cancelled", ended_at__isnull=False),
                name="a_shift_has_the_times_of_its_state",
            ),
            models.UniqueConstraint(
                fields=["staff"], condition=Q(state="started"), name="one_shift_runs_for_a_person"
            ),
        ]
        indexes = [models.Index(fields=["ends_at"], name="shifts_by_end")]

    class Retention:
        keep = {
            Keep.LEDGER: (
                "id", "staff", "series", "starts_at", "ends_at", "state", "started_at", "heard", "ended_at",
            )
        }  # fmt: skip
        plain = {"state": "one of a closed set"}

    def __str__(self) -> str:
        return f"shift {self.id}"

    def turn(self, *, offered: bool = False) -> ShiftTurn:
        """As the rules see it."""
        return ShiftTurn(self.staff_id, self.starts_at, self.ends_at, self.started_at, self.ended_at, offered)


class Swap(models.Model):
    """A shift that its owner asks somebody to take, until one does or it is taken back."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="swaps")
    offered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    taken_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shift"], condition=Q(closed_at=None), name="a_shift_is_offered_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(taken_by=None) | Q(closed_at__isnull=False) & ~Q(taken_by=F("offered_by")),
                name="a_swap_is_taken_by_another",
            ),
        ]

    class Retention:
        keep = {Keep.LEDGER: ("id", "shift", "offered_by", "offered_at", "taken_by", "closed_at")}

    def __str__(self) -> str:
        return f"swap {self.id}"


class Handoff(models.Model):
    """What one shift leaves to the next: three lines, and what was open when they were written."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    shift = models.OneToOneField(Shift, on_delete=models.CASCADE, related_name="handoff")
    key_id = models.UUIDField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    urgent = SealedTextField()
    watch = SealedTextField()
    told = SealedTextField()
    requests = ArrayField(models.UUIDField())
    needs = ArrayField(models.UUIDField())
    visits = ArrayField(models.UUIDField())
    accepted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_by=None, accepted_at=None)
                | Q(accepted_by__isnull=False, accepted_at__isnull=False),
                name="a_handoff_is_accepted_by_somebody_at_some_time",
            ),
        ]

    class Retention:
        keep = {
            Keep.WORDS: (
                "id", "shift", "key_id", "by", "at", "urgent", "watch", "told", "requests", "needs", "visits",
                "accepted_by", "accepted_at",
            )
        }  # fmt: skip
        plain = {"requests": "ids", "needs": "ids", "visits": "ids"}

    def __str__(self) -> str:
        return f"handoff {self.id}"


class Page(models.Model):
    """One person told of one need, for one rung of one climb."""

    at = models.DateTimeField(db_index=True)
    need_id = models.UUIDField()
    step = models.CharField(max_length=12)  # one of rules.alarm.Step
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need_id", "step", "staff", "began_at"], name="nobody_is_paged_twice_for_one_step"
            )
        ]

    class Retention:
        keep = {Keep.LEDGER: ("id", "at", "need_id", "step", "staff", "began_at")}
        plain = {"step": "one of a closed set"}

    def __str__(self) -> str:
        return f"page {self.pk}"


class AlarmCall(models.Model):
    """One coordinator called about one need. Its row is there before the call, and it is made once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    need_id = models.UUIDField()
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField()  # when the climb did
    made_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=8, default=CallState.OWED)
    look_at = models.DateTimeField()  # when to make it; once it is made, when it is over at the latest
    sid = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need_id", "staff", "began_at"], name="nobody_is_called_twice_in_one_climb"
            )
        ]

    class Retention:
        keep = {Keep.LEDGER: ("id", "need_id", "staff", "began_at", "made_at", "state", "look_at", "sid")}
        plain = {"state": "one of a closed set", "sid": "the carrier's id"}

    def __str__(self) -> str:
        return f"alarm call {self.id}"
