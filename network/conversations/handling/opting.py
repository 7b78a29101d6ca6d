"""What the carrier itself made of a text."""

import json

from django.conf import settings

from network.conversations.rules.commands import Command, Restore, Stop
from network.conversations.rules.context import Context
from network.messaging.models import Inbound
from network.messaging.rules.opt_out import asks_to_start, asks_to_stop


def told_by_carrier(text: Inbound, context: Context) -> Command | None:
    """The carrier's opt-out words may differ from ours."""
    word = json.loads(text.form or "{}").get("OptOutType", "")
    if asks_to_stop(text.body or "", word):
        return Stop()
    if context.opted_out and asks_to_start(text.body or "", word, sender=settings.TWILIO_NUMBER):
        return Restore()
    return None
