"""Where each conversation stands: the one question that is open to a phone."""

from django.db import models

from network.people.models import Person
from network.privacy.keep import Keep


class Conversation(models.Model):
    """The question we last asked this person, if they have not answered it."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True)
    question = models.CharField(max_length=16, blank=True)
    request_id = models.UUIDField(null=True)
    visit_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField(null=True)
    reasked = models.BooleanField(default=False)
    flagged_at = models.DateTimeField(null=True)  # silence went to the board
    called_at = models.DateTimeField(null=True)  # and then to be called

    class Retention:
        keep = {
            Keep.CASE: (
                "person", "question", "request_id", "visit_id", "asked_at", "reasked",
                "flagged_at", "called_at",
            )
        }  # fmt: skip
        plain = {"question": "one of a closed set"}

    def __str__(self) -> str:
        return f"conversation of person {self.person_id}"
