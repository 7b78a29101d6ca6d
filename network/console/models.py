"""How each member of staff has set up their own console."""

from uuid import uuid4

from django.db import models

from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.staff.models import Staff


class SavedView(models.Model):
    """A filter of the board under a name that its owner gave it; the name may say something of a person."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="views")
    key_id = models.UUIDField()
    name = SealedTextField()
    codes = models.CharField(max_length=120)  # of rules_board.Filter
    saved_at = models.DateTimeField()

    class Retention:
        keep = {Keep.MEMBERSHIP: ("id", "staff", "key_id", "name", "codes", "saved_at")}
        plain = {"codes": "codes of closed sets, as in the board's address"}

    def __str__(self) -> str:
        return f"view {self.id}"


class SingleKeys(models.Model):
    """Whether single keys do something on the console's pages; without a row they do."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, primary_key=True, related_name="+")
    on = models.BooleanField()

    class Retention:
        keep = {Keep.MEMBERSHIP: ("staff", "on")}

    def __str__(self) -> str:
        return f"single keys of staff {self.staff_id}"


class Press(models.Model):
    """A button that was pressed, so that the same press coming in again does nothing."""

    key = models.CharField(primary_key=True, max_length=64)
    nonce = models.UUIDField(default=uuid4, editable=False)  # tells which of two at once was the first
    at = models.DateTimeField(db_index=True)
    answer = models.CharField(max_length=300, blank=True)  # where it led

    class Retention:
        keep = {Keep.DAY: ("key", "nonce", "at", "answer")}
        plain = {"key": "a digest", "answer": "an address of ours, without what stands in its fragment"}

    def __str__(self) -> str:
        return f"press {self.nonce}"
