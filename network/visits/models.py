"""A responder's part in a request, the word at the door, and every view of an address."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from network.dispatch.models import Offer
from network.people.models import Person
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.support.models import SupportRequest
from network.visits.rules.stages import Plan, Stage


class Visit(models.Model):
    """From acceptance to done."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    support_request = models.ForeignKey(SupportRequest, on_delete=models.CASCADE, related_name="visits")
    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="visit")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="visits")
    stage = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Stage])
    plan = models.CharField(max_length=8, blank=True, choices=[(p.value, p.value) for p in Plan])
    token_hash = models.BinaryField(null=True, unique=True)
    device_hash = models.BinaryField(null=True)  # of what the one browser holds in which the link is open
    moves = models.PositiveSmallIntegerField(default=0)  # of this link to another device
    views = models.PositiveIntegerField(default=0)  # of what this link shows
    began_at = models.DateTimeField()
    there_by = models.DateTimeField(null=True)
    there_at = models.DateTimeField(null=True)
    done_by = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    gave_up = models.BooleanField(default=False)  # couldn't go after all; nobody took them off
    asked_at = models.DateTimeField(null=True)  # "are you OK?" was sent
    flagged_at = models.DateTimeField(null=True)  # silence after it went to a person
    confirm_at = models.DateTimeField(null=True)  # for a set time: when to ask whether it still stands
    confirm_asked_at = models.DateTimeField(null=True)  # asked, and not answered
    fine_asked_at = models.DateTimeField(null=True)  # "it was fine, or please call me?"
    fine_answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=("done", "left"), ended_at__isnull=False, token_hash=None)
                | ~Q(stage__in=("done", "left")) & Q(ended_at=None),
                name="an_ended_visit_has_a_time_and_no_link",
            ),
            models.CheckConstraint(
                condition=Q(device_hash=None) | Q(token_hash__isnull=False),
                name="a_device_is_bound_to_a_link",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"], condition=Q(stage__in=("held", "going", "there")), name="visits_under_way"
            )
        ]

    class Retention:
        keep = {
            Keep.CASE: (
                "id", "support_request", "offer", "person", "stage", "plan", "token_hash",
                "device_hash", "moves", "views", "began_at", "there_by", "there_at", "done_by", "ended_at",
                "gave_up", "asked_at", "flagged_at", "confirm_at", "confirm_asked_at", "fine_asked_at",
                "fine_answered_at",
            )
        }  # fmt: skip
        plain = {"stage": "one of a closed set", "plan": "one of a closed set"}

    def __str__(self) -> str:
        return f"visit {self.id}"


class VisitWord(models.Model):
    """The word to ask for at the door. One per request is in force; void once who comes has changed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    support_request = models.ForeignKey(SupportRequest, on_delete=models.CASCADE, related_name="words")
    key_id = models.UUIDField()
    word = SealedTextField()
    given_at = models.DateTimeField()
    void_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["support_request"],
                condition=Q(void_at=None),
                name="a_request_has_one_word_in_force",
            )
        ]

    class Retention:
        keep = {Keep.CASE: ("id", "support_request", "key_id", "word", "given_at", "void_at")}

    def __str__(self) -> str:
        return f"word {self.id}"


class Disclosure(models.Model):
    """One view of one address or number by one responder, or one that was refused."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="disclosures")
    at = models.DateTimeField()
    what = models.CharField(max_length=12)

    class Retention:
        keep = {Keep.CASE: ("id", "visit", "at", "what")}
        plain = {"what": "address, number, or why not"}

    def __str__(self) -> str:
        return f"disclosure {self.pk}"
