"""One line of plain text, as a name, an address or a spreadsheet's cell is. Pure.

A name is shown on pages and sent in texts to others. Invisible characters, or those that reverse the writing
direction, could make it look like another name, and a second line could look like words of ours.
"""

import re
import unicodedata

LONGEST = {
    "name": 80, "street": 100, "unit": 20, "city": 60, "bar_number": 40, "duress_word": 40, "email": 254,
    "slug": 40,
}  # fmt: skip


LONGEST_OF_ALL = 200  # characters of any other field


# Characters of zero width or of direction, and blank letters. Joiners aren't here: some scripts need them.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800"
    "\u3164\ufeff\uffa0\ufff9-\ufffc\U000e0000-\U000e0fff]"
)


LOOSE_JOINER = re.compile("(?<![^\\W\\d_])[\u200c\u200d]|[\u200c\u200d](?![^\\W\\d_])")


NO_TEXT = frozenset({"Cc", "Cs", "Co", "Cn"})  # controls, surrogates, and unassigned characters


def plain(text: str) -> str:
    """In one Unicode form (NFC), without invisible characters; any white space becomes one space."""
    if text.isascii():  # has only one form, and nothing invisible
        return " ".join(text.split())
    seen = LOOSE_JOINER.sub("", UNSEEN.sub("", unicodedata.normalize("NFC", text)))
    return " ".join(seen.split())


def is_text(text: str) -> bool:
    """Whether it has only letters, digits, symbols and spaces."""
    if text.isascii():
        return plain(text).isprintable()
    return not any(unicodedata.category(sign) in NO_TEXT for sign in plain(text))


def longest(field: str) -> int:
    """How many characters a field may have."""
    return LONGEST.get(field, LONGEST_OF_ALL)
