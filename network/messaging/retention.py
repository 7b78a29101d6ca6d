"""What strangers sent goes after a day; that a text was here stays, so that a repeat is known."""

from datetime import datetime, timedelta

from django.db import transaction

from network.desk.models import Need
from network.messaging.models import Contact, Inbound, Media, Outbound
from network.messaging.rules import InState
from network.privacy.actions import erase_day_keys
from network.privacy.models import Key

DAY = timedelta(days=1)


@transaction.atomic
def forget_strangers(*, now: datetime) -> int:
    """Erase the texts and phones sealed under days that are over, and then the days' keys.

    A text not yet handled, or still on the board, keeps its key.
    """
    before = (now - DAY).date()
    if not Key.objects.filter(day__lt=before).exists():
        return 0
    old = Contact.objects.filter(key__day__lt=before, last_in_at__lt=now - DAY)
    waiting = Inbound.objects.filter(state=InState.WAITING).values("contact")
    gone = old.exclude(pk__in=waiting).exclude(pk__in=_on_the_board())
    ids = list(gone.values_list("pk", flat=True))
    Media.objects.filter(text__contact__in=ids).delete()
    Inbound.objects.filter(contact__in=ids).update(
        contact=None, key=None, form=None, body=None, state=InState.HANDLED
    )
    Outbound.objects.filter(contact__in=ids).delete()
    Contact.objects.filter(pk__in=ids, opted_out_at=None).delete()
    return erase_day_keys(before=before)


def _on_the_board() -> list[str]:
    open_needs = Need.objects.filter(closed_at=None, about__startswith="contact:")
    return [about.removeprefix("contact:") for about in open_needs.values_list("about", flat=True)]
