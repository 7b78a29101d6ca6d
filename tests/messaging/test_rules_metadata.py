"""Where, when and with what a picture was made is taken out; the picture stays, and a broken file is kept as it is."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.messaging.rules.metadata import _turned, without_metadata

SECRET = b"41.8781N Rosa's Phone"


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(turned=None, order=">"):
    entries = [(0x010F, 2, len(SECRET), 0)]
    head = {">": b"MM\0*", "<": b"II*\0"}[order]
    fields = b"".join(struct.pack(order + "HHII", *entry) for entry in entries)
    if turned:
        fields += struct.pack(order + "HHIHH", 0x0112, 3, 1, turned, 0)
    count = len(entries) + bool(turned)
    return (
        b"Exif\0\0"
        + head
        + struct.pack(order + "IH", 8, count)
        + fields
        + struct.pack(order + "I", 0)
        + SECRET
    )


SCAN = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\x34\xff\0\x56\xff\xd9"
TABLES = segment(0xDB, b"\0" + bytes(64)) + segment(0xC0, b"\x08\0\x10\0\x10\1\1\x11\0")
JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")


def jpeg(*told):
    return b"\xff\xd8" + JFIF + b"".join(told) + TABLES + SCAN


@pytest.mark.parametrize("order", [">", "<"])
def test_a_photo_loses_its_place_and_device_and_stays_turned(order):
    told = (segment(0xE1, exif(6, order)), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
            segment(0xED, b"Photoshop 3.0\0" + SECRET), segment(0xFE, SECRET))  # fmt: skip
    kept = without_metadata(jpeg(*told))
    assert SECRET not in kept
    assert b"adobe" not in kept
    at = kept.index(b"Exif\0\0")
    assert _turned(kept[at + 6 :]) == 6
    assert kept.endswith(TABLES + SCAN)
    assert JFIF in kept
    assert without_metadata(kept) == kept


def test_a_photo_that_says_nothing_is_the_same():
    assert without_metadata(jpeg()) == jpeg()
    assert without_metadata(jpeg(segment(0xEE, b"Adobe\0\x64\0\0\0\0\1"))) == jpeg(
        segment(0xEE, b"Adobe\0\x64\0\0\0\0\1")
    )


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_a_png_loses_its_words():
    head, body, end = chunk(b"IHDR", bytes(13)), chunk(b"IDAT", b"\1\2\3"), chunk(b"IEND", b"")
    told = chunk(b"tEXt", b"Author\0" + SECRET) + chunk(b"eXIf", exif()) + chunk(b"tIME", bytes(7))
    assert (
        without_metadata(b"\x89PNG\r\n\x1a\n" + head + told + body + end)
        == b"\x89PNG\r\n\x1a\n" + head + body + end
    )


def riff(*chunks):
    inside = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for kind, body in chunks
    )
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def test_a_webp_loses_them_and_no_longer_says_that_it_has_any():
    picture = (b"VP8 ", b"\1\2\3")
    told = riff((b"VP8X", b"\x1c" + bytes(9)), picture, (b"EXIF", exif()), (b"XMP ", SECRET))
    assert without_metadata(told) == riff((b"VP8X", b"\x10" + bytes(9)), picture)


def box(kind, body):
    return struct.pack(">I", len(body) + 8) + kind + body


def test_a_voice_note_loses_its_place_and_nothing_moves():
    sound = box(b"mdat", b"\7" * 40)
    told = (
        box(b"ftyp", b"M4A \0\0\0\0")
        + box(b"moov", box(b"mvhd", bytes(8)) + box(b"udta", box(b"\xa9xyz", SECRET)))
        + sound
    )
    kept = without_metadata(told)
    assert SECRET not in kept
    assert len(kept) == len(told)
    assert kept.endswith(sound)
    assert b"free" in kept
    assert b"mvhd" in kept


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xd8", jpeg()[:30], b"\x89PNG\r\n\x1a\n\0\0\xff\xffIDAT", b"RIFF\0\0\0\0WEBPVP8 \xff\xff\xff\xff",
     b"\0\0\0\x08ftyp\0\0\0\2moov", b"GIF89a" + SECRET, b"#!AMR\n\1\2"],
)  # fmt: skip
def test_what_is_broken_or_of_another_kind_is_kept_as_it_is(content):
    assert without_metadata(content) == content


@given(
    st.binary(max_size=300),
    st.sampled_from([b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftyp"]),
)
def test_no_file_does_anything_but_come_back(content, head):
    assert isinstance(without_metadata(head + content), bytes)
