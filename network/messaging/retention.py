"""Strangers' texts are erased after a day. Their rows stay, so that a repeated delivery is recognized."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from network.desk.models import Need
from network.messaging.models import Contact, Inbound, Media, Outbound
from network.messaging.rules.states import InState, OutState
from network.privacy.actions import day_keys_to_erase, erase_day_keys
from network.privacy.queries import day_keys_before

DAY = timedelta(days=1)
UNDER_WAY = (OutState.OWED, OutState.SENDING, OutState.UNKNOWN)


@transaction.atomic
def forget_strangers(*, now: datetime) -> int:
    """Erase strangers' texts and phones of past days, and then the keys of those days.

    This includes phones without a time of their last text, which only called or whose texts nobody handled.
    A text that waits to be handled, or is still on the board, keeps its key.
    """
    before = (now - DAY).date()
    if not day_keys_to_erase(before=before, now=now).exists():
        return 0
    days = day_keys_before(before)
    kept = Q(pk__in=Inbound.objects.filter(state=InState.WAITING).values("contact")) | Q(
        pk__in=_on_the_board()
    )
    wrote = Inbound.objects.filter(received_at__gte=now - DAY, contact__isnull=False).values("contact")
    silent = Q(last_in_at=None) | Q(last_in_at__lt=now - DAY)
    gone = Contact.objects.filter(silent, key_id__in=days).exclude(kept).exclude(pk__in=wrote)
    ids = list(gone.values_list("pk", flat=True))
    Outbound.objects.filter(contact__in=ids).delete()
    # Also of those who were enrolled since, or who go on writing: each text has its own day.
    kept_ids = list(Contact.objects.filter(kept).values_list("pk", flat=True))
    _erase_texts(Q(contact__in=ids) | Q(key_id__in=days) & ~Q(contact__in=kept_ids), now=now)
    theirs = Contact.objects.filter(pk__in=ids)
    theirs.filter(opted_out_at=None).delete()
    theirs.update(phone=None, key_id=None)  # that somebody stopped our texts stays, without their number
    return erase_day_keys(before=before, now=now)


def _erase_texts(which: Q, *, now: datetime) -> None:
    """Erase those of these texts that are a day old and no longer under way."""
    texts_in = Inbound.objects.filter(which, received_at__lt=now - DAY).exclude(state=InState.WAITING)
    ids = list(texts_in.values_list("pk", flat=True))
    Media.objects.filter(text__in=ids).delete()
    Inbound.objects.filter(pk__in=ids).update(
        contact=None, key_id=None, form=None, body=None, media_due_at=None, state=InState.HANDLED
    )
    Outbound.objects.filter(which, owed_at__lt=now - DAY).exclude(state__in=UNDER_WAY).delete()


def _on_the_board() -> list[str]:
    open_needs = Need.objects.filter(closed_at=None, about__startswith="contact:")
    return [about.removeprefix("contact:") for about in open_needs.values_list("about", flat=True)]
