"""What a word may have been meant for: one slip of typing in a long word is forgiven. Pure."""

from functools import lru_cache

NO_SLIPS = frozenset(
    {
        "anos",
        "dont",
        "done",
        "gone",
        "cant",
        "want",
        "wont",
        "tengan",
        "tenga",
        "home",
        "some",
        "here",
        "there",
        "care",
    }
)  # words of their own
SLIPS_FROM = 4  # letters of a word in which one slip is forgiven
SLIPS_TO = 24
BY_THEMSELVES: set[str] = set()  # the phrases of one word
VOCABULARY: dict[str, set[str]] = {}  # the words of all phrases, by themselves with one letter left out


def meanings(word: str) -> tuple[str, ...]:
    """The word itself, and the words of our phrases that are one slip of typing away."""
    return (word, *others(word))


@lru_cache(maxsize=4096)
def others(word: str) -> tuple[str, ...]:
    """The other words of our phrases that it may have been meant for."""
    if not SLIPS_FROM <= len(word) <= SLIPS_TO or word in NO_SLIPS:
        return ()
    likely = {near for key in shortened(word) if key in VOCABULARY for near in VOCABULARY[key]}
    return tuple(near for near in likely if near != word and is_one_slip(word, near))


def shortened(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def is_one_slip(a: str, b: str) -> bool:
    """One letter more, one less, one different, or two neighbors swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    at = 0
    for letter, two in zip(a, b, strict=False):
        if letter != two:
            break
        at += 1
    rest, other = a[at:], b[at:]
    return (
        rest[1:] == other
        or rest == other[1:]
        or rest[1:] == other[1:]
        or (rest[:2] == other[1::-1] and len(other) > 1 and rest[2:] == other[2:])
    )
