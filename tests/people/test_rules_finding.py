"""What a search asks for, from what somebody typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.people.rules_finding import Kind, Sought, folded, is_called, is_meant, sought

ROSA = "+13125550101"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("41", Sought(number=41)),
        (" #41 ", Sought(number=41)),
        ("# 0041", Sought(number=41)),
        ("٤١", Sought(number=41)),  # another script's digits
        ("４１", Sought(number=41)),  # wide ones
        ("123456789", Sought(number=123456789)),
        ("0101", Sought(ending="0101")),
        ("4101", Sought(number=4101, ending="4101")),
        ("#4101", Sought(number=4101)),
        ("3125550101", Sought(phone=ROSA)),
        ("(312) 555-0101", Sought(phone=ROSA)),
        ("312.555.0101", Sought(phone=ROSA)),
        ("312 555‑0101", Sought(phone=ROSA)),  # a space and a hyphen that don't break
        ("1 312 555 0101", Sought(phone=ROSA)),
        ("+1 312 555 0101", Sought(phone=ROSA)),
        ("\u202a+1 312 555 0101\u202c", Sought(phone=ROSA)),  # as copied from a phone's contacts
        ("+52 55 1234 5678", Sought(phone="+525512345678")),
        ("555-0101", Sought()),
        ("2 312 555 0101", Sought()),
        ("+1234567", Sought()),
        ("+1234567890123456", Sought()),
        ("rosa", Sought(name=("rosa",))),
        ("  Rosa   LÓPEZ ", Sought(name=("rosa", "lopez"))),
        ("O'Brien", Sought(name=("o", "brien"))),
        ("r", Sought()),
        ("", Sought()),
        ("   ", Sought()),
        ("#", Sought()),
        ("#-1", Sought()),
        ("' OR 1=1 --", Sought(name=("or", "1", "1"))),
    ],
)
def test_what_is_typed_is_a_number_a_phone_an_ending_a_name_or_nothing(typed, wanted):
    assert sought(typed) == wanted


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("41", Kind.NUMBER), (ROSA, Kind.PHONE), ("0101", Kind.ENDING), ("4101", Kind.ENDING), ("ana", Kind.NAME),
     ("?", Kind.NOTHING)],
)  # fmt: skip
def test_history_gets_a_code_of_it(typed, kind):
    assert sought(typed).kind is kind


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
    assert is_called(name, sought(typed).name) is wanted


def test_no_words_find_nobody():
    assert not is_called("Rosa", ())


LETTERS = st.text("abcdefghijklmnopqrstuvwxyzáéíóúüñàèòç ABCDEÁÉÍÓÚÑÈ'-", min_size=1, max_size=40)


@given(LETTERS)
def test_a_name_is_found_by_itself_however_it_is_written(name):
    asked = sought(name)
    if asked.name:
        assert is_called(name, asked.name)
        assert is_called(name.upper(), asked.name)
        assert is_called(name, sought(name.upper()).name)


@given(st.text())
def test_anything_may_be_typed_and_asks_for_one_thing_at_most(text):
    asked = sought(text)
    assert (asked.number is not None or bool(asked.ending)) + bool(asked.phone) + bool(asked.name) <= 1
    assert asked.kind in Kind
    assert asked.phone == "" or (asked.phone[1:].isascii() and asked.phone[1:].isdigit())


@given(
    st.from_regex(r"[2-9]\d\d[2-9]\d{5}0", fullmatch=True, alphabet="0123456789"),
    st.sampled_from(["{}{}{}", "({}) {}-{}", "+1{}.{}.{}"]),
)
def test_ten_digits_are_the_same_phone_in_any_punctuation(digits, shape):
    assert sought(shape.format(digits[:3], digits[3:6], digits[6:])).phone == f"+1{digits}"


@given(st.text())
def test_folding_again_changes_nothing(text):
    words = folded(text)
    assert folded(" ".join(words)) == words


@pytest.mark.parametrize(
    "typed", ["garcía", "GARCIA", "garci", "ana garcia", "+1 312 555 0101", "0101", "#0101x garcia"]
)
def test_a_person_is_looked_for_in_one_way_everywhere(typed):
    assert is_meant(sought(typed), "Ana García", ROSA) is (typed != "#0101x garcia")


@pytest.mark.parametrize("typed", ["", "41", "#0101", "555", "3125550102", "lopez", "🙂"])
def test_whoever_is_not_meant_is_not_found(typed):
    assert not is_meant(sought(typed), "Ana García", ROSA)
