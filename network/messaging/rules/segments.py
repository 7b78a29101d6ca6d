"""How many parts a text is sent in, counted as Twilio counts. Pure."""

from dataclasses import dataclass

MAX_LENGTH = 1600  # the carrier refuses more (21617)
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")  # two units each


@dataclass(frozen=True, slots=True)
class Segments:
    """`units` are septets in GSM-7 and UTF-16 units in UCS-2."""

    encoding: str
    parts: int
    units: int


def segments(text: str) -> Segments:
    """160 GSM-7 units or 70 of UCS-2 in one part; 153 or 67 in each of several.

    A pair of units that makes one sign is never split across parts.
    """
    if all(sign in BASIC or sign in EXTENDED for sign in text):
        return _count("GSM-7", [2 if sign in EXTENDED else 1 for sign in text], 160, 153)
    return _count("UCS-2", [2 if ord(sign) > 0xFFFF else 1 for sign in text], 70, 67)


def _count(encoding: str, sizes: list[int], alone: int, joined: int) -> Segments:
    total = sum(sizes)
    if total <= alone:
        return Segments(encoding, 1, total)
    parts, room = 1, joined
    for size in sizes:
        if size > room:
            parts, room = parts + 1, joined
        room -= size
    return Segments(encoding, parts, total)
