"""The hunt for responders: a search a request, and its offers."""

from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from network.dispatch.rules import OfferState
from network.people.models import Person
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.privacy.models import Key
from network.support.models import SupportRequest


class Search(models.Model):
    """The hunt for one request. It runs while the request is searching; due when a wave is."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    support_request = models.OneToOneField(SupportRequest, on_delete=models.CASCADE, related_name="search")
    wave = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, db_index=True)  # when the next wave is planned
    answer_by = models.DateTimeField(null=True)  # what the member was promised
    answered_at = models.DateTimeField(null=True)  # told who goes, or that there is nobody yet
    nobody_told_at = models.DateTimeField(null=True)  # asked "wait, or be called?"
    nobody_answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "searches"

    class Retention:
        keep = {
            Keep.CASE: (
                "id", "support_request", "wave", "started_at", "due_at", "answer_by", "answered_at",
                "nobody_told_at", "nobody_answered_at",
            )
        }  # fmt: skip

    def __str__(self) -> str:
        return f"search {self.id}"


class Offer(models.Model):
    """One question to one responder. An acceptance holds its responder until it is released."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="offers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="offers")
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+")
    code = models.PositiveSmallIntegerField(validators=[MinValueValidator(10), MaxValueValidator(99)])
    wave = models.PositiveSmallIntegerField()
    miles = models.PositiveSmallIntegerField(null=True)
    by_hand = models.BooleanField(default=False)
    state = models.CharField(
        max_length=14, default=OfferState.OPEN, choices=[(s.value, s.value) for s in OfferState]
    )
    asked_at = models.DateTimeField()
    open_until = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    said = SealedTextField(null=True)  # what else the answer said
    minutes = models.PositiveSmallIntegerField(null=True)  # "41 in 30 min"
    released_at = models.DateTimeField(null=True)  # no longer engaged by it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="accepted", released_at=None),
                name="a_person_has_one_accepted_offer_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="open"), name="a_person_has_one_open_offer"
            ),
            models.CheckConstraint(
                condition=Q(code__gte=10, code__lte=99), name="an_offers_code_has_two_digits"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("accepted", "declined")) | Q(answered_at__isnull=False),
                name="an_offer_is_accepted_only_by_an_answer",
            ),
        ]
        indexes = [models.Index(fields=["person", "-asked_at"], name="offers_of_a_person")]

    class Retention:
        keep = {
            Keep.CASE: (
                "id", "search", "person", "key", "code", "wave", "miles", "by_hand", "state",
                "asked_at", "open_until", "answered_at", "said", "minutes", "released_at",
            )
        }  # fmt: skip
        plain = {"state": "one of a closed set"}

    def __str__(self) -> str:
        return f"offer {self.id}"
