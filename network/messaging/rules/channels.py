"""SMS and WhatsApp: addresses, what may be sent back when, and which media a page shows or plays. Pure."""

from datetime import timedelta
from enum import StrEnum

SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
PLAYED = frozenset({"audio/mpeg", "audio/ogg", "audio/amr", "audio/mp4", "audio/aac", "audio/wav"})


class Channel(StrEnum):
    SMS = "sms"
    WHATSAPP = "whatsapp"


WRITE_BACK_WITHIN = timedelta(hours=23, minutes=30)  # the carrier allows 24 hours, less our own delays


def channel_of(address: str) -> Channel:
    return Channel.WHATSAPP if address.startswith("whatsapp:") else Channel.SMS


def bare(address: str) -> str:
    """The phone in an address: +1... for whatsapp:+1..."""
    return address.removeprefix("whatsapp:")
