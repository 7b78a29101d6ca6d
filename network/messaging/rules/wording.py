"""Whether a network's own wording may replace ours. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter

from network.messaging.rules.opt_out import RESERVED
from network.messaging.rules.segments import BASIC, EXTENDED, segments
from network.messaging.rules.speech import OPTION, SENTENCE_AT_MOST, sentences
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import SPOKEN, TABLES

SAMPLE = {
    "prefix": "Apoyo", "organization": "Casa Azul", "name": "Ana", "other": "Beto", "minutes": "20",
    "word": "MANGO", "zip": "60629", "miles": "12", "number": "207", "code": "41", "language": "English",
    "children": "2", "url": "https://red.example.org/visit#" + "x" * 22, "days": "3", "question": "?",
    "when": "Tue Oct 13 at 11:30 am", "by": "Tue Oct 13 at 9:30 am", "time": "6:00 am",
    "switch": "English: 0.", "digit": "1", "answer": "somebody to come",
}  # fmt: skip
MARK = re.compile(r"(\d+|\{\w*\})\s*=")
# Texts that ours says in the same words on purpose: who gets which must not show.
TWINS = (
    (Text.TOO_LATE, Text.STAND_DOWN),
    (Text.FURTHER, Text.TEXT_SEEN),
    (Text.DESCRIBE, Text.NEED_SOMETHING_ELSE),
    (Text.WILL_CALL, Text.VISIT_CALL),
)
SAME_IN_ALL = frozenset({Text.UNKNOWN_SENDER})  # a stranger's answer tells nothing, its language neither
NAMES_STOP = frozenset(
    {Text.JOIN, Text.JOIN_REMINDER, Text.FIRST_NOTICE, Text.ENROLLED_MEMBER, Text.ENROLLED_RESPONDER}
)
SPOKEN_AT_MOST = 400  # signs of what is read aloud
# Words that other programs look for, or that we teach and understand.
KEEPS: dict[tuple[Text, str], tuple[str, ...]] = {
    (Text.HOME, "en"): ("at home",), (Text.HOME, "es"): ("en casa",), (Text.HOME, "ht"): ("lakay",),
    (Text.HOME_SHORT, "en"): ("at home",), (Text.HOME_SHORT, "es"): ("en casa",),
    (Text.HOME_SHORT, "ht"): ("lakay",),
    (Text.KIND, "en"): ("come", "lawyer", "children"), (Text.KIND, "es"): ("venga", "abogado", "mis niños"),
    (Text.KIND, "ht"): ("vini", "avoka", "timoun"),
    (Text.CHILDREN, "en"): ("How many",), (Text.CHILDREN, "es"): ("cantidad",),
    (Text.CHILDREN, "ht"): ("Konbyen",),
    **{(text, "en"): ("can go",) for text in Text if text.value.startswith("offer_")},
    **{(text, "es"): ("puedo ir",) for text in Text if text.value.startswith("offer_")},
    **{(text, "ht"): ("mwen ka ale",) for text in Text if text.value.startswith("offer_")},
    **{
        (text, language): (word,)
        for text in (Text.ON_THE_WAY, Text.ON_THE_WAY_NO_TIME, Text.BOTH_ON_THE_WAY)
        for language, word in (("en", "on the way"), ("es", "en camino"), ("ht", "nan wout"))
    },
    **{
        (text, language): (word,)
        for text in (Text.TOO_LATE, Text.STAND_DOWN)
        for language, word in (("en", "omeone else"), ("es", "otra persona"), ("ht", "lòt moun"))
    },
    **{
        (text, language): (word,)
        for text in (Text.DID_THEY_COME, Text.DID_BOTH_COME)
        for language, word in (("en", "came"), ("es", "vino"), ("ht", "vini"))
    },
    **{
        (text, language): (word,)
        for text in (Text.OFF_UNTIL_ON, Text.OFF_DAYS)
        for language, word in (("en", "ON"), ("es", "LISTO"), ("ht", "DISPONIB"))
    },
}  # fmt: skip


class WordingProblem(StrEnum):
    EMPTY = "empty"
    SIGNS = "signs"  # a line break, or another sign that isn't seen
    BRACES = "braces"
    MISSING_FIELDS = "missing_fields"
    OTHER_FIELDS = "other_fields"
    RESERVED_WORDS = "reserved_words"
    STOP_LOST = "stop_lost"
    BEGINNING = "beginning"
    ANSWERS = "answers"
    LABEL = "label"
    KEPT_WORDS = "kept_words"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class WordingVerdict:
    """`problems`, each with the words it is about. `rare` characters make a text take twice the room."""

    problems: tuple[tuple[WordingProblem, str], ...]
    parts: int
    most: int
    rare: str = ""


def judge(key: Text, language: str, words: str) -> WordingVerdict:
    """Everything that is wrong with these words. Never raises."""
    ours = TABLES[language][key]
    most = segments(sample(ours)).parts
    used = plain_fields(words)
    if not words.strip() or used is None or any(not sign.isprintable() for sign in words):
        why = (
            WordingProblem.BRACES
            if used is None
            else WordingProblem.SIGNS
            if words.strip()
            else WordingProblem.EMPTY
        )
        return WordingVerdict(((why, ""),), segments(words).parts, most)
    parts = segments(sample(words)).parts
    problems = [
        *_fields(ours, used),
        *_reserved(key, words),
        *_answers(ours, words),
        *_kept(key, language, ours, words),
        *_length(key, words, parts, most),
    ]
    return WordingVerdict(tuple(problems), parts, most, rare_signs(words) if key not in SPOKEN else "")


def plain_fields(words: str) -> list[str] | None:
    """The fields, written as {name}. None if a brace is used for anything else."""
    try:
        parsed = list(Formatter().parse(words))
    except ValueError:
        return None
    names = [name for _, name, _, _ in parsed if name is not None]
    rebuilt = "".join(text + ("" if name is None else f"{{{name}}}") for text, name, _, _ in parsed)
    return names if rebuilt == words and all(name.isidentifier() for name in names) else None


def sample(template: str) -> str:
    """The text with sample values, as it may arrive. An unknown field shows its name.

    If a brace is used for anything but a field, the template itself.
    """
    names = plain_fields(template)
    if names is None:
        return template
    return template.format(**{name: SAMPLE.get(name, name) for name in names})


def rare_signs(words: str) -> str:
    """The characters outside the carrier's basic set, each once."""
    return "".join(dict.fromkeys(sign for sign in words if sign not in BASIC and sign not in EXTENDED))


def answers(words: str) -> list[str]:
    """What comes before each "=": a number, or {code}."""
    return MARK.findall(words)


def places(key: Text, language: str) -> tuple[tuple[Text, str], ...]:
    """Every text that these words replace: its twins too, and the answer to strangers in every language."""
    keys: Sequence[Text] = next((pair for pair in TWINS if key in pair), (key,))
    languages = tuple(TABLES) if key in SAME_IN_ALL else (language,)
    return tuple((text, spoken) for text in keys for spoken in languages)


def _fields(ours: str, used: Sequence[str]) -> list[tuple[WordingProblem, str]]:
    wanted = plain_fields(ours) or []
    problems = []
    if missing := [name for name in dict.fromkeys(wanted) if name not in used]:
        problems.append((WordingProblem.MISSING_FIELDS, _braced(missing)))
    if other := [name for name in dict.fromkeys(used) if name not in wanted]:
        problems.append((WordingProblem.OTHER_FIELDS, _braced(other)))
    return problems


def _braced(names: Sequence[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _reserved(key: Text, words: str) -> list[tuple[WordingProblem, str]]:
    capitals = {word.upper() for word in re.findall(r"\w+", re.sub(r"\{\w+\}", " ", words))}
    allowed = {"STOP"} if key in NAMES_STOP else set()
    problems = []
    if taken := sorted(capitals & RESERVED - allowed):
        problems.append((WordingProblem.RESERVED_WORDS, ", ".join(taken)))
    if allowed - capitals:
        problems.append((WordingProblem.STOP_LOST, "STOP"))
    return problems


def _answers(ours: str, words: str) -> list[tuple[WordingProblem, str]]:
    wanted = answers(ours)
    if answers(words) != wanted:
        return [(WordingProblem.ANSWERS, ", ".join(f"{answer} =" for answer in wanted))]
    labels = OPTION.findall(words)
    if [mark for mark, _ in labels] != wanted or any(
        not label.strip() or "," in label for _, label in labels
    ):
        return [(WordingProblem.LABEL, "")]
    return []


def _kept(key: Text, language: str, ours: str, words: str) -> list[tuple[WordingProblem, str]]:
    problems = []
    lead = ours.partition(":")[0] + ":" if ours.startswith("{prefix}") else ""
    if not words.startswith(lead):
        problems.append((WordingProblem.BEGINNING, lead))
    if lost := [word for word in KEEPS.get((key, language), ()) if word not in words]:
        problems.append((WordingProblem.KEPT_WORDS, ", ".join(lost)))
    return problems


def _length(key: Text, words: str, parts: int, most: int) -> list[tuple[WordingProblem, str]]:
    read_aloud = sentences(sample(words))
    slow = len(words) > SPOKEN_AT_MOST or any(len(sentence) > SENTENCE_AT_MOST for sentence in read_aloud)
    too_long = slow if key in SPOKEN else parts > most
    return [(WordingProblem.TOO_LONG, "")] if too_long else []
