"""Which languages a network has, what 0 leads to, and how days are said."""

from datetime import UTC, datetime

import pytest

from network.configuration import Misconfigured, read
from network.messaging.texts import dates
from network.messaging.texts.languages import known, next_language, switch


@pytest.mark.parametrize(
    ("language", "among", "leads_to", "taught"),
    [
        ("en", ("en", "es"), "es", "Español: 0."),
        ("es", ("en", "es"), "en", "English: 0."),
        ("en", ("en", "es", "ht"), "es", "Español, Kreyòl: 0."),
        ("es", ("en", "es", "ht"), "ht", "Kreyòl, English: 0."),
        ("ht", ("en", "es", "ht"), "en", "English, Español: 0."),
        ("ht", ("en", "es"), "en", "English, Español: 0."),
        ("en", ("en",), "en", ""),
    ],
)
def test_0_leads_to_the_networks_next_language_and_the_text_says_which(language, among, leads_to, taught):
    assert next_language(language, among) == leads_to
    assert switch(language, among) == taught


def test_whoever_speaks_another_language_is_written_to_in_the_networks_first():
    assert known("pl", ("es", "ht")) == "es"
    assert known("ht", ("es", "ht")) == "ht"


def test_the_configuration_takes_the_languages_that_have_texts_and_names_those_that_have_none(tmp_path):
    env = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "x"}
    assert read(env, demo=False, port=1).languages == ("en", "es")
    assert read({**env, "LANGUAGES": "ht, en,EN"}, demo=False, port=1).languages == ("ht", "en")
    with pytest.raises(Misconfigured, match="LANGUAGES names 'fr', which has no texts"):
        read({**env, "LANGUAGES": "en,fr"}, demo=False, port=1)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Tue Oct 13 at 9:30 am"),
        ("es", "martes 13 de octubre a las 9:30 am"),
        ("ht", "madi 13 oktòb a 9:30 am"),
    ],
)
def test_a_day_is_said_with_weekday_month_and_day(language, said):
    assert dates.when(datetime(2026, 10, 13, 9, 30, tzinfo=UTC), language) == said
