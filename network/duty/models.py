"""Who is at the console now, and which phones were paged."""

from django.db import models

from network.people.models import Staff
from network.privacy.keep import Keep


class Presence(models.Model):
    """When a coordinator's console was last live."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, primary_key=True)
    seen_at = models.DateTimeField()

    class Retention:
        keep = {Keep.SESSION: ("staff", "seen_at")}

    def __str__(self) -> str:
        return f"presence of staff {self.staff_id}"


class Page(models.Model):
    """One round of texts to the coordinators' phones."""

    at = models.DateTimeField(db_index=True)
    need_id = models.UUIDField()

    class Retention:
        keep = {Keep.LEDGER: ("id", "at", "need_id")}

    def __str__(self) -> str:
        return f"page {self.pk}"
