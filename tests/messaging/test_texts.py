"""The rules that hold for the words of all texts, whatever they say."""

import re

import pytest

from network.messaging.rules.segments import segments
from network.messaging.rules.wording import answers
from network.messaging.texts.counts import SINGULAR
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import (
    ASKS_TO_WRITE,
    SPOKEN,
    TABLES,
    TWO_PARTS,
    WRITES,
    fields,
    fill,
    promised,
    render,
)
from tests.test_house import VALUES

TWINS = WRITES | ASKS_TO_WRITE
COUNTS = ("children", "days", "miles", "minutes")
# May come when nothing of ours came for hours or days: who writes stands first.
ALONE = [
    Text.JOIN, Text.JOIN_REMINDER, Text.ENROLLED_MEMBER, Text.ENROLLED_RESPONDER, Text.FIRST_NOTICE,
    Text.STILL_YOU, Text.PRIVATE_LINK, Text.SETUP_TEST, Text.HOME, Text.NOBODY_ON, Text.NOBODY_ON_UNTIL,
    Text.STILL_STANDS, Text.STANDS, Text.NOT_HEARD_FROM, Text.READY_AT, Text.TIME_COMING,
    Text.TIME_BOTH_COMING, Text.TIME_LAWYER_COMING, Text.TIME_LAWYER_COMING_WRITE, Text.TIME_FOUND,
    Text.TIME_FOUND_BOTH, Text.TIME_REOPENED, Text.TIME_LAST_CALL, Text.TIME_LAST_WRITE, Text.TIME_CHANGED,
    Text.TIME_RIGHT, Text.TIME_SAVED, Text.WE_CALL, Text.WE_WRITE, Text.CLOSED_BY_TEAM, Text.HELPED_CLOSED,
    Text.DID_THEY_COME, Text.DID_BOTH_COME, Text.ARE_YOU_OK, Text.ARE_YOU_OK_WRITE, Text.DRILL_OVER,
    Text.DRILL_NEEDED, Text.CANT_GO, Text.WORD_VOID, Text.WORD_VOID_ONLY, Text.NOBODY_YET,
    Text.NOBODY_YET_WRITE, Text.NOBODY_YET_TEAM, Text.NOBODY_YET_TEAM_WRITE, Text.LAWYER_ON_THE_WAY,
    Text.LAWYER_CALLS, Text.LAWYER_CALLS_WRITE, Text.BOTH_READY, Text.NEW_LINK, Text.STAND_DOWN,
    Text.NO_LONGER_NEEDED, Text.HELD_AGAIN, Text.HELD_AGAIN_WRITE, Text.PLEASE_WAIT, Text.PLEASE_WAIT_WRITE,
    Text.DOWN, Text.MOVED_SURE, Text.STOP_SURE, Text.STAFF_PAGE, Text.STAFF_ALARM, Text.STAFF_URGENT,
    *(key for key in Text if key.startswith("offer_") and key is not Text.OFFER_AGAIN),
]  # fmt: skip
# To whoever opens the door or picks up.
AT_THE_DOOR = {
    "en": r"[Aa]sk for (?:the|the same) word|text you a word|(?:hear|know) the word|word \{word\}",
    "es": r"palabra clave|palabra \{word\}",
    "ht": r"[Mm]ande (?:menm )?mo a|tande mo a|yon mo ba ou|Mo \{word\}",
}
STAY_SHUT = {
    "en": r"do not open|hang up|[Kk]eep the door closed",
    "es": r"no (?:le )?abra|[Nn]o abra la puerta|cuelgue",
    "ht": r"pa louvri|rakwoche|[Kk]ite pòt la fèmen",
}
OUR_CALL = {
    "en": r"(?:will|until we) call(?! 9)|or call(?! you text)|call me|call or come",
    "es": r"(?i)le (?:va a |vamos a )?(?:llamar|llama|llamemos)|\bo llamar|que me llamen|ellos le llaman",
    "ht": r"(?:ap|nou|oswa) rele(?! 9)|rele (?:ou|m)\b",
}


def said(key, language, /, **values):
    known = {**VALUES, **values}
    return render(key, language, **{name: known[name] for name in fields(TABLES[language][key])})


@pytest.mark.parametrize("language", TABLES)
def test_a_text_that_arrives_alone_begins_with_the_networks_name(language):
    name = ("{prefix}: ", "{prefix} {number}: ")
    assert [key for key in ALONE if not TABLES[language][key].startswith(name)] == []


@pytest.mark.parametrize("language", TABLES)
def test_a_text_that_asks_for_the_word_says_not_to_open_without_it(language):
    table = TABLES[language]
    to_the_door = {key for key in Text if re.search(AT_THE_DOOR[language], table[key])}
    assert to_the_door == {
        Text.ON_THE_WAY,
        Text.ON_THE_WAY_NO_TIME,
        Text.BOTH_ON_THE_WAY,
        Text.ARRIVED,
        Text.RUNNING_LATE,
        Text.LAWYER_COMING,
        Text.LAWYER_COMING_WRITE,
        Text.LAWYER_ON_THE_WAY,
        Text.LAWYER_CALLS,
        Text.CANT_GO,
        Text.WORD_VOID,
        Text.WORD_VOID_ONLY,
        Text.TIME_FOUND,
        Text.TIME_FOUND_BOTH,
        Text.TIME_COMING,
        Text.TIME_BOTH_COMING,
        Text.TIME_LAWYER_COMING,
        Text.TIME_LAWYER_COMING_WRITE,
    }
    assert [key for key in to_the_door if not re.search(STAY_SHUT[language], table[key])] == []


@pytest.mark.parametrize(
    "never",
    [
        r"(?i)\bcasos?\b",  # to an immigrant, that of immigration
        r"pregunt\w+ (?:por )?(?:la |misma |la misma )?palabra|preguntar en la puerta",  # a password is asked for
        r"(?:como|del equipo de) abogad",  # of one gender, or perhaps no lawyer
        r"Con una familia en su casa|\. En su casa,",  # would be the reader's own
        r"desde las \{",  # "las 1"
        r"(?i)\b(?:tu|tus|tienes|puedes|quieres|vosotros|vos)\b",
    ],
)
def test_what_no_text_in_spanish_says(never):
    assert [key for key, words in TABLES["es"].items() if re.search(never, words)] == []


@pytest.mark.parametrize("language", TABLES)
def test_no_accent_of_ours_halves_the_room_of_a_text(language):
    rare = [
        key
        for key, words in TABLES[language].items()
        if key not in SPOKEN and segments(re.sub(r"\{\w+\}", "x", words)).encoding != "GSM-7"
    ]
    assert rare == []


@pytest.mark.parametrize("singular", [1, 2])
@pytest.mark.parametrize("language", TABLES)
def test_one_of_something_is_said_as_one(language, singular):
    wrong = SINGULAR[language].values() if singular == 2 else SINGULAR[language]
    for key in Text:
        text = said(key, language, **dict.fromkeys(COUNTS, singular))
        assert set(re.findall(rf"(?<![-\w]){singular} (\w+)", text)).isdisjoint(wrong), text
        assert not re.search(r"(?i)\bun[oa]s 1\b", text), text


@pytest.mark.parametrize(
    ("language", "read"),
    [
        ("en", ("for 1 child, with", "about 1 minute.", "for 2 children, with", "about 2 minutes.")),
        ("es", ("a 1 niño, con", "camino, 1 minuto.", "a 2 niños, con", "camino, unos 2 minutos.")),
        ("ht", ("1 timoun, ak", "anviwon 1 minit.", "2 timoun, ak", "anviwon 2 minit.")),
    ],
)
def test_counts_read_well(language, read):
    counting = (Text.OFFER_CHILDCARE, Text.ON_THE_WAY)
    texts = [said(key, language, children=n, minutes=n) for n in (1, 2) for key in counting]
    assert all(words in text for words, text in zip(read, texts, strict=True))


@pytest.mark.parametrize("empty", ["language", "switch"])
@pytest.mark.parametrize("language", TABLES)
def test_what_is_empty_leaves_no_gap(language, empty):
    for key in Text:
        text = said(key, language, question="Are you at home?", **{empty: ""})
        assert not re.search(r"  |[,.;:] ?[,.;:]| [,.;:]|^\W|hablan[,.]", text.replace("¿", "")), text
        assert answers(text) == answers(said(key, language))


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("{name}. {language}. {code} = x", "Ana. 41 = x"),
        ("{name}, they speak {language} at home. {code} = x", "Ana at home. 41 = x"),
        ("{name}... {language}", "Ana."),
        ("{language}", ""),
    ],
)
def test_a_networks_own_words_with_nothing_in_a_field_are_no_ruin(words, read):
    values = {"name": "Ana", "language": "", "code": 41}
    assert fill(words, Text.HOME, "en", **{name: values[name] for name in fields(words)}) == read


@pytest.mark.parametrize("language", TABLES)
def test_a_text_that_promises_or_offers_a_call_has_a_twin_that_writes(language):
    table = TABLES[language]
    to_others = {Text.STAFF_PAGE, Text.STAFF_ALARM, Text.STAFF_URGENT, *SPOKEN}
    calls = {key for key in Text if re.search(OUR_CALL[language], table[key])} - to_others
    assert calls == TWINS.keys()
    assert calls.isdisjoint(TWINS.values())
    assert all(promised(text, safe_to_call=False) is twin for text, twin in TWINS.items())


@pytest.mark.parametrize("language", TABLES)
def test_a_twin_takes_the_same_values_and_answers(language):
    for key, twin in TWINS.items():
        ours, theirs = TABLES[language][key], TABLES[language][twin]
        assert (answers(ours), fields(ours)) == (answers(theirs), fields(theirs)), key
        assert (key in TWO_PARTS) == (twin in TWO_PARTS), key


@pytest.mark.parametrize(
    ("language", "rates"),
    [("en", "Msg&data rates may apply."), ("es", "Puede haber cargos."), ("ht", "Ka gen frè mesaj ak done.")],
)
def test_who_is_let_in_is_told_that_texts_may_cost_something(language, rates):
    let_in = (Text.JOINED, Text.ENROLLED_MEMBER, Text.ENROLLED_RESPONDER)
    assert all(rates in TABLES[language][key] for key in let_in)


@pytest.mark.parametrize("language", TABLES)
def test_after_nobody_is_on_the_home_question_does_not_say_again_that_we_have_it(language):
    first, short = TABLES[language][Text.HOME], TABLES[language][Text.HOME_SHORT]
    assert first.endswith(short)
    assert "{prefix}" not in short


@pytest.mark.parametrize("language", TABLES)
def test_twenty_minutes_are_promised_only_where_somebody_is_sought(language):
    promising = {key for key in Text if "20 min" in TABLES[language][key]}
    assert promising == {Text.WORD_VOID, Text.CANT_GO, Text.SEARCHING}
