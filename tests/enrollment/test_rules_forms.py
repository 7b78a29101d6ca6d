"""What a member and a responder need, as codes: the same for a form and a sheet."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.enrollment.rules.entries import EntryProblem, Mistake, NetworkFacts
from network.enrollment.rules.forms import (
    NEEDED_OF_MEMBER,
    NEEDED_OF_RESPONDER,
    missing,
    read_home,
    read_member,
    read_responder,
)
from network.people.rules.homes import Home
from network.people.rules.phone_numbers import e164, e164_of_any
from network.people.rules.secrets import BadWord, duress_word_problem

FACTS = NetworkFacts(
    languages=("en", "es"),
    zips={"60629"},
    is_everyday=lambda word: word.upper() in ("MANGO", "AYUDA"),
    today=date(2026, 10, 6),
)
MEMBER = {"phone": "3125550101", "name": "Rosa", "language": "ES", "street": " 1 A St ", "unit": "", "city": "Chicago",
          "state": "il", "zip": "60629", "consent_on": "2026-10-06"}  # fmt: skip
RESPONDER = {"phone": "3125550111", "name": "Ana", "languages": "en;ES", "kinds": "legal;accompaniment;legal",
             "zip": "60629", "max_miles": "8", "hours": "always", "bar_number": "A1", "bar_state": "il"}  # fmt: skip


def test_a_member_as_typed_is_a_member_as_kept():
    read = read_member(MEMBER, FACTS)
    assert read.problems == read.warnings == []
    assert read.entry.person.phone == "+13125550101"
    assert read.entry.person.languages == ("es",)
    assert read.entry.person.consent_on == FACTS.today
    assert read.entry.home == Home("1 A St", None, "Chicago", "IL", "60629")
    assert read.entry.duress_word is None


def test_a_responder_as_typed_is_a_responder_as_kept():
    read = read_responder(RESPONDER, FACTS)
    assert read.problems == read.warnings == []
    assert read.entry.kinds == ("accompaniment", "legal")
    assert read.entry.person.languages == ("en", "es")
    assert (read.entry.hours, read.entry.max_miles, read.entry.bar_state) == ([], 8, "IL")
    assert not read.entry.wake_at_night
    assert read_responder({**RESPONDER, "wake_at_night": "Yes"}, FACTS).entry.wake_at_night


@pytest.mark.parametrize(
    ("change", "field", "wrong"),
    [
        ({"language": "fr"}, "language", Mistake.LANGUAGE),
        ({"language": ""}, "language", Mistake.LANGUAGE),
        ({"state": "Illinois"}, "state", Mistake.STATE),
        ({"zip": "00000"}, "zip", Mistake.ZIP),
        ({"consent_on": "2026-10-07"}, "consent_on", Mistake.FUTURE),
        ({"consent_on": "today"}, "consent_on", Mistake.DATE),
        ({"duress_word": "sol"}, "duress_word", Mistake.WORD_SHORT),
        ({"duress_word": "Help"}, "duress_word", Mistake.WORD_RESERVED),
        ({"duress_word": "mango"}, "duress_word", Mistake.WORD_TAKEN),
        ({"duress_word": "ayuda"}, "duress_word", Mistake.WORD_TAKEN),
    ],
)
def test_what_a_member_can_not_have(change, field, wrong):
    assert read_member({**MEMBER, **change}, FACTS).problems == [EntryProblem(field, wrong)]


@pytest.mark.parametrize(
    ("change", "field", "wrong"),
    [
        ({"languages": "en;spanish"}, "languages", Mistake.LANGUAGES),
        ({"kinds": "sightings"}, "kinds", Mistake.KIND),
        ({"max_miles": "0"}, "max_miles", Mistake.MILES),
        ({"max_miles": "201"}, "max_miles", Mistake.MILES),
        ({"max_miles": "far"}, "max_miles", Mistake.MILES),
        ({"max_miles": "٣"}, "max_miles", Mistake.MILES),
        ({"hours": "mostly"}, "hours", Mistake.HOURS),
        ({"wake_at_night": "maybe"}, "wake_at_night", Mistake.YES_OR_NO),
        ({"pin": "12a4"}, "pin", Mistake.PIN),
        ({"pin": "123"}, "pin", Mistake.PIN),
        ({"kinds": "childcare"}, "clearance_until", Mistake.CLEARANCE),
        ({"kinds": "childcare", "clearance_until": "soon"}, "clearance_until", Mistake.DATE),
        ({"bar_number": ""}, "bar_number", Mistake.BAR_NUMBER),
        ({"bar_state": "Illinois"}, "bar_state", Mistake.BAR_STATE),
        ({"zip": "99999"}, "zip", Mistake.ZIP),
    ],
)
def test_what_a_responder_can_not_have(change, field, wrong):
    reading = read_responder({**RESPONDER, **change}, FACTS).problems
    assert [(problem.field, problem.wrong) for problem in reading] == [(field, wrong)]


def test_a_clearance_that_is_over_is_a_warning_and_one_that_ends_today_is_none():
    over = {**RESPONDER, "kinds": "childcare", "clearance_until": "2026-10-05"}
    assert read_responder(over, FACTS).warnings == [EntryProblem("clearance_until", Mistake.CLEARANCE_OVER)]
    assert read_responder(over, FACTS).problems == []
    assert read_responder({**over, "clearance_until": "2026-10-06"}, FACTS).warnings == []


@pytest.mark.parametrize("needed", [NEEDED_OF_MEMBER, NEEDED_OF_RESPONDER])
def test_every_empty_field_is_named_and_so_is_a_phone_that_is_none(needed):
    assert missing({}, needed) == [EntryProblem(name, Mistake.EMPTY) for name in needed]
    full = dict.fromkeys(needed, "x")
    assert missing(full, needed) == [EntryProblem("phone", Mistake.PHONE)]
    assert missing({**full, "phone": "(312) 555-0101", "name": "  "}, needed) == [
        EntryProblem("name", Mistake.EMPTY)
    ]


def test_a_home_alone():
    assert read_home(MEMBER, FACTS).entry.state == "IL"
    assert [problem.field for problem in read_home({"state": "x", "zip": "1"}, FACTS).problems] == [
        "state",
        "zip",
    ]


def test_phones():
    assert e164("312 555 0101") == e164("+13125550101") == "+13125550101"
    assert e164("12") is e164("") is e164("casa") is e164("555-0101") is e164("+15550101") is None


def test_a_bad_duress_word_has_a_reason():
    assert duress_word_problem("girasol", is_everyday=lambda word: word.upper() == "MANGO") is None
    assert duress_word_problem("luna llena", is_everyday=lambda _: False) is None
    assert duress_word_problem("sol 1", is_everyday=lambda _: False) is BadWord.SHORT


@pytest.mark.parametrize(
    "typed",
    ["0000000000", "5555555555", "1 800 FLOWERS", "312-555-0101 x5", "312-555-0101 ext. 5", "312-555-0101;ext=5",
     "312-555-0101#5", "312-555-0101,5", "3125550101 or 3125550102", "3125550101 3125550102", "+1+3125550101",
     "1112223333", "312-155-0101", "012-555-0101", "tel:+13125550101", "call 3125550101", "12", "+", "-", "\0",
     "+999999999999", "9" * 400],
)  # fmt: skip
def test_what_is_not_plainly_one_phone_is_none(typed):
    assert e164(typed) is None


@pytest.mark.parametrize(
    "typed",
    ["3125550101", "(312) 555-0101", "(312)555.0101", "+1 312 555 0101", "(+1) 312 555 0101", "1-312-555-0101",
     "312–555–0101", "312\u00a0555\u20110101", "\u202a+13125550101\u202c", "\u200b312 555 0101", "٣١٢٥٥٥٠١٠١",
     "３１２５５５０１０１"],
)  # fmt: skip
def test_a_phone_is_one_however_it_is_typed(typed):
    assert e164(typed) == "+13125550101"
    assert e164("+52 55 1234 5678") == e164("011 52 55 1234 5678") == "+525512345678"


@given(st.from_regex(r"\+?1?[0-9]{9,11}", fullmatch=True))
def test_the_short_way_for_us_phones_says_what_the_library_says(typed):
    assert e164(typed) == e164_of_any(typed)
