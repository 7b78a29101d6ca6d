"""Who did what, in codes and ids."""

from django.db import models

from network.privacy.keep import Keep


class Entry(models.Model):
    """One line of history. Written once; holds ids and codes only.

    When the request that it is about is erased, whom it named is taken out of it; nothing else is changed.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=48)
    action = models.CharField(max_length=48)
    about = models.CharField(max_length=64, db_index=True)
    request_id = models.UUIDField(null=True, db_index=True)
    detail = models.JSONField(default=dict)

    class Meta:
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
