"""Where, when and with whose device a picture or voice note was made is taken out of it. Pure.

Only the parts of a file that hold such things are left out; nothing is decoded, so no broken picture can do
anything here. A file that isn't built as its kind says is kept as it is. How a photo is to be turned stays.
"""

import struct
from collections.abc import Iterator

JPEG, PNG, GIF = b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"GIF8"
JFIF, ADOBE, COMMENT, SCAN = 0xE0, 0xEE, 0xFE, 0xDA
EXIF, TURNED = b"Exif\0\0", 0x0112
PNG_TELLS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
WEBP_TELLS = frozenset({b"EXIF", b"XMP "})
WEBP_SAYS_SO = 0x08 | 0x04  # in its head: that there is one of them
MP4_TELLS = frozenset({b"udta", b"meta", b"uuid"})
MP4_HOLDS = frozenset({b"moov", b"trak", b"mdia"})


class Broken(Exception):
    """Not built as its kind says."""


def without_metadata(content: bytes) -> bytes:
    """The same picture or sound. What is no kind that we know is returned as it is."""
    try:
        if content.startswith(JPEG):
            return _jpeg(content)
        if content.startswith(PNG):
            return _png(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
        if content[4:8] == b"ftyp":
            return _mp4(content, 0, len(content))
    except (Broken, struct.error, IndexError):
        return content
    return content


def _jpeg(content: bytes) -> bytes:
    kept, at, turned = [JPEG], 2, 0
    while True:
        if content[at] != 0xFF:
            raise Broken
        marker = content[at + 1]
        if marker == SCAN:
            break
        (length,) = struct.unpack_from(">H", content, at + 2)
        segment = content[at : at + 2 + length]
        if len(segment) < 2 + length or length < 2:
            raise Broken
        if segment[4:10] == EXIF:
            turned = turned or _turned(segment[10:])
        tells = (JFIF < marker <= 0xEF and marker != ADOBE) or marker == COMMENT
        if not tells:
            kept.append(segment)
        at += 2 + length
    if turned:
        kept.insert(1, _only_turned(turned))
    return b"".join(kept) + content[at:]


def _turned(tiff: bytes) -> int:
    """How the picture is to be turned (1 to 8), 0 where nothing says so."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    (at,) = struct.unpack_from(order + "I", tiff, 4)
    (entries,) = struct.unpack_from(order + "H", tiff, at)
    for n in range(entries):
        tag, _kind, _count, value = struct.unpack_from(order + "HHIH", tiff, at + 2 + 12 * n)
        if tag == TURNED and 1 <= value <= 8:
            return int(value)
    return 0


def _only_turned(turned: int) -> bytes:
    """An EXIF segment that says nothing else."""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, TURNED, 3, 1, turned, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", 2 + len(EXIF) + len(tiff)) + EXIF + tiff


def _png(content: bytes) -> bytes:
    kept, at = [PNG], len(PNG)
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        chunk = content[at : at + 12 + length]
        if len(chunk) < 12 + length:
            raise Broken
        if chunk[4:8] not in PNG_TELLS:
            kept.append(chunk)
        at += 12 + length
    return b"".join(kept)


def _webp(content: bytes) -> bytes:
    kept, at = [], 12
    while at < len(content):
        (length,) = struct.unpack_from("<I", content, at + 4)
        whole = 8 + length + length % 2
        chunk = bytearray(content[at : at + whole])
        if len(chunk) < 8 + length:
            raise Broken
        if chunk[:4] == b"VP8X":
            chunk[8] &= ~WEBP_SAYS_SO & 0xFF
        if bytes(chunk[:4]) not in WEBP_TELLS:
            kept.append(bytes(chunk))
        at += whole
    inside = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def _mp4(content: bytes, start: int, end: int) -> bytes:
    """Boxes with such things become empty ones of the same size: others point into the file by place."""
    made = bytearray(content)
    for at, head, whole, kind in _boxes(content, start, end):
        if kind in MP4_TELLS:
            made[at + 4 : at + 8] = b"free"
            made[at + head : at + whole] = bytes(whole - head)
        elif kind in MP4_HOLDS:
            made[at : at + whole] = _mp4(content, at + head, at + whole)[at : at + whole]
    return bytes(made)


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, bytes]]:
    """Where each box begins, how long its head and the whole of it are, and its kind."""
    at = start
    while at < end:
        (whole,) = struct.unpack_from(">I", content, at)
        head = 8
        if whole == 1:
            (whole,), head = struct.unpack_from(">Q", content, at + 8), 16
        elif whole == 0:
            whole = end - at
        if whole < head or at + whole > end:
            raise Broken
        yield at, head, whole, content[at + 4 : at + 8]
        at += whole
