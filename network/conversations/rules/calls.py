"""A call by keys: what is said at each step, and where each key leads. Pure.

Every number hears the same, whoever has it: a caller's number can be forged. What a key asks is done for a
member alone, as a text of theirs would be. Every way ends with a person, or with a clear sentence and a need.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from network.messaging.texts.keys import Text


class CallStep(StrEnum):
    """The name of a step stands in the address that a key is posted to."""

    LANGUAGE = "language"
    MENU = "menu"
    HOME = "home"
    KIND = "kind"
    CHILDREN = "children"
    RING = "ring"  # a coordinator's phone rings
    TAKEN = "taken"  # what they asked for is told to the team: the call ends
    CALL_BACK = "call_back"  # nobody answered: a promise, and the call ends
    HIDDEN = "hidden"  # as either, where the carrier shows no number that we could call or text
    OVER = "over"  # they have spoken with a coordinator


class Asked(StrEnum):
    """What a key asks for."""

    HELP = "help"
    AT_HOME = "at_home"
    ELSEWHERE = "elsewhere"
    ACCOMPANIMENT = "accompaniment"
    LEGAL = "legal"
    CHILDCARE = "childcare"
    OTHER = "other"
    CHILDREN = "children"


@dataclass(frozen=True, slots=True)
class Move:
    """The step that follows, and what is asked for on the way there. `again`: it is asked a second time."""

    step: CallStep
    language: str = ""
    asked: Asked | None = None
    again: bool = False


ENDS = frozenset({CallStep.TAKEN, CallStep.CALL_BACK, CallStep.HIDDEN, CallStep.OVER})
type Ways = Mapping[str, tuple[CallStep, Asked | None]]
PERSON: Ways = {"9": (CallStep.RING, None)}
WAYS: Mapping[CallStep, Ways] = {
    CallStep.MENU: {"1": (CallStep.HOME, Asked.HELP), "2": (CallStep.RING, None), **PERSON},
    CallStep.HOME: {
        "1": (CallStep.KIND, Asked.AT_HOME), "2": (CallStep.RING, Asked.ELSEWHERE), **PERSON,
    },
    CallStep.KIND: {
        "1": (CallStep.TAKEN, Asked.ACCOMPANIMENT), "2": (CallStep.TAKEN, Asked.LEGAL),
        "3": (CallStep.CHILDREN, Asked.CHILDCARE), "4": (CallStep.RING, Asked.OTHER), **PERSON,
    },
    CallStep.CHILDREN: dict.fromkeys("123456789", (CallStep.TAKEN, Asked.CHILDREN)),
}  # fmt: skip
SAYS: Mapping[CallStep, tuple[Text, ...]] = {
    CallStep.LANGUAGE: (Text.VOICE, Text.VOICE_LANGUAGE),  # in each language
    CallStep.MENU: (Text.VOICE_DANGER, Text.VOICE_MENU),
    CallStep.HOME: (Text.HOME_SHORT, Text.VOICE_PERSON),
    CallStep.KIND: (Text.KIND, Text.VOICE_PERSON),
    CallStep.CHILDREN: (Text.VOICE_CHILDREN,),
    CallStep.RING: (Text.VOICE_RINGING,),
    CallStep.TAKEN: (Text.VOICE_TAKEN, Text.VOICE_DANGER),
    CallStep.CALL_BACK: (Text.VOICE_CALL_BACK, Text.VOICE_DANGER),
    CallStep.HIDDEN: (Text.VOICE_HIDDEN, Text.VOICE_DANGER),
    CallStep.OVER: (),
}  # fmt: skip
# What the carrier puts in place of a number that is withheld: words, or the same on a phone's keys.
WITHHELD = frozenset({"anonymous", "restricted", "blocked", "unknown", "unavailable"})
KEYS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
NUMBER = re.compile(r"\+[1-9]\d{7,14}")
ON_DUTY_MINUTES, NOBODY_ON_MINUTES = 20, 60  # within which a person gets back to who reached nobody


def pressed(step: CallStep, key: str, *, again: bool, language: str, languages: Sequence[str]) -> Move:
    """Where a key leads, "" being silence. What is no answer is asked once more, then goes to a person."""
    if step is CallStep.LANGUAGE:
        digits = dict(zip("123456789", languages, strict=False))
        if chosen := digits.get(key):
            return Move(CallStep.MENU, chosen)
    elif way := WAYS[step].get(key):
        return Move(way[0], language, way[1])
    if again:
        return Move(CallStep.RING, language or languages[0])
    return Move(step, language, again=True)


def is_hidden(phone: str) -> bool:
    """Whether nobody could be called back or texted there."""
    return not NUMBER.fullmatch(phone) or phone.removeprefix("+") in {
        word.translate(KEYS) for word in WITHHELD
    }


def honest(step: CallStep, *, hidden: bool) -> CallStep:
    """The step, or the one that promises nothing to a number that we can't see."""
    return CallStep.HIDDEN if hidden and step in (CallStep.TAKEN, CallStep.CALL_BACK) else step


def after_leg(*, taken: bool, gone: bool, more: bool) -> CallStep:
    """What follows once a coordinator's phone has rung, however that ended.

    `gone`: the caller has hung up. `more`: there is another phone to ring.
    """
    if taken or gone:
        return CallStep.OVER
    return CallStep.RING if more else CallStep.CALL_BACK
