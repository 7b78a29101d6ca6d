"""The search for responders: one per request, and its offers."""

from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from network.dispatch.rules.case import OfferState, Width
from network.people.models import Person
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.support.models import SupportRequest


class Search(models.Model):
    """The search for one request. It runs while the request is searching, and is due when a wave is."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    support_request = models.OneToOneField(SupportRequest, on_delete=models.CASCADE, related_name="search")
    wave = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    clock_from = models.DateTimeField(null=True)  # the target counts from here; anew when a place came free
    width = models.PositiveSmallIntegerField(default=Width.NEAR)  # how wide the last wave looked
    nobody_at = models.DateTimeField(null=True)  # the board was rung since nobody is left to ask,
    late_at = models.DateTimeField(null=True)  # or since the target is over,
    many_at = models.DateTimeField(null=True)  # or since very many were asked
    due_at = models.DateTimeField(null=True, db_index=True)  # when the next wave is planned
    last_call_at = models.DateTimeField(null=True)  # a set time is near and places are open
    answer_by = models.DateTimeField(null=True)  # what the member was promised
    answered_at = models.DateTimeField(null=True)  # told who goes, or that there is nobody yet
    nobody_told_at = models.DateTimeField(null=True)  # asked "wait, or be called?"
    nobody_answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "searches"

    class Retention:
        keep = {
            Keep.CASE: (
                "id", "support_request", "wave", "started_at", "clock_from", "width", "nobody_at",
                "late_at", "many_at", "due_at", "last_call_at", "answer_by", "answered_at",
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
    key_id = models.UUIDField()
    code = models.PositiveSmallIntegerField(validators=[MinValueValidator(10), MaxValueValidator(99)])
    wave = models.PositiveSmallIntegerField()
    miles = models.PositiveSmallIntegerField(null=True)
    by_hand = models.BooleanField(default=False)
    instead = models.BooleanField(default=False)  # asked on a yes that came too late for another request
    width = models.PositiveSmallIntegerField(default=Width.NEAR)
    state = models.CharField(
        max_length=14, default=OfferState.OPEN, choices=[(s.value, s.value) for s in OfferState]
    )
    drill = models.BooleanField(default=False)  # practice: holds and engages nobody
    starts_at = models.DateTimeField(null=True)  # for a set time, asked ahead: holds nobody
    asked_at = models.DateTimeField()
    open_until = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    said = SealedTextField(null=True)  # what else the answer said
    minutes = models.PositiveSmallIntegerField(null=True)  # "41 in 30 min"
    released_at = models.DateTimeField(null=True)  # no longer engaged by it
    holding = models.BooleanField(default=False)  # nobody else asks them while it does
    holds_until = models.DateTimeField(null=True)
    # What was thought of it when it was made (rules.case.Forecast): what its settlement learns from.
    chance = models.FloatField(null=True)
    rate = models.FloatField(null=True)
    likeliness = models.FloatField(null=True)
    cells = models.CharField(max_length=40, blank=True)
    late_yes_at = models.DateTimeField(null=True)  # a yes after the places were filled
    settled_at = models.DateTimeField(null=True)  # learned from, once; or there was nothing to learn

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="accepted", released_at=None, starts_at=None, drill=False),
                name="a_person_has_one_accepted_offer_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(holding=True), name="one_offer_holds_a_person_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(holding=False)
                | Q(state="open", holds_until__isnull=False, starts_at=None) & Q(drill=False),
                name="only_an_open_offer_holds",
            ),
            models.CheckConstraint(
                condition=Q(code__gte=10, code__lte=99), name="an_offers_code_has_two_digits"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("accepted", "declined")) | Q(answered_at__isnull=False),
                name="an_offer_is_accepted_only_by_an_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-asked_at"], name="offers_of_a_person"),
            models.Index(fields=["open_until"], condition=Q(state="open"), name="open_offers_by_end"),
            models.Index(fields=["asked_at"], condition=Q(settled_at=None), name="offers_to_settle"),
        ]

    class Retention:
        keep = {
            Keep.WORDS: ("said",),
            Keep.CASE: (
                "id", "search", "person", "key_id", "code", "wave", "miles", "by_hand", "instead", "width",
                "state", "drill", "starts_at", "asked_at", "open_until", "answered_at", "minutes",
                "released_at", "holding", "holds_until", "chance", "rate", "likeliness", "cells",
                "late_yes_at", "settled_at",
            ),
        }  # fmt: skip
        plain = {"state": "one of a closed set", "cells": "codes of a table of counters"}

    def __str__(self) -> str:
        return f"offer {self.id}"
