"""What a PIN or a duress word may be. Pure."""

from collections.abc import Callable
from enum import StrEnum

from network.messaging.rules.opt_out import RESERVED


def is_pin(text: str) -> bool:
    return text.isascii() and text.isdigit() and 4 <= len(text) <= 8


type IsEveryday = Callable[[str], bool]


class BadWord(StrEnum):
    """Why this can't be a duress word."""

    SHORT = "short"  # or has characters other than letters
    RESERVED = "reserved"  # the carrier has reserved it
    TAKEN = "taken"  # a command, a visit word, or a word of everyday texts


def duress_word_problem(word: str, *, is_everyday: IsEveryday) -> BadWord | None:
    """Why nobody may choose this word, or None. `is_everyday` says whether everyday texts use it."""
    bare = word.strip().upper()
    if len(bare) < 4 or not bare.replace(" ", "").isalpha():
        return BadWord.SHORT
    if bare in RESERVED:
        return BadWord.RESERVED
    if is_everyday(word):
        return BadWord.TAKEN
    return None
