"""What a search asks for, from what somebody typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.people.rules.search import SearchKind, SearchTerms, folded, matches, matches_name, search_terms

ROSA = "+13125550101"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("41", SearchTerms(number=41)),
        (" #41 ", SearchTerms(number=41)),
        ("# 0041", SearchTerms(number=41)),
        ("٤١", SearchTerms(number=41)),  # another script's digits
        ("４１", SearchTerms(number=41)),  # wide ones
        ("123456789", SearchTerms(number=123456789)),
        ("0101", SearchTerms(ending="0101")),
        ("4101", SearchTerms(number=4101, ending="4101")),
        ("#4101", SearchTerms(number=4101)),
        ("3125550101", SearchTerms(phone=ROSA)),
        ("(312) 555-0101", SearchTerms(phone=ROSA)),
        ("312.555.0101", SearchTerms(phone=ROSA)),
        ("312 555‑0101", SearchTerms(phone=ROSA)),  # a space and a hyphen that don't break
        ("1 312 555 0101", SearchTerms(phone=ROSA)),
        ("+1 312 555 0101", SearchTerms(phone=ROSA)),
        ("\u202a+1 312 555 0101\u202c", SearchTerms(phone=ROSA)),  # as copied from a phone's contacts
        ("+52 55 1234 5678", SearchTerms(phone="+525512345678")),
        ("555-0101", SearchTerms()),
        ("2 312 555 0101", SearchTerms()),
        ("+1234567", SearchTerms()),
        ("+1234567890123456", SearchTerms()),
        ("rosa", SearchTerms(name=("rosa",))),
        ("  Rosa   LÓPEZ ", SearchTerms(name=("rosa", "lopez"))),
        ("O'Brien", SearchTerms(name=("o", "brien"))),
        ("r", SearchTerms()),
        ("", SearchTerms()),
        ("   ", SearchTerms()),
        ("#", SearchTerms()),
        ("#-1", SearchTerms()),
        ("' OR 1=1 --", SearchTerms(name=("or", "1", "1"))),
    ],
)
def test_what_is_typed_is_a_number_a_phone_an_ending_a_name_or_nothing(typed, wanted):
    assert search_terms(typed) == wanted


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("41", SearchKind.NUMBER), (ROSA, SearchKind.PHONE), ("0101", SearchKind.ENDING), ("4101", SearchKind.ENDING), ("ana", SearchKind.NAME),
     ("?", SearchKind.NOTHING)],
)  # fmt: skip
def test_history_gets_a_code_of_it(typed, kind):
    assert search_terms(typed).kind is kind


@pytest.mark.parametrize(
    ("name", "typed", "wanted"),
    [
        ("Rosa López", "rosa", True),
        ("Rosa López", "LOPEZ", True),
        ("Rosa López", "lo ro", True),
        ("Rosa López", "osa", False),
        ("Rosa López", "rosa diaz", False),
        ("Jean-Baptiste Noël", "baptiste noel", True),
        ("Nuñez", "nunez", True),
        ("Straße", "STRASSE", True),
        ("", "rosa", False),
    ],
)
def test_each_word_begins_a_word_of_the_name(name, typed, wanted):
    assert matches_name(name, search_terms(typed).name) is wanted


def test_no_words_find_nobody():
    assert not matches_name("Rosa", ())


LETTERS = st.text("abcdefghijklmnopqrstuvwxyzáéíóúüñàèòç ABCDEÁÉÍÓÚÑÈ'-", min_size=1, max_size=40)


@given(LETTERS)
def test_a_name_is_found_by_itself_however_it_is_written(name):
    asked = search_terms(name)
    if asked.name:
        assert matches_name(name, asked.name)
        assert matches_name(name.upper(), asked.name)
        assert matches_name(name, search_terms(name.upper()).name)


@given(st.text())
def test_anything_may_be_typed_and_asks_for_one_thing_at_most(text):
    asked = search_terms(text)
    assert (asked.number is not None or bool(asked.ending)) + bool(asked.phone) + bool(asked.name) <= 1
    assert asked.kind in SearchKind
    assert asked.phone == "" or (asked.phone[1:].isascii() and asked.phone[1:].isdigit())


@given(
    st.from_regex(r"[2-9]\d\d[2-9]\d{5}0", fullmatch=True, alphabet="0123456789"),
    st.sampled_from(["{}{}{}", "({}) {}-{}", "+1{}.{}.{}"]),
)
def test_ten_digits_are_the_same_phone_in_any_punctuation(digits, shape):
    assert search_terms(shape.format(digits[:3], digits[3:6], digits[6:])).phone == f"+1{digits}"


@given(st.text())
def test_folding_again_changes_nothing(text):
    words = folded(text)
    assert folded(" ".join(words)) == words


@pytest.mark.parametrize(
    "typed", ["garcía", "GARCIA", "garci", "ana garcia", "+1 312 555 0101", "0101", "#0101x garcia"]
)
def test_a_person_is_looked_for_in_one_way_everywhere(typed):
    assert matches(search_terms(typed), "Ana García", ROSA) is (typed != "#0101x garcia")


@pytest.mark.parametrize("typed", ["", "41", "#0101", "555", "3125550102", "lopez", "🙂"])
def test_whoever_is_not_meant_is_not_found(typed):
    assert not matches(search_terms(typed), "Ana García", ROSA)
