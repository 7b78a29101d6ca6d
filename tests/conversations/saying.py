"""What people write, to put together texts that nobody has written yet: answers, fears, and what stands beside them."""

import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

from network.conversations.rules import commands as c
from network.conversations.rules.context import Context, Question
from network.conversations.trying import SITUATIONS as NAMED
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import TABLES
from network.support.rules.requests import State

CASES = [json.loads(line) for line in Path(__file__).with_name("cases.jsonl").read_text().splitlines()]
CORPUS = sorted({case["text"] for case in CASES})
MEMBER, RESPONDER = NAMED["SEARCH"], NAMED["GOING"]
SITUATIONS: dict[str, Context] = NAMED | {
    "STOP?": replace(MEMBER, question=Question.STOP),
    "MOVED?": replace(MEMBER, question=Question.MOVED),
    "GIVE_UP?": replace(RESPONDER, question=Question.GIVE_UP),
    "SURE73": replace(MEMBER, question=Question.NOT_NEEDED, request=State.COVERED, ends_by=73),
    "MOVED73": replace(MEMBER, question=Question.MOVED, request=State.COVERED, ends_by=73),
    "BOTH_HOME": replace(NAMED["HOME"], is_responder=True, offers=NAMED["OFFER"].offers),
    "ASKED": replace(MEMBER, a_person_asked=True),
}

LOSING = (
    c.Stop, c.StopAsked, c.NotMe, c.Off, c.Moved, c.NotNeeded, c.Came, c.Finished, c.GiveUp, c.CantKeep,
    c.Decline, c.VisitFine,
)  # fmt: skip
ACTING = (
    *LOSING, c.Accept, c.StillStands, c.Arrived, c.AtHome, c.Elsewhere, c.ChooseKind, c.Children, c.DidNotCome,
    c.NeedElse, c.TimeRight, c.TimeWrong, c.Join, c.ItIsMe, c.On, c.CallMe, c.VisitCall, c.SomethingElse, c.Restore,
    c.SameHome, c.KeepTexting, c.StillGoing, c.KeepLooking, c.KeepWaiting,
)  # fmt: skip

# Written apart from the tables of the rules, so that those are found out.
FEARS = {
    "en": (
        "someone is at my door", "they are breaking in", "they took him", "he is hitting me", "he is not breathing",
        "i want to die", "there is a fire", "men are outside my house", "he has a gun", "they won't leave",
        "im scared", "they grabbed my dad", "i cant breathe", "my mom is having a heart attack",
    ),
    "es": (
        "hay alguien en la puerta", "se están metiendo a la casa", "se lo llevaron", "me está pegando", "no respira",
        "me quiero morir", "se está quemando la casa", "hay unos hombres afuera", "trae una pistola", "no se quieren ir",
        "tengo mucho miedo", "agarraron a mi papá", "no puedo respirar", "a mi mamá le está dando un infarto",
    ),
    "ht": (
        "gen moun nan pòt la", "yo kase pòt la", "yo pran l", "l ap bat mwen", "li pa ka respire",
        "mwen vle mouri", "kay la pran dife", "gen mesye deyò a", "li gen yon zam", "yo pa vle ale",
        "mwen pè anpil", "yo arete papa m", "mwen pa ka respire", "manman m ap fè yon kriz kè",
    ),
}  # fmt: skip
FEAR = tuple(fear for language in FEARS.values() for fear in language)

_FIGURES = {
    "HOME": "12", "KIND": "1234", "KIDS": "123", "SURE": "12", "WAIT": "12", "CAME": "123", "TIME": "12",
    "ENR": "12", "STILL": "12", "STANDS": "125", "FINE": "12", "GOING": "35", "THERE": "45", "HELD": "35", "PROM": "5",
    "INV": "12", "STOP?": "12", "MOVED?": "12", "GIVE_UP?": "15", "BOTH_HOME": "12", "BOTH_GOING": "35",
}  # fmt: skip
_CODES = {
    "OFFER": ("41", "2"), "OFFER2": ("41", "52"), "BOTH": ("41", "2"), "PROM+OFFER": ("41", "2", "5"),
    "SURE73": ("1", "73"), "MOVED73": ("73", "2"),
}  # fmt: skip
FIGURES: dict[str, tuple[str, ...]] = {name: tuple(ones) for name, ones in _FIGURES.items()} | _CODES
_ASKED = {
    "HOME": Text.HOME, "KIND": Text.KIND, "SURE": Text.NOT_NEEDED_SURE, "WAIT": Text.NOBODY_YET,
    "CAME": Text.DID_THEY_COME, "TIME": Text.TIME_RIGHT, "STILL": Text.STILL_YOU, "STANDS": Text.STILL_STANDS,
    "OFFER": Text.OFFER_ACCOMPANIMENT, "GOING": Text.ACCEPTED, "THERE": Text.THERE, "INV": Text.JOIN,
}  # fmt: skip
OPTION = re.compile(r"(\d|\{code\}) = ([^,.{]+)")
LABELS = [  # a situation, the figure of an answer, and the label that our text prints beside it
    (situation, figure.replace("{code}", "2" if situation == "SURE" else "41"), label.strip())
    for situation, text in _ASKED.items()
    for table in TABLES.values()
    for figure, label in OPTION.findall(table[text])
]
PLAIN = [(situation, figure) for situation, figures in FIGURES.items() for figure in figures]
ANSWERS = PLAIN + [(situation, label) for situation, _, label in LABELS]

BEFORE = ("", "por favor ", "ok ", "pues ", "hola buenas ", "hi, ", "tanpri ", "sorry, ", "Señorita, ")
AFTER = (
    "", " gracias 🙏", " please", " thx!!", " mèsi", ".", "!!!", "…", " 🙏🙏", " 😭", "\n\nSent from my iPhone",
    "\nEnviado desde mi iPhone", "\n--\nRosa Delgado, RN, ext. 2", "\u200b", " \n",
)  # fmt: skip


def _fullwidth(text: str) -> str:
    return "".join(
        chr(ord(letter) + 0xFEE0) if letter.isdigit() and letter.isascii() else letter for letter in text
    )


def _keycaps(text: str) -> str:
    return re.sub(r"([0-9])", "\\1\ufe0f\u20e3", text)


TYPOGRAPHY = {
    "capitals": str.upper,
    "small letters": str.lower,
    "no accents": lambda text: "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    ),
    "accents apart": lambda text: unicodedata.normalize("NFD", text),
    "curly quotes": lambda text: text.replace("'", "\u2019"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "wide figures": _fullwidth,
    "keycaps": _keycaps,
    "hidden signs": lambda text: "\u200b".join(text),
    "room around": lambda text: f"\n  {text} \n",
}
