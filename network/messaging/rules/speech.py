"""A text as it is read aloud: one sentence after the other, and each answer as a key to press. Pure."""

import re

OPTION = re.compile(r"(\d+|\{code\}) = ([^=]*?)(?=, (?:\d+|\{code\}) = |\.|$)")
SENTENCE_AT_MOST = 110  # signs that a voice says in eight seconds
TAKES_IT = "1"  # the key by which a coordinator who was rung takes it; a machine presses none


def spoken(words: str, press: str) -> list[str]:
    """The sentences of a text. Each answer in it, `N = words`, is said as `press` has it."""
    first = OPTION.search(words)
    lead = words[: first.start()] if first else words
    answers = [press.format(digit=digit, answer=label.strip()) for digit, label in OPTION.findall(words)]
    return [*sentences(lead), *answers]


def sentences(words: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.?!])\s+", words.strip()) if sentence]
