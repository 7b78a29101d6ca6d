"""What is erased of texts: strangers' after a day, and whose they were once their request is gone."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from network.messaging.models import Contact, Inbound, Media, Outbound, Receipt
from network.messaging.retention import forget_contacts, forget_texts_in, waiting_contacts
from network.messaging.rules.states import FINAL, InState
from network.privacy.forgetting import EVERY_FIELD, Eraser, Rows, deleting
from network.privacy.keep import Keep
from network.privacy.models import Key


def forget_requests(requests: Collection[UUID]) -> None:
    """Texts no longer say which request they were about."""
    Inbound.objects.filter(request_id__in=requests).update(request_id=None)
    Outbound.objects.filter(request_id__in=requests).update(request_id=None, offer_id=None)


def _strangers(before: datetime, now: datetime) -> Rows:
    """Phones of nobody in the network that neither wrote nor called since, and that nobody is to look at."""
    theirs = Contact.objects.filter(key_id__in=Key.objects.filter(day__isnull=False).values("pk"))
    silent = theirs.filter(
        Q(last_in_at=None) | Q(last_in_at__lt=before), Q(called_at=None) | Q(called_at__lt=before)
    )
    texts = Inbound.objects.filter(contact=OuterRef("pk"))
    once_heard = Q(last_in_at__isnull=False) | Q(called_at__isnull=False) | Q(Exists(texts))
    silent = silent.filter(once_heard).exclude(Exists(texts.filter(received_at__gte=before)))
    return silent.exclude(waiting_contacts())


def _strangers_texts(before: datetime, now: datetime) -> Rows:
    """Those of phones that go on writing, or are of people of the network by now: each text has its day."""
    theirs = Inbound.objects.filter(
        key_id__in=Key.objects.filter(day__isnull=False).values("pk"), received_at__lt=before
    )
    kept = Contact.objects.filter(waiting_contacts()).values("pk")
    return theirs.exclude(state=InState.WAITING).exclude(contact__in=kept)


def _forget_strangers(keys: list[Any], now: datetime) -> None:
    forget_texts_in(Inbound.objects.filter(contact__in=keys))
    forget_contacts(keys)


def _forget_strangers_texts(keys: list[Any], now: datetime) -> None:
    forget_texts_in(Inbound.objects.filter(pk__in=keys))


def _texts_of_somebody(before: datetime, now: datetime) -> Rows:
    """Texts without words of no request that is still kept, which say from whom they came."""
    wordless = Inbound.objects.filter(key_id=None, media_due_at=None).exclude(state=InState.WAITING)
    known = Q(contact__isnull=False) | ~Q(understood="")
    return wordless.filter(known, request_id=None, received_at__lt=before)


def _unlink(keys: list[Any], now: datetime) -> None:
    Inbound.objects.filter(pk__in=keys).update(contact=None, understood="")


def _texts_out(before: datetime, now: datetime) -> Rows:
    """Texts that are done with at the carrier too, of no request that is still kept."""
    return Outbound.objects.filter(request_id=None, state__in=FINAL, erase_at=None, owed_at__lt=before)


def _forget_texts_out(keys: list[Any], now: datetime) -> None:
    Receipt.objects.filter(outbound_id__in=keys).delete()
    Outbound.objects.filter(pk__in=keys).delete()


def _receipts(before: datetime, now: datetime) -> Rows:
    """Receipts of no text that is still kept."""
    texts = Outbound.objects.filter(pk=OuterRef("outbound_id"))
    return Receipt.objects.filter(~Exists(texts), received_at__lt=before)


def last_moment_of_texts_out() -> Coalesce:
    """When a text of ours was done with."""
    return Coalesce(F("final_at"), F("sent_at"), F("owed_at"))


ERASERS = (
    Eraser("strangers", Keep.DAY, {Contact: (EVERY_FIELD,)}, _strangers, _forget_strangers),
    Eraser(
        "strangers_texts",
        Keep.DAY,
        {Inbound: ("key_id", "form", "body"), Media: (EVERY_FIELD,)},
        _strangers_texts,
        _forget_strangers_texts,
    ),
    Eraser(
        "texts_in",
        Keep.CASE,
        {Inbound: ("contact", "understood", "request_id")},
        _texts_of_somebody,
        _unlink,
    ),
    Eraser("texts_out", Keep.CASE, {Outbound: (EVERY_FIELD,)}, _texts_out, _forget_texts_out),
    deleting("receipts", Keep.CASE, _receipts, Receipt),
)
