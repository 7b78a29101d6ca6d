"""Incoming texts: each is stored once, then handled in order or left to a person."""

import json
import time
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from network.audit.actions import announce, wake
from network.audit.rules import Task
from network.database.writing import insert_once, save_columns
from network.messaging.canary import is_to_canary
from network.messaging.contacts import Sender, opt_out, reachable_again, sender_of
from network.messaging.models import Inbound
from network.messaging.rules.fields import is_to_us, sid_of
from network.messaging.rules.opt_out import asks_to_stop
from network.messaging.rules.states import ATTEMPTS, InState, retry_in
from network.privacy.rules.unwanted import masked

WAKE_EVERY_S = 0.2


def receive(form: Mapping[str, str], *, now: datetime, came_at: datetime | None = None) -> Inbound | None:
    """Store an incoming text and queue its handling. None if the carrier has delivered it before.

    Numbers that we don't want to know are masked before anything is kept or understood.
    The whole form is kept, encrypted, because the carrier adds parameters without notice. `came_at` is when
    the carrier got a text that we had to fetch. A stop word takes effect here, before the text is handled.
    """
    form = {**form, "Body": masked(form.get("Body", ""))}
    sender = sender_of(form.get("From", ""), now=now)
    media = _count(form.get("NumMedia", ""))
    text = Inbound(
        account=form.get("AccountSid", ""),
        sid=sid_of(form),
        contact_id=sender.contact_id,
        key_id=sender.key_id,
        form=json.dumps(form),
        body=form.get("Body", ""),
        ours=sender.ours or is_to_canary(form.get("To", "")),  # strangers by the thousand don't hold it up
        revives=sender.unreachable,
        media=media,
        media_due_at=now if media else None,
        received_at=now,
        came_at=came_at or now,
        fetched=came_at is not None,
        next_attempt_at=now,
    )
    stops = to_us(form) and asks_to_stop(form.get("Body", ""), form.get("OptOutType", ""))
    if not (text.ours or stops or sender.unreachable or _strangers.may_wake()):
        # One more in a flood: only its row is written, and a worker is awake already.
        return text if insert_once(text) else None
    return _store_and_tell(text, sender, stops=stops, now=now)


def to_us(form: Mapping[str, str]) -> bool:
    return is_to_us(
        form, number=settings.TWILIO_NUMBER or "", service=settings.TWILIO_MESSAGING_SERVICE_SID or ""
    )


@transaction.atomic
def _store_and_tell(text: Inbound, sender: Sender, *, stops: bool, now: datetime) -> Inbound | None:
    if not insert_once(text):
        return None
    if sender.unreachable:
        reachable_again(sender.contact_id)
    if stops:
        opt_out(sender.contact_id, now=now)
    wake_for(text)
    if text.ours:
        announce("text")
    return text


def wake_for(text: Inbound) -> None:
    """Wake a worker for this text. Known people and strangers have separate queues."""
    if text.ours and text.contact_id:
        wake(Task.HANDLE_TEXTS)
    elif not text.ours:
        wake(Task.HANDLE_STRANGERS)


class NowAndThen:
    """Limits wake-ups to five a second in this process: in a flood, one is enough for many texts.

    A wake-up that is left out delays a text by a second at most, until the engine's next step.
    """

    def __init__(self) -> None:
        self.last = 0.0

    def may_wake(self) -> bool:
        now = time.monotonic()
        if now - self.last < WAKE_EVERY_S:
            return False
        self.last = now
        return True


_strangers = NowAndThen()


def _count(digits: str) -> int:
    return min(int(digits), 99) if digits.isascii() and digits.isdigit() else 0


def handled(text: Inbound, *, understood: str, request_id: UUID | None, now: datetime) -> None:
    text.state, text.handled_at, text.erase_at = InState.HANDLED, now, now
    text.understood, text.request_id = understood, request_id
    save_columns(text, "state", "handled_at", "understood", "request_id", "erase_at", "said_before")


def failed(text_id: UUID, *, now: datetime) -> bool:
    """Count a failure to handle a text. True if it was the last try, so that a person must read it."""
    text = Inbound.objects.get(pk=text_id)
    attempts = text.attempts + 1
    last = attempts >= ATTEMPTS
    Inbound.objects.filter(pk=text_id, state=InState.WAITING).update(
        attempts=attempts,
        state=InState.PERSON if last else InState.WAITING,
        next_attempt_at=now + retry_in(attempts),
        erase_at=now if last else None,
    )
    return last
