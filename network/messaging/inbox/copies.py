"""Whether a text to be handled is a copy of an earlier one, delivered again by the carrier."""

from dataclasses import replace
from datetime import timedelta
from itertools import takewhile

from django.db.models import Q

from network.database.compiled import Compiled
from network.messaging.models import Contact, Inbound, Outbound
from network.messaging.rules.copies import COPIED_WITHIN, MANY_COPIES, ArrivedText, Said, is_copy
from network.messaging.rules.states import InState, OutState
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import asks

COPY = "Copy"  # what such a text is understood as
OPTING = ("Stop", "Restore")  # what was said before may be answered otherwise after it
LOOKED_AT = 20  # texts of one phone, the newest first
CLOCKS_DIFFER = timedelta(seconds=10)  # the carrier's, in its list, and ours
MAY_HAVE_LEFT = (OutState.SENDING, OutState.UNKNOWN, OutState.SENT, OutState.DELIVERED, OutState.UNDELIVERED)


_last_order = Compiled(
    lambda print_: (
        Outbound.objects.filter(contact__fingerprint=print_)
        .order_by("-order")
        .values_list("order", flat=True)[:1]
    )
)


def last_said(contact: Contact) -> int:
    """The order of our last text to this phone, sent or not. 0 if there is none."""
    return _last_order.first(bytes(contact.fingerprint)) or 0


_near = Compiled(
    lambda contact_id, since, until: Inbound.objects.filter(
        Q(understood__gt="") & ~Q(understood=COPY),
        contact_id=contact_id,
        state=InState.HANDLED,
        media=0,
        came_at__range=(since, until),
    ).order_by("-arrival")[:LOOKED_AT]
)


def is_copied(text: Inbound, contact: Contact) -> bool:
    """Whether the text is a copy. Pictures never are: their words are often the same, or missing."""
    if text.media or text.revives:
        return False
    near = _near.all(contact.pk, text.came_at - COPIED_WITHIN, text.came_at + COPIED_WITHIN)
    since_opted = takewhile(lambda text_before: text_before.understood not in OPTING, near)
    earlier = [
        ArrivedText(text_before.body or "", text_before.came_at, text_before.said_before or 0)
        for text_before in since_opted
    ]
    words = text.body or ""
    if not any(text_before.words == words for text_before in earlier):
        return False
    if words.strip().isdigit():
        earlier = [replace(text_before, ahead=_was_ahead(text_before, contact)) for text_before in earlier]
    came_at = text.came_at + (CLOCKS_DIFFER if text.fetched else timedelta(0))
    return is_copy(
        ArrivedText(words, came_at),
        earlier,
        _said(contact, since=min(text_before.said_before for text_before in earlier)),
    )


_last_three = Compiled(
    lambda print_, order: Outbound.objects.filter(contact__fingerprint=print_, order__lte=order).order_by(
        "-order"
    )[:3]
)


def _was_ahead(text_before: ArrivedText, contact: Contact) -> bool:
    """Whether this answer came before the question that it answers was sent."""
    ours = _last_three.all(bytes(contact.fingerprint), text_before.said_before)
    last = [row for row in ours if _asks(row.text)][:1]
    return any(row.first_attempt_at is None or row.first_attempt_at > text_before.came_at for row in last)


def _asks(text: str) -> bool:
    """Whether a text of ours can be answered. A coordinator's own words always can."""
    return text not in Text or asks(Text(text))


_left_since = Compiled(
    lambda print_, since: Outbound.objects.filter(
        contact__fingerprint=print_, order__gt=since, state__in=MAY_HAVE_LEFT, first_attempt_at__isnull=False
    ).values_list("order", "first_attempt_at", "text")
)


def _said(contact: Contact, *, since: int) -> list[Said]:
    left = _left_since.all(bytes(contact.fingerprint), since)
    return [Said(order, left_at, _asks(text)) for order, left_at, text in left if left_at]


def are_many(text: Inbound, contact: Contact) -> bool:
    """Whether there were so many copies that a person must have sent them."""
    copies = Inbound.objects.filter(
        contact=contact, understood=COPY, came_at__gt=text.came_at - COPIED_WITHIN
    )
    return copies.count() >= MANY_COPIES
