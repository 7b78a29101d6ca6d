"""A call by keys, walked through in every way: each ends with a person, or with a sentence and a promise."""

import pytest

from network.conversations.rules.calls import (
    ENDS,
    SAYS,
    WAYS,
    Asked,
    CallStep,
    Move,
    after_leg,
    honest,
    is_hidden,
    pressed,
)

LANGUAGES = ["es", "en", "ht"]
KEYS = ["", *"0123456789", "*", "#", "12", "x"]


def walks():
    """Every way through the tree: the moves, up to a phone that rings or the end."""
    ways = [[Move(CallStep.LANGUAGE)]]
    while ways:
        way = ways.pop()
        last = way[-1]
        if last.step is CallStep.RING or last.step in ENDS:
            yield way
            continue
        moves = {
            pressed(last.step, key, again=last.again, language=last.language, languages=LANGUAGES)
            for key in KEYS
        }
        ways += [[*way, move] for move in moves]


def test_every_way_ends_and_none_is_longer_than_each_question_asked_twice():
    found = list(walks())
    assert {way[-1].step for way in found} == {CallStep.RING, CallStep.TAKEN}
    assert max(map(len, found)) <= 2 * len(WAYS) + 3
    assert len(found) == 397


def test_who_reaches_a_phone_that_rings_or_the_end_has_a_language():
    assert all(way[-1].language in LANGUAGES for way in walks())


@pytest.mark.parametrize("step", [CallStep.LANGUAGE, *WAYS])
@pytest.mark.parametrize("key", ["", "0", "*", "#", "12", "x", "7x"])
def test_what_is_no_answer_is_asked_once_more_and_then_goes_to_a_person(step, key):
    once = pressed(step, key, again=False, language="en", languages=LANGUAGES)
    assert (once.step, once.again, once.asked) == (step, True, None)
    twice = pressed(step, key, again=True, language="en", languages=LANGUAGES)
    assert (twice.step, twice.language) == (CallStep.RING, "en")


@pytest.mark.parametrize(
    ("step", "key", "then", "asked"),
    [
        (CallStep.MENU, "1", CallStep.HOME, Asked.HELP),
        (CallStep.MENU, "2", CallStep.RING, None),
        (CallStep.HOME, "1", CallStep.KIND, Asked.AT_HOME),
        (CallStep.HOME, "2", CallStep.RING, Asked.ELSEWHERE),
        (CallStep.HOME, "9", CallStep.RING, None),
        (CallStep.KIND, "1", CallStep.TAKEN, Asked.ACCOMPANIMENT),
        (CallStep.KIND, "2", CallStep.TAKEN, Asked.LEGAL),
        (CallStep.KIND, "3", CallStep.CHILDREN, Asked.CHILDCARE),
        (CallStep.KIND, "4", CallStep.RING, Asked.OTHER),
        (CallStep.CHILDREN, "9", CallStep.TAKEN, Asked.CHILDREN),
    ],
)
def test_where_keys_lead(step, key, then, asked):
    for again in (False, True):
        assert pressed(step, key, again=again, language="en", languages=LANGUAGES) == Move(then, "en", asked)


def test_a_key_chooses_the_language_of_the_call():
    chosen = [pressed(CallStep.LANGUAGE, key, again=False, language="", languages=LANGUAGES) for key in "123"]
    assert [(move.step, move.language) for move in chosen] == [(CallStep.MENU, code) for code in LANGUAGES]


def test_a_person_is_one_key_away_from_every_question_but_the_count():
    assert [step for step, ways in WAYS.items() if ways["9"][0] is not CallStep.RING] == [CallStep.CHILDREN]


@pytest.mark.parametrize("more", [True, False])
@pytest.mark.parametrize("gone", [True, False])
@pytest.mark.parametrize("taken", [True, False])
def test_after_a_phone_has_rung(taken, gone, more):
    then = after_leg(taken=taken, gone=gone, more=more)
    if taken or gone:
        assert then is CallStep.OVER
    else:
        assert then is (CallStep.RING if more else CallStep.CALL_BACK)


def test_each_step_says_something_but_the_one_after_they_talked():
    assert [step for step in CallStep if not SAYS[step]] == [CallStep.OVER]


@pytest.mark.parametrize(
    "phone", ["", "anonymous", "+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "12345"]
)
def test_a_number_that_is_withheld_is_promised_nothing(phone):
    assert is_hidden(phone)
    for step in CallStep:
        promises = step in (CallStep.TAKEN, CallStep.CALL_BACK)
        assert honest(step, hidden=True) is (CallStep.HIDDEN if promises else step)
        assert honest(step, hidden=False) is step


@pytest.mark.parametrize("phone", ["+13125550177", "+525512345678"])
def test_a_number_that_is_shown_can_be_called_back(phone):
    assert not is_hidden(phone)
