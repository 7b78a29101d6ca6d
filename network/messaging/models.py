"""Texts received, texts to send, and what the carrier said of them."""

from uuid import uuid4

from django.db import models
from django.db.models import Func, Q, Value

from network.messaging.rules import InState, Lane, OutState
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.privacy.models import Key


class Contact(models.Model):
    """One phone we have had a text from or sent one to: what we may send it. Knows no name."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    fingerprint = models.BinaryField(unique=True)
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+")
    phone = SealedTextField()
    opted_out_at = models.DateTimeField(null=True)
    introduced_at = models.DateTimeField(null=True)  # told who we are and how to stop
    neutral_at = models.DateTimeField(null=True)  # the stranger's one answer a day
    unasked_since = models.DateTimeField(null=True)
    unasked = models.PositiveSmallIntegerField(default=0)
    last_in_at = models.DateTimeField(null=True)

    class Retention:
        keep = {
            Keep.DAY: (
                "id", "fingerprint", "key", "phone", "opted_out_at", "introduced_at", "neutral_at",
                "unasked_since", "unasked", "last_in_at",
            )
        }  # fmt: skip

    def __str__(self) -> str:
        return f"contact {self.id}"


class Inbound(models.Model):
    """A text received. The row stays for ever, so that a repeat is known; what it says does not."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    account = models.CharField(max_length=64)
    sid = models.CharField(max_length=64)
    arrival = models.BigIntegerField(
        unique=True, db_default=Func(Value("messaging_arrival"), function="nextval")
    )
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="texts_in")
    key = models.ForeignKey(Key, on_delete=models.PROTECT, null=True, related_name="+")
    form = SealedTextField(null=True)  # every parameter of the webhook, as JSON
    body = SealedTextField(null=True)
    media = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, default=InState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    understood = models.CharField(max_length=32, blank=True)
    request_id = models.UUIDField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "sid"], name="a_text_is_stored_once_for_ever")
        ]
        indexes = [
            models.Index(fields=["contact", "arrival"], condition=Q(state="waiting"), name="texts_waiting"),
            models.Index(fields=["contact", "-arrival"], name="texts_of_a_contact"),
        ]

    class Retention:
        keep = {
            Keep.ALWAYS: ("id", "account", "sid", "arrival", "received_at", "state", "attempts",
                          "next_attempt_at", "handled_at", "media"),
            Keep.CASE: ("contact", "key", "form", "body", "understood", "request_id"),
        }  # fmt: skip
        plain = {
            "account": "the carrier's id of our account",
            "sid": "the carrier's id of the text",
            "state": "one of a closed set",
            "understood": "the name of a command",
        }

    def __str__(self) -> str:
        return f"text in {self.id}"


class Outbound(models.Model):
    """A text to send. Owed from the moment its row is committed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="texts_out")
    key = models.ForeignKey(Key, on_delete=models.PROTECT, null=True, related_name="+")
    body = SealedTextField(null=True)
    text = models.CharField(max_length=40)  # its key in the table of texts; "free" for a person's own
    order = models.BigIntegerField(unique=True, db_default=Func(Value("messaging_order"), function="nextval"))
    lane = models.SmallIntegerField(choices=[(lane.value, lane.name) for lane in Lane])
    segments = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default=OutState.OWED)
    owed_at = models.DateTimeField()
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    first_attempt_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    sid = models.CharField(max_length=64, blank=True)
    error = models.IntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)
    minded_at = models.DateTimeField(null=True)  # that it will not arrive was acted on
    request_id = models.UUIDField(null=True, db_index=True)
    offer_id = models.UUIDField(null=True, db_index=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["lane", "order"],
                condition=Q(state__in=("owed", "sending", "unknown")),
                name="texts_owed",
            ),
            models.Index(fields=["contact", "-order"], name="texts_to_a_contact"),
            models.Index(fields=["sid"], name="texts_by_sid"),
        ]

    class Retention:
        keep = {
            Keep.CASE: (
                "id", "contact", "key", "body", "text", "order", "lane", "segments", "state",
                "owed_at", "not_before", "expires_at", "attempts", "first_attempt_at",
                "leased_until", "sid", "error", "sent_at", "final_at", "minded_at", "request_id",
                "offer_id",
            )
        }  # fmt: skip
        plain = {
            "text": "a key of the table of texts",
            "state": "one of a closed set",
            "sid": "the carrier's id of the text",
        }

    def __str__(self) -> str:
        return f"text out {self.id}"


class Receipt(models.Model):
    """One word of the carrier's on one of our texts, kept as it came; no phone, no body."""

    outbound_id = models.UUIDField(null=True, db_index=True)
    sid = models.CharField(max_length=64)
    word = models.CharField(max_length=32)
    error = models.IntegerField(null=True)
    received_at = models.DateTimeField()

    class Retention:
        keep = {Keep.CASE: ("id", "outbound_id", "sid", "word", "error", "received_at")}
        plain = {"sid": "the carrier's id of the text", "word": "the carrier's code of a state"}

    def __str__(self) -> str:
        return f"receipt {self.pk}"


class Pace(models.Model):
    """When a sender may send its next segment: one row a sender, taken by whoever sends."""

    sender = models.CharField(primary_key=True, max_length=40)
    free_at = models.DateTimeField()
    day = models.DateField()
    sent_today = models.PositiveIntegerField(default=0)

    class Retention:
        keep = {Keep.ALWAYS: ("sender", "free_at", "day", "sent_today")}
        plain = {"sender": "our own number or service"}

    def __str__(self) -> str:
        return "pace of a sender"
