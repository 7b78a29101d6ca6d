"""The carrier's word on our texts: kept as it came, and acted on once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import announce, wake
from network.messaging.actions.contacts import close_app, mark_unreachable, opt_out
from network.messaging.actions.owing import send_by_text
from network.messaging.models import Outbound, Receipt
from network.messaging.refusals import Meaning, policy
from network.messaging.rules import FINAL, Channel, OutState, after_receipt, ask_again_in


@transaction.atomic
def take_receipt(
    *, outbound_id: UUID | None, sid: str, word: str, error: int | None, now: datetime, asked: bool = False
) -> None:
    """Keep the carrier's word and move the text forward by it, never back.

    A receipt may come before the answer to our own call, twice, or for nothing we know. `asked`:
    we fetched it, because none came.
    """
    Receipt.objects.create(
        outbound_id=outbound_id, sid=sid[:64], word=word[:32], error=error, received_at=now, asked=asked
    )
    text = _text_of(outbound_id, sid)
    if text is None:
        return
    old = OutState(text.state)
    new = after_receipt(old, word)
    if new == old and text.sid:
        return
    settle_status(text, new, sid=sid, error=error, now=now)


def _text_of(outbound_id: UUID | None, sid: str) -> Outbound | None:
    """By our own id in the receipt's address, else by the carrier's: a proxy may drop the query."""
    known = Outbound.objects.select_for_update(no_key=True, of=("self",)).select_related("contact")
    if outbound_id:
        text = known.filter(pk=outbound_id).first()
        return None if text is None or text.sid not in ("", sid) else text
    return known.filter(sid=sid).first() if sid else None


def settle_status(text: Outbound, new: OutState, *, sid: str, error: int | None, now: datetime) -> None:
    """Write the state that the carrier's word led to. The caller holds the row."""
    final = new in FINAL
    lost = new == OutState.UNDELIVERED
    Outbound.objects.filter(pk=text.pk).update(
        state=new,
        sid=sid[:64],
        error=error if lost else text.error,
        sent_at=text.sent_at or now,
        leased_until=None,
        final_at=now if final else None,
        ask_at=None if final else text.ask_at or now + ask_again_in(0),
        erase_at=now if final else None,
    )
    if lost and text.state != OutState.UNDELIVERED:
        not_delivered(text, code=error or 0, now=now)
    if text.request_id:
        announce(f"request:{text.request_id}")


def _goes_by_text(text: Outbound, *, code: int, now: datetime) -> bool:
    if text.contact is None or text.contact.channel != Channel.WHATSAPP:
        return False
    if policy(code).meaning in (Meaning.OPTED_OUT, Meaning.CONTENT, Meaning.BUG):
        return False
    close_app(text.contact, now=now)
    if send_by_text(text, now=now) is None:
        return False
    Outbound.objects.filter(pk=text.pk).update(minded_at=now)
    return True


def not_delivered(text: Outbound, *, code: int, now: datetime) -> None:
    """A text will not arrive: mark its number as the code says, and wake whoever acts on it.

    One that WhatsApp didn't bring goes by SMS, at once.
    """
    if _goes_by_text(text, code=code, now=now):
        return
    if text.contact_id:
        meaning = policy(code).meaning
        if meaning is Meaning.OPTED_OUT:
            opt_out(text.contact_id, now=now)
        elif meaning is Meaning.NUMBER:
            mark_unreachable(text.contact_id, code=code, now=now)
    wake("text_not_delivered", outbound_id=str(text.pk))
