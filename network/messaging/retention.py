"""What strangers left is erased after a day. Rows of texts stay, to recognize a repeated delivery."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from network.desk.models import Need
from network.messaging.models import Contact, Inbound, Media, Outbound
from network.messaging.rules.states import FINAL, InState, OutState
from network.privacy.actions import day_keys_to_erase, erase_day_keys
from network.privacy.queries import day_keys_before

DAY = timedelta(days=1)
UNDER_WAY = (OutState.OWED, OutState.SENDING, OutState.UNKNOWN)


@transaction.atomic
def forget_strangers(*, now: datetime) -> int:
    """Erase what is left under the keys of past days, and then those keys.

    Strangers' texts and phones are erased by the hour (`network.messaging.forgetting`); this includes what
    has no time of its own, such as phones that we only wrote to. A text that waits to be handled, or is still
    on the board, keeps its key.
    """
    before = (now - DAY).date()
    if not day_keys_to_erase(before=before, now=now).exists():
        return 0
    days = day_keys_before(before)
    kept = waiting_contacts()
    wrote = Inbound.objects.filter(received_at__gte=now - DAY, contact__isnull=False).values("contact")
    silent = Q(last_in_at=None) | Q(last_in_at__lt=now - DAY)
    unheard = Q(called_at=None) | Q(called_at__lt=now - DAY)
    gone = Contact.objects.filter(silent, unheard, key_id__in=days).exclude(kept).exclude(pk__in=wrote)
    ids = list(gone.values_list("pk", flat=True))
    # Also of those who were enrolled since, or who go on writing: each text has its own day.
    kept_ids = list(Contact.objects.filter(kept).values_list("pk", flat=True))
    over = Q(contact__in=ids) | Q(key_id__in=days) & ~Q(contact__in=kept_ids)
    texts_in = Inbound.objects.filter(over, received_at__lt=now - DAY).exclude(state=InState.WAITING)
    forget_texts_in(texts_in)
    texts_out = Outbound.objects.filter(over, owed_at__lt=now - DAY).exclude(state__in=UNDER_WAY)
    _forget_texts_out(texts_out)
    forget_contacts(ids)
    return erase_day_keys(before=before, now=now)


def waiting_contacts() -> Q:
    """Which contacts are kept, however old: a text of theirs waits to be handled, or a person is to look."""
    waiting = Inbound.objects.filter(state=InState.WAITING, contact__isnull=False).values("contact")
    named = Concat(Value("contact:"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    return Q(pk__in=waiting) | Q(Exists(Need.objects.filter(closed_at=None, about=named)))


def forget_texts_in(texts: QuerySet[Inbound]) -> None:
    """Erase whose these texts were, and all that came with them."""
    ids = list(texts.values_list("pk", flat=True))
    Media.objects.filter(text__in=ids).delete()
    Inbound.objects.filter(pk__in=ids).update(
        contact=None,
        key_id=None,
        form=None,
        body=None,
        understood="",
        media_due_at=None,
        state=InState.HANDLED,
    )


def forget_contacts(ids: Collection[UUID]) -> None:
    """Erase these phones and what we wrote to them. That somebody stopped our texts stays."""
    _forget_texts_out(Outbound.objects.filter(contact__in=ids))
    theirs = Contact.objects.filter(pk__in=ids)
    theirs.filter(opted_out_at=None).delete()
    theirs.update(phone=None, key_id=None)


def forget_person_texts(contacts: Collection[UUID], *, key_id: UUID) -> None:
    """Erase these phones of somebody, all that was written either way, and what else their key seals."""
    forget_texts_in(Inbound.objects.filter(Q(contact__in=contacts) | Q(key_id=key_id)))
    _forget_texts_out(Outbound.objects.filter(Q(contact__in=contacts) | Q(key_id=key_id)))
    forget_contacts(contacts)


def _forget_texts_out(texts: QuerySet[Outbound]) -> None:
    """Those that the carrier still has lose their words and whom they went to. They go once it has none."""
    ids = list(texts.values_list("pk", flat=True))
    at_carrier = Q(state=OutState.SENT) | Q(state__in=FINAL, erase_at__isnull=False)
    Outbound.objects.filter(~at_carrier, pk__in=ids).delete()
    Outbound.objects.filter(pk__in=ids).update(contact=None, key_id=None, body=None)
