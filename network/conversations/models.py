"""The one question that is open to each phone, and what coordinators are writing."""

from uuid import uuid4

from django.db import models

from network.people.models import Person
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep


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
