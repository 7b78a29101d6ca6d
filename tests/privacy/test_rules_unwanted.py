"""What we don't want to know is found and masked, and what a family must be able to write is not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.privacy.rules.unwanted import MASK, MASKED, REFUSED, Unwanted, masked, unwanted_in

NUMBERS = [
    "my A number is A012345678", "A-012-345-678", "a#012345678", "A012 345 678", "a 012 345 678",
    "mi numero A es 012345678", "alien number: 012-345-678", "alien registration number 12345678",
    "número de extranjero 012 345 678", "A 012-345-678 is what they asked", "su A-Number es A 98765432",
    "my ssn is 123-45-6789", "123-45-6789", "SSN 123456789", "seguro social: 123 45 6789",
    "social security number is 123.45.6789", "itin 912-70-1234", "912-70-1234",
]  # fmt: skip
HARMLESS = [
    "call me at 312-555-0101", "llame a 312 555 0101", "llama a 3125550101", "+1 (312) 555-0101", "a 13125550101",
    "we live at 1234 W 26th St apt A 12", "somos 4, mi calle es 4120", "60629-1234", "ZIP 60629",
    "son las 10:30", "el 10-20-2026 a las 9", "come 2026-10-06", "it costs 1200.50", "1", "41", "41 30 min",
    "apt A1234", "route A 290", "A1", "estoy en casa 2450 2B", "unit 3A 4567", "call 911", "9", "2468",
    "mi hijo tiene 7 años", "tengo 3 niños de 4, 6 y 12", "llama a 5551 2345", "marca al 55 1234 5678",
    "a las 8 y 30", "llegan a 20 minutos", "A 15 minutos de aqui", "tel 773.555.0199", "312-55-50101",
]  # fmt: skip


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_that_nobody_needs_is_masked_whole(text):
    kept = masked(text)
    assert MASK in kept
    assert not re.search(r"\d{2}", kept), kept


@pytest.mark.parametrize("text", HARMLESS)
def test_phones_houses_times_and_answers_stay_as_they_are(text):
    assert masked(text) == text
    assert unwanted_in(text) is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Her A number is 012345678", Unwanted.A_NUMBER),
        ("SSN 123-45-6789 on the lease", Unwanted.SOCIAL_SECURITY),
        ("passport no. G12345678", Unwanted.PASSPORT),
        ("pasaporte: A1234567", Unwanted.PASSPORT),
        ("DOB 03/04/1988", Unwanted.BIRTH_DATE),
        ("the boy was born on 2015-03-04", Unwanted.BIRTH_DATE),
        ("fecha de nacimiento: 4 de marzo", Unwanted.BIRTH_DATE),
        ("nacida en 1990", Unwanted.BIRTH_DATE),
        ("they are undocumented", Unwanted.STATUS),
        ("ella es indocumentada", Unwanted.STATUS),
        ("no papers, be careful", Unwanted.STATUS),
        ("has a removal order", Unwanted.STATUS),
        ("officer badge 1234 at the door", Unwanted.OTHERS),
        ("license plate ABC 1234", Unwanted.OTHERS),
        ("placas: XYZ-987", Unwanted.OTHERS),
    ],
)
def test_what_staff_must_not_write_is_named(text, what):
    assert unwanted_in(text) is what


@pytest.mark.parametrize(
    "text",
    [
        "The papers for the school are on the table", "Green door, card reader broken", "Born here is the dog, friendly",
        "Ring twice; the bell is broken", "Two children, 4 and 7", "Speaks Mam; call the neighbor 312-555-0101",
        "Plates and cups are needed for the children", "Status: waiting for a lawyer", "She can't use stairs, unit 2B",
        "Legal help asked at 10", "wears a badge of the church", "Allergic to nuts since 2019",
    ],
)  # fmt: skip
def test_what_a_visitor_needs_to_know_may_be_written(text):
    assert unwanted_in(text) is None


@given(st.text(alphabet="aA-# .0123456789ñé\n", max_size=400))
def test_masking_twice_changes_nothing_more_and_is_quick(text):
    once = masked(text)
    assert masked(once) == once


@given(st.from_regex(r"\+?1?[ -]?\(?[2-9]\d{2}\)?[ .-]?\d{3}[ .-]?\d{4}", fullmatch=True))
def test_no_phone_is_ever_masked(phone):
    for before in ("", "a ", "A ", "llame a ", "call "):
        assert masked(before + phone) == before + phone


def test_each_kind_has_a_way_to_be_found():
    assert {what for what, _ in REFUSED} == set(Unwanted)
    assert len(MASKED) == 6
