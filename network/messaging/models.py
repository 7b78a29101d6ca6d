"""Incoming texts, outgoing texts, and what the carrier says of them."""

from uuid import uuid4

from django.db import models
from django.db.models import Func, Q, Value

from network.messaging.rules.channels import PLAYED, SHOWN, Channel
from network.messaging.rules.states import InState, Lane, OutState
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep


class Contact(models.Model):
    """A phone that we got a text from or sent one to, and what we may send to it. It has no name."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    fingerprint = models.BinaryField()  # of the phone, whatever the channel
    channel = models.CharField(
        max_length=8, default=Channel.SMS, choices=[(c.value, c.name) for c in Channel]
    )
    # Both are empty for a stranger of another day who stopped our texts: only that is kept.
    key_id = models.UUIDField(null=True)
    phone = SealedTextField(null=True)  # the address: +1..., or whatsapp:+1...
    unreachable_at = models.DateTimeField(null=True)  # the carrier says that it can't be texted
    unreachable_code = models.IntegerField(null=True)
    opted_out_at = models.DateTimeField(null=True)
    introduced_at = models.DateTimeField(null=True)  # told who we are and how to stop
    neutral_at = models.DateTimeField(null=True)  # the stranger's one answer a day
    unasked_since = models.DateTimeField(null=True)
    unasked = models.PositiveSmallIntegerField(default=0)
    last_in_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)  # they last called us
    closed_at = models.DateTimeField(null=True)  # WhatsApp refused us: not used until they write by it again

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint", "channel"], name="a_phone_has_one_contact_a_channel"
            )
        ]
        indexes = [
            models.Index(
                fields=["unreachable_code", "fingerprint"],
                condition=Q(unreachable_code__isnull=False),
                name="contacts_unreachable",
            ),
            models.Index(fields=["key_id"], name="contacts_under_a_key"),
        ]

    class Retention:
        keep = {
            Keep.DAY: (
                "id", "fingerprint", "channel", "key_id", "phone", "unreachable_at", "unreachable_code",
                "opted_out_at", "introduced_at", "neutral_at", "unasked_since", "unasked", "last_in_at",
                "called_at", "closed_at",
            )
        }  # fmt: skip
        plain = {"channel": "one of a closed set"}

    def __str__(self) -> str:
        return f"contact {self.id}"


class Inbound(models.Model):
    """An incoming text. Its row stays forever to recognize repeated deliveries, but its words are erased."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    account = models.CharField(max_length=64)
    sid = models.CharField(max_length=64)
    arrival = models.BigIntegerField(
        unique=True, db_default=Func(Value("messaging_arrival"), function="nextval")
    )
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="texts_in")
    key_id = models.UUIDField(null=True)
    form = SealedTextField(null=True)  # every parameter of the webhook, as JSON
    body = SealedTextField(null=True)
    ours = models.BooleanField(default=False)  # of somebody in the network: goes before strangers
    media = models.PositiveSmallIntegerField(default=0)
    media_due_at = models.DateTimeField(null=True)  # when to fetch what came with it
    media_tries = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()
    came_at = models.DateTimeField()  # when the carrier had it
    fetched = models.BooleanField(default=False)  # no webhook brought it: found in the carrier's list
    erase_at = models.DateTimeField(null=True)  # when to take its words off the carrier
    erase_tries = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, default=InState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    understood = models.CharField(max_length=32, blank=True)
    said_before = models.BigIntegerField(null=True)  # the order of our last text to them when it was handled
    revives = models.BooleanField(default=False)  # the phone could not be texted until this came from it
    request_id = models.UUIDField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "sid"], name="a_text_is_stored_once_for_ever")
        ]
        indexes = [
            models.Index(
                fields=["contact", "came_at", "arrival"], condition=Q(state="waiting"), name="texts_waiting"
            ),
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="waiting", ours=True),
                name="known_peoples_texts_waiting",
            ),
            models.Index(fields=["media_due_at"], condition=Q(media_due_at__isnull=False), name="media_due"),
            models.Index(fields=["erase_at"], condition=Q(erase_at__isnull=False), name="texts_in_to_erase"),
            models.Index(fields=["contact", "-arrival"], name="texts_of_a_contact"),
            models.Index(fields=["-arrival"], condition=Q(ours=False), name="texts_of_strangers"),
            models.Index(fields=["key_id"], name="texts_in_under_a_key"),
        ]

    class Retention:
        keep = {
            Keep.ALWAYS: ("id", "account", "sid", "arrival", "received_at", "state", "attempts",
                          "next_attempt_at", "handled_at", "said_before", "revives", "ours", "media",
                          "media_due_at", "media_tries", "came_at", "fetched", "erase_at", "erase_tries"),
            Keep.WORDS: ("key_id", "form", "body"),
            Keep.CASE: ("contact", "understood", "request_id"),
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
    """An outgoing text. Once its row is committed, it will be sent."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="texts_out")
    key_id = models.UUIDField(null=True)
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
    in_flight_until = models.DateTimeField(null=True)  # a call has begun: so long the carrier may take it
    sid = models.CharField(max_length=64, blank=True)
    error = models.IntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)
    loss_acted_on_at = models.DateTimeField(null=True)  # that it will not arrive was acted on
    ask_at = models.DateTimeField(null=True)  # no final receipt by then: ask the carrier
    asked = models.PositiveSmallIntegerField(default=0)
    again_of = models.UUIDField(null=True, unique=True)  # the row whose words this sends once more
    erase_at = models.DateTimeField(null=True)  # when to take its words off the carrier
    erase_tries = models.PositiveSmallIntegerField(default=0)
    request_id = models.UUIDField(null=True, db_index=True)
    offer_id = models.UUIDField(null=True, db_index=True)
    written_by = models.UUIDField(null=True)  # the member of staff whose own words these are

    class Meta:
        indexes = [
            models.Index(
                fields=["lane", "order"],
                condition=Q(state__in=("owed", "sending", "unknown")),
                name="texts_owed",
            ),
            models.Index(
                fields=["final_at"],
                condition=Q(state__in=("refused", "undelivered"), loss_acted_on_at=None),
                name="texts_lost_and_not_acted_on",
            ),
            models.Index(fields=["contact", "-order"], name="texts_to_a_contact"),
            models.Index(fields=["sid"], name="texts_by_sid"),
            models.Index(fields=["key_id"], name="texts_out_under_a_key"),
            models.Index(fields=["ask_at"], condition=Q(ask_at__isnull=False), name="receipts_to_ask_for"),
            models.Index(fields=["erase_at"], condition=Q(erase_at__isnull=False), name="texts_out_to_erase"),
        ]

    class Retention:
        keep = {
            Keep.WORDS: ("key_id", "body"),
            Keep.CASE: (
                "id", "contact", "text", "order", "lane", "segments", "state",
                "owed_at", "not_before", "expires_at", "attempts", "first_attempt_at",
                "leased_until", "in_flight_until", "sid", "error", "sent_at", "final_at", "loss_acted_on_at",
                "ask_at", "asked", "again_of", "erase_at", "erase_tries", "request_id", "offer_id",
                "written_by",
            ),
        }  # fmt: skip
        plain = {
            "text": "a key of the table of texts",
            "state": "one of a closed set",
            "sid": "the carrier's id of the text",
        }

    def __str__(self) -> str:
        return f"text out {self.id}"


class Receipt(models.Model):
    """A receipt of the carrier's for a text of ours, kept as it came. It has no phone and no words."""

    outbound_id = models.UUIDField(null=True, db_index=True)
    sid = models.CharField(max_length=64)
    word = models.CharField(max_length=32)
    error = models.IntegerField(null=True)
    received_at = models.DateTimeField()
    asked = models.BooleanField(default=False)  # fetched by us, because none came

    class Retention:
        keep = {Keep.CASE: ("id", "outbound_id", "sid", "word", "error", "received_at", "asked")}
        plain = {"sid": "the carrier's id of the text", "word": "the carrier's code of a state"}

    def __str__(self) -> str:
        return f"receipt {self.pk}"


class Pace(models.Model):
    """When a sender may send its next segment. One row for each sender, locked by whoever sends."""

    sender = models.CharField(primary_key=True, max_length=40)
    free_at = models.DateTimeField()
    day = models.DateField()  # the network's own
    sent_today = models.PositiveIntegerField(default=0)  # texts
    wait_until = models.DateTimeField(null=True)  # the carrier told us to slow down, or refuses us
    slowed = models.PositiveSmallIntegerField(default=0)  # how often in a row

    class Retention:
        keep = {Keep.ALWAYS: ("sender", "free_at", "day", "sent_today", "wait_until", "slowed")}
        plain = {"sender": "our own number or service"}

    def __str__(self) -> str:
        return "pace of a sender"


class Media(models.Model):
    """A picture or voice note that came with a text: fetched, encrypted, and erased at the carrier."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    text = models.ForeignKey(Inbound, on_delete=models.CASCADE, related_name="attachments")
    key_id = models.UUIDField()
    sid = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)
    content = SealedTextField(null=True)  # base64; None for one that was too big
    fetched_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "media"
        constraints = [models.UniqueConstraint(fields=["text", "sid"], name="media_is_kept_once")]

    class Retention:
        keep = {Keep.WORDS: ("id", "text", "key_id", "sid", "kind", "content", "fetched_at")}
        plain = {"sid": "the carrier's id of it", "kind": "a media type"}

    def __str__(self) -> str:
        return f"media {self.id}"

    @property
    def is_picture(self) -> bool:
        return self.kind in SHOWN

    @property
    def is_sound(self) -> bool:
        return self.kind in PLAYED


class Watch(models.Model):
    """What we know about the carrier's connection to us. There is one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    wanted_at = models.DateTimeField(null=True)  # its list is to be read before texts are handled
    read_at = models.DateTimeField(null=True)  # its list was last read
    tried_at = models.DateTimeField(null=True)
    found = models.PositiveIntegerField(default=0)  # texts that no webhook had brought, last time

    class Meta:
        verbose_name_plural = "watches"

    class Retention:
        keep = {Keep.ALWAYS: ("id", "wanted_at", "read_at", "tried_at", "found")}

    def __str__(self) -> str:
        return "watch on the carrier"


class Canary(models.Model):
    """The text that we send to our own second number each hour: one row, where there is such a number."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    next_at = models.DateTimeField()
    code = models.CharField(max_length=8, default="")  # of the one that is under way
    sent_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)  # when it counts as lost unless it has come
    seen_at = models.DateTimeField(null=True)  # the last that came back
    took = models.DurationField(null=True)  # how long that was under way

    class Meta:
        verbose_name_plural = "canaries"

    class Retention:
        keep = {Keep.ALWAYS: ("id", "next_at", "code", "sent_at", "lost_at", "seen_at", "took")}
        plain = {"code": "eight random letters"}

    def __str__(self) -> str:
        return "canary"


class RestoredCopy(models.Model):
    """There is a row as long as this database is a restored copy, and nobody has said that the original is
    dead: until then nothing is sent, and nothing is taken from the carrier."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    restored_at = models.DateTimeField()
    made_at = models.DateTimeField()  # when the backup was made: what happened since isn't here

    class Meta:
        verbose_name_plural = "restored copies"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="a_database_is_one_copy")]

    class Retention:
        keep = {Keep.ALWAYS: ("id", "restored_at", "made_at")}

    def __str__(self) -> str:
        return "a restored copy"


class Wording(models.Model):
    """A network's own wording of a text in a language. The last version counts; empty means ours."""

    text = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    version = models.PositiveIntegerField()
    words = models.TextField(blank=True)  # empty: ours again
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["text", "language", "version"], name="each_version_of_a_wording_is_written_once"
            )
        ]

    class Retention:
        keep = {Keep.ALWAYS: ("id", "text", "language", "version", "words", "changed_at", "changed_by")}
        plain = {
            "text": "the key of a text",
            "language": "a code",
            "words": "a template that the network sends to all: fields stand for what is anybody's",
        }

    def __str__(self) -> str:
        return f"{self.text} in {self.language}, version {self.version}"
