"""What the measures still know of requests that are no longer kept."""

from django.db import models

from network.privacy.keep import Keep


class PastRequest(models.Model):
    """One request in figures, after it was erased: of nobody, and by nobody. Times are whole hours."""

    kind = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=8)
    opened_at = models.DateTimeField()
    starts_at = models.DateTimeField(null=True)
    searched = models.BooleanField()
    asks = models.PositiveIntegerField()
    yeses = models.PositiveIntegerField()
    late_yeses = models.PositiveIntegerField()
    stood_down = models.PositiveIntegerField()
    said_how = models.BooleanField()
    not_come = models.BooleanField()
    first_yes = models.FloatField(null=True)  # minutes from its opening, as the next two
    full_team = models.FloatField(null=True)
    arrival = models.FloatField(null=True)
    in_time = models.BooleanField(default=False)  # a full team before the set time
    on_time = models.BooleanField(default=False)  # there by the set time

    class Meta:
        indexes = [
            models.Index(fields=["opened_at"], name="past_requests_by_opening"),
            models.Index(
                fields=["starts_at"],
                condition=models.Q(starts_at__isnull=False),
                name="past_requests_by_set_time",
            ),
        ]

    class Retention:
        keep = {
            Keep.MEASURES: (
                "id", "kind", "language", "opened_at", "starts_at", "searched", "asks", "yeses",
                "late_yeses", "stood_down", "said_how", "not_come", "first_yes", "full_team", "arrival",
                "in_time", "on_time",
            )
        }  # fmt: skip
        plain = {"kind": "one of a closed set", "language": "a code"}

    def __str__(self) -> str:
        return f"past request {self.pk}"
