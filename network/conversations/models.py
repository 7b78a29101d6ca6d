"""The one question that is open to each phone, calls to our number, and what coordinators are writing."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from network.messaging.models import Contact
from network.people.models import Person
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.staff.models import Staff


class Conversation(models.Model):
    """The question we last asked this person, if they have not answered it."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True)
    question = models.CharField(max_length=16, blank=True)
    request_id = models.UUIDField(null=True)
    visit_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField(null=True)
    ends_by = models.PositiveSmallIntegerField(null=True)  # two digits in place of the one that ends it all
    reasked = models.BooleanField(default=False)
    flagged_at = models.DateTimeField(null=True)  # silence went to the board
    called_at = models.DateTimeField(null=True)  # and then to be called

    class Retention:
        keep = {
            Keep.CASE: (
                "person", "question", "request_id", "visit_id", "asked_at", "ends_by", "reasked",
                "flagged_at", "called_at",
            )
        }  # fmt: skip
        plain = {"question": "one of a closed set"}

    def __str__(self) -> str:
        return f"conversation of person {self.person_id}"


class Draft(models.Model):
    """What a coordinator has begun to write to one person. Only they see it, on any device."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    staff_id = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    key_id = models.UUIDField()
    words = SealedTextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff_id", "person"], name="one_draft_a_writer_and_person")
        ]

    class Retention:
        keep = {Keep.WORDS: ("id", "staff_id", "person", "key_id", "words", "saved_at")}

    def __str__(self) -> str:
        return f"draft {self.id}"


class Reader(models.Model):
    """The conversation that a coordinator has open now, and whether they are writing in it."""

    staff_id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="readers")
    seen_at = models.DateTimeField()
    wrote_at = models.DateTimeField(null=True)

    class Retention:
        keep = {Keep.SESSION: ("staff_id", "person", "seen_at", "wrote_at")}

    def __str__(self) -> str:
        return f"reader {self.staff_id}"


class Call(models.Model):
    """A call to our number. Where it stands is in the address of its next webhook; what it led to is here."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    account = models.CharField(max_length=64)
    sid = models.CharField(max_length=64)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="calls")
    request_id = models.UUIDField(null=True)  # the one that was open, or that it opened
    began_at = models.DateTimeField(db_index=True)
    asked = ArrayField(models.CharField(max_length=16), default=list)  # what keys asked for, once each
    promised_at = models.DateTimeField(null=True)  # nobody answered: they were told when a person calls
    ended_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "sid"], name="a_call_is_stored_once")]

    class Retention:
        keep = {
            Keep.DAY: (
                "id", "account", "sid", "contact", "request_id", "began_at", "asked", "promised_at",
                "ended_at", "seconds",
            )
        }  # fmt: skip
        plain = {
            "account": "the carrier's id",
            "sid": "the carrier's id",
            "asked": "of a closed set",
        }

    def __str__(self) -> str:
        return f"call {self.id}"


class Leg(models.Model):
    """A coordinator's phone that rings for a call. Written before the carrier is told to ring it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="legs")
    place = models.PositiveSmallIntegerField()  # 0 is rung first
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    rung_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)  # they pressed the key

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "place"], name="one_phone_rings_at_a_time"),
            models.UniqueConstraint(fields=["call", "staff"], name="a_phone_rings_once_for_a_call"),
        ]

    class Retention:
        keep = {Keep.DAY: ("id", "call", "place", "staff", "rung_at", "taken_at")}

    def __str__(self) -> str:
        return f"leg {self.id}"
