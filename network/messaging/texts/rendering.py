"""The words of every text: a table for each language, and `render`, which never falls back to another."""

import re
from collections.abc import Iterable
from string import Formatter

from network.messaging.texts import en, es, ht
from network.messaging.texts.counts import of_one
from network.messaging.texts.keys import Text

TABLES: dict[str, dict[Text, str]] = {"en": en.TEXTS, "es": es.TEXTS, "ht": ht.TEXTS}

_LINK = "carries a link of 128 bits and the word, which must arrive together"
_DATE = "names the day in full"
TWO_PARTS: dict[Text, str] = {
    Text.CANT_GO: "the old word must be void in the very text that says so",
    Text.WORD_VOID: "the old word must be void in the very text that says so",
    Text.ACCEPTED: _LINK,
    Text.BOTH_READY: _LINK,
    Text.DRILL_ACCEPTED: "carries a link of 128 bits",
    Text.OFFER_ACCOMPANIMENT: "all that a yes or no depends on",
    Text.OFFER_LEGAL: "all that a yes or no depends on",
    Text.OFFER_LEGAL_GO: "all that a yes or no depends on",
    Text.OFFER_CHILDCARE: "all that a yes or no depends on",
    Text.TIME_COMING: _DATE,
    Text.TIME_BOTH_COMING: _DATE,
    Text.TIME_LAWYER_COMING: _DATE,
    Text.TIME_LAWYER_COMING_WRITE: _DATE,
    Text.OFFER_ACCOMPANIMENT_AT: "all that a yes or no depends on",
    Text.OFFER_LEGAL_AT: "all that a yes or no depends on",
    Text.OFFER_LEGAL_GO_AT: "all that a yes or no depends on",
    Text.OFFER_CHILDCARE_AT: "all that a yes or no depends on",
    Text.STILL_STANDS: _DATE,
    Text.READY_AT: _LINK,
    Text.HELD_AGAIN: "says what to do outside and inside",
    Text.HELD_AGAIN_WRITE: "says what to do outside and inside",
    Text.NOT_UNDERSTOOD_AGAIN: "repeats a question",
}


# Read aloud in a call, and never sent.
SPOKEN = frozenset(key for key in Text if key is Text.VOICE or key.startswith("voice_"))

# What is said in place of a promise, or an offer, to call where it isn't safe to.
WRITES: dict[Text, Text] = {
    Text.OFFER_LEGAL: Text.OFFER_LEGAL_GO,
    Text.OFFER_LEGAL_AT: Text.OFFER_LEGAL_GO_AT,
    Text.LAWYER_COMING: Text.LAWYER_COMING_WRITE,
    Text.TIME_LAWYER_COMING: Text.TIME_LAWYER_COMING_WRITE,
    Text.LAWYER_CALLS: Text.LAWYER_CALLS_WRITE,
    Text.HELD_AGAIN: Text.HELD_AGAIN_WRITE,
    Text.PLEASE_WAIT: Text.PLEASE_WAIT_WRITE,
    Text.DID_NOT_COME: Text.DID_NOT_COME_WRITE,
    Text.ELSEWHERE: Text.ELSEWHERE_WRITE,
    Text.PERSON_SOON: Text.PERSON_WRITES,
    Text.WILL_CALL: Text.WILL_WRITE,
    Text.TIME_LAST_CALL: Text.TIME_LAST_WRITE,
    Text.NEED_PERSON_NOW: Text.PERSON_WRITES_NOW,
    Text.MOVED: Text.MOVED_WRITE,
    Text.VISIT_CALL: Text.WILL_WRITE,
    Text.WE_CALL: Text.WE_WRITE,
}
# And of an answer that asks for a call.
ASKS_TO_WRITE: dict[Text, Text] = {
    Text.NOBODY_YET: Text.NOBODY_YET_WRITE,
    Text.NOBODY_YET_TEAM: Text.NOBODY_YET_TEAM_WRITE,
    Text.ARE_YOU_OK: Text.ARE_YOU_OK_WRITE,
    Text.DONE: Text.DONE_WRITE,
    Text.GIVE_UP_SURE: Text.GIVE_UP_SURE_WRITE,
    Text.SEEN_ON_VISIT: Text.SEEN_ON_VISIT_WRITE,
}


# They can be answered, though no figure and no question mark stands in the table's own words.
_ASKING = frozenset(
    {Text.DESCRIBE, Text.NEED_SOMETHING_ELSE, Text.NOT_UNDERSTOOD_AGAIN, Text.LANGUAGE_NOW, Text.SETUP_TEST}
)


def asks(text: Text) -> bool:
    """Whether this text can be answered: it asks something, or names numbers to answer with."""
    words = en.TEXTS[text]
    return text in _ASKING or "?" in words or " = " in words


class MissingText(LookupError):
    """No such text in this language, or its fields don't match the values."""


def promised(text: Text, *, safe_to_call: bool) -> Text:
    """The text, or its twin that promises a text instead of a call, if it isn't safe to call."""
    return text if safe_to_call else (WRITES | ASKS_TO_WRITE).get(text, text)


def fields(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def render(key: Text, language: str, /, **values: object) -> str:
    """Our text with its values. Raises MissingText rather than fall back to another language."""
    return fill(TABLES.get(language, {}).get(key), key, language, **values)


def fill(template: str | None, key: Text, language: str, /, **values: object) -> str:
    """Fill a template with values. A count of one is put in the singular, and empty fields leave no gap.

    Raises MissingText.
    """
    if template is None or fields(template) != values.keys():
        raise MissingText(f"{key} in {language}")
    ones = [name for name, value in values.items() if str(value) == "1"]
    empty = [name for name, value in values.items() if value == ""]
    return without(of_one(template, language, ones), empty).format(**values).strip()


def without(template: str, empty: Iterable[str]) -> str:
    """The template without these fields, each removed together with the words back to the comma before it."""
    empty = list(empty)
    for name in empty:
        template = re.sub(rf"(?:,[^,.;:?!{{}}]*| )?\{{{name}\}}", "", template)
    if empty:
        template = re.sub(r"([,.;:])(?: *[,.;:])+", r"\1", template)
    return re.sub(" {2,}", " ", template)
