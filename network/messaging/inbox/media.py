"""Pictures and voice notes: fetched with our credentials, kept encrypted and without where they were made,
and erased at the carrier."""

import base64
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from network.audit.actions import announce
from network.audit.rules import ENGINE
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.messaging.gateway.chosen import carrier
from network.messaging.gateway.protocol import Attachment, MessageGone, NotReached
from network.messaging.models import Inbound, Media
from network.messaging.rules.metadata import without_metadata

MOST_BYTES = 8 * 1024 * 1024
TRIES = 8
AT_ONCE = 10


def due(*, now: datetime) -> list[UUID]:
    waiting = Inbound.objects.filter(media_due_at__lte=now).order_by("media_due_at")
    return list(waiting.values_list("pk", flat=True)[:AT_ONCE])


def fetch_media(*, now: datetime) -> int:
    """Fetch the pictures and voice notes that are due. Returns how many texts were tried."""
    ids = due(now=now)
    for text_id in ids:
        _fetch(Inbound.objects.get(pk=text_id), now=now)
    return len(ids)


def _fetch(text: Inbound, *, now: datetime) -> None:
    try:
        attachments = carrier().attachments(text.sid, most_bytes=MOST_BYTES)
    except MessageGone:
        attachments = []
    except NotReached:
        tries = text.media_tries + 1
        if tries < TRIES:
            wait = timedelta(seconds=5) * 2**tries
            Inbound.objects.filter(pk=text.pk).update(media_due_at=now + wait, media_tries=tries)
            return
        attachments = []
    with transaction.atomic():
        for attachment in attachments:
            _keep(text, attachment, now=now)
        Inbound.objects.filter(pk=text.pk).update(media_due_at=None)
        if len([attachment for attachment in attachments if attachment.content]) < text.media:
            raise_need(
                Reason.MEDIA_LOST,
                about=About("contact", str(text.contact_id)),
                now=now,
                by=ENGINE,
                request_id=text.request_id,
            )
        announce(f"request:{text.request_id}" if text.request_id else "text")


def _keep(text: Inbound, attachment: Attachment, *, now: datetime) -> None:
    assert text.key_id is not None  # a text keeps its key while it is looked after
    row = Media(
        text=text,
        key_id=text.key_id,
        sid=attachment.sid[:64],
        kind=attachment.kind[:64],
        content=base64.b64encode(without_metadata(attachment.content)).decode()
        if attachment.content
        else None,
        fetched_at=now,
    )
    Media.objects.bulk_create([row], ignore_conflicts=True)
