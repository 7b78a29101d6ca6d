"""What may be a name, an address or a cell: one line of plain text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.people.rules.plain_text import is_text, plain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Rosa \t López ", "Rosa López"),
        ("Ana\nBCC: x", "Ana BCC: x"),
        ("Ana\r\n\u2028Luz\u0085", "Ana Luz"),
        ("Ro\u200bsa\ufeff", "Rosa"),
        ("\u202eanA\u202c \u2066x\u2069", "anA x"),
        ("Jose\u0301", "José"),
        ("\u3164\u2800\u115f", ""),
        ("\u200dAna\u200d", "Ana"),
        ("علی\u200cرضا", "علی\u200cرضا"),  # a joiner that Persian needs
        ("Nguyễn Thị O'Brien-Łukasz 3rd, Jr.", "Nguyễn Thị O'Brien-Łukasz 3rd, Jr."),
        ("ａｎａ", "ａｎａ"),
    ],
)
def test_what_nobody_sees_is_left_out(typed, kept):
    assert plain(typed) == kept
    assert is_text(typed)


@pytest.mark.parametrize(
    "typed", ["A\0na", "\x1b[31mAna", "Ana\x07", "An\x7fa", "\ud800", "\ue000", "\uffff"]
)
def test_what_is_no_text_is_told(typed):
    assert not is_text(typed)


@given(st.text())
def test_what_is_kept_is_one_line_that_stays_as_it_is(typed):
    kept = plain(typed)
    assert plain(kept) == kept
    assert "\n" not in kept
    assert not any(
        unicodedata.bidirectional(sign) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI") for sign in kept
    )


@given(st.text(st.characters(max_codepoint=127)))
def test_the_short_way_for_plain_letters_says_what_the_long_one_says(typed):
    assert plain(typed) == plain(typed + "\u200b")  # which is no plain letter, and is dropped
    assert is_text(typed) == is_text(typed + "é")
