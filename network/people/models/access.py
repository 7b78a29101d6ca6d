"""Signed-in browsers, and factors that were lost."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from network.privacy.keep import Keep


class StaffSession(models.Model):
    """One browser. The cookie's key is not here: only its SHA-256, and data sealed under the key itself."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key_hash = models.BinaryField(unique=True)
    staff = models.ForeignKey(
        "people.Staff", on_delete=models.CASCADE, null=True, blank=True, related_name="sessions"
    )  # none while signing in
    data = models.BinaryField()
    made_at = models.DateTimeField()
    acted_at = models.DateTimeField()  # the person's last act
    touched_at = models.DateTimeField(null=True, blank=True)  # their last use of a second factor
    expires_at = models.DateTimeField(db_index=True)

    class Retention:
        keep = {
            Keep.SESSION: (
                "id", "key_hash", "staff", "data", "made_at", "acted_at", "touched_at", "expires_at",
            )
        }  # fmt: skip

    def __str__(self) -> str:
        return f"session {self.id}"


class Looked(models.Model):
    """What one account looked at within the hour: so many of other people's homes, pages and names."""

    staff = models.ForeignKey("people.Staff", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)  # one of rules_looking.Look
    about = models.UUIDField()  # a person; of a search, its own
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "kind", "about"], name="a_thing_is_looked_at_once")
        ]

    class Retention:
        keep = {Keep.SESSION: ("id", "staff", "kind", "about", "at")}
        plain = {"kind": "one of a closed set"}

    def __str__(self) -> str:
        return f"look {self.pk}"


class FactorRestoring(models.Model):
    """Somebody's factor is lost: one steward has asked to restore it, a second one must confirm."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    staff = models.ForeignKey("people.Staff", on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey("people.Staff", on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        "people.Staff", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)  # confirmed, or taken back

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(asked_by=F("staff")), name="nobody_asks_for_their_own_factor"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("staff")) & ~Q(confirmed_by=F("asked_by")) & Q(ended_at__isnull=False)),
                name="a_second_person_confirms_a_lost_factor",
            ),
            models.UniqueConstraint(
                fields=["staff"], condition=Q(ended_at=None), name="a_lost_factor_is_asked_for_once"
            ),
        ]

    class Retention:
        keep = {Keep.LEDGER: ("id", "staff", "asked_by", "asked_at", "confirmed_by", "ended_at")}

    def __str__(self) -> str:
        return f"restoring {self.id}"
