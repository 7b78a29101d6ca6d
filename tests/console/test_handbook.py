"""The handbook: the same in both languages, true to the buttons, and there without the internet."""

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from network.console.shell import handbook
from tests.console.signing_in import browser, by_link, get, staff_of

PLACE = settings.BASE_DIR / "docs" / "handbook"
WANTED = [
    "first-shift", "words", "silence", "duress", "nobody-on", "hand-off", "phone", "calls", "keys", "refusals",
    "trust", "drills", "setting-up",
]  # fmt: skip
BUTTON = re.compile(r"(?<![*\w])\*([^*\"«]+)\*(?!\*)")
PICTURE = re.compile(r"!\[([^\]]+)\]\(images/([\w-]+\.png)\)")


def text(language):
    return (PLACE / f"{language}.md").read_text(encoding="utf-8")


def shape(language):
    """Everything but the words: sections, pictures, lists, tables, links."""
    lines = [line.strip() for line in text(language).splitlines()]
    marks = [re.match(r"(#+ |\d\.|- \*\*|\||<a id=\"[a-z-]+\"></a>|!\[)", line) for line in lines]
    return [mark[1] for mark in marks if mark]


def test_both_languages_have_the_same_sections_lists_tables_and_pictures():
    assert [section.slug for section in handbook.sections("en")] == WANTED
    assert shape("en") == shape("es")
    assert len(shape("en")) > 50
    english, spanish = (PICTURE.findall(text(language)) for language in handbook.LANGUAGES)
    assert [name.removeprefix("en-") for _, name in english] == [
        name.removeprefix("es-") for _, name in spanish
    ]
    assert {a for a, _ in english} & {a for a, _ in spanish} == set()


def test_every_picture_is_there_and_all_are_small():
    told = {name for language in handbook.LANGUAGES for _, name in PICTURE.findall(text(language))}
    there = {path.name: path for path in (PLACE / "images").iterdir()}
    assert told == set(there)
    assert sum(path.stat().st_size for path in there.values()) < 2_000_000
    for language in handbook.LANGUAGES:
        assert len(PICTURE.findall(text(language))) <= 10
    for name, path in there.items():
        assert finders.find(f"handbook/{name}") == str(path)


def test_the_buttons_that_it_names_are_the_consoles_own():
    """In English as the pages say it, in Spanish as the translation of just that."""
    pages = "".join(path.read_text() for path in Path(settings.BASE_DIR / "network/console").rglob("*.html"))
    named = [BUTTON.findall(text(language)) for language in handbook.LANGUAGES]
    assert len(named[0]) == len(named[1]) > 12
    with (settings.LOCALE_PATHS[0] / "es/LC_MESSAGES/django.mo").open("rb") as file:
        spanish = GNUTranslations(file)
    for english, said in zip(*named, strict=True):
        assert f'{{% translate "{english}' in pages, english
        translated = spanish.gettext(english)
        assert said == translated or translated == english, (english, said)


@pytest.fixture
def client(world):
    return by_link(world, staff_of(world, "coordinator"))


@pytest.mark.parametrize("language", handbook.LANGUAGES)
def test_every_section_opens_in_the_readers_language_with_pictures_of_our_own(client, language):
    client.cookies["django_language"] = language
    contents = get(client, "/handbook").content.decode()
    for number, section in enumerate(handbook.sections(language)):
        assert f'<a href="/handbook/{section.slug}">{section.title}</a>' in contents
        page = get(client, f"/handbook/{section.slug}").content.decode()
        assert f"<h1>{section.title}</h1>" in page
        assert f'lang="{language}"' in page
        for name in PICTURE.findall(section.words):
            assert f'src="/static/handbook/{name[1]}"' in page
            assert f'alt="{name[0]}"' in page
        assert "**" not in page
        assert "../" not in page  # nothing leads to where the console has no page
        assert "http" not in re.sub(r'xmlns="[^"]+"', "", page)
        assert ('rel="prev"' in page) == (number > 0)
        assert ('rel="next"' in page) == (number < len(WANTED) - 1)


def test_a_picture_is_really_served(client):
    """By the same process that serves the page."""
    answer = get(client, "/static/handbook/en-board.png")
    assert answer["Content-Type"] == "image/png"
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    answer.close()


def test_other_languages_read_english_and_there_is_no_other_section(client):
    assert handbook.sections("ht") == handbook.sections("en")
    assert get(client, "/handbook/nothing").status_code == 404
    assert get(client, "/handbook/..%2Fen").status_code == 404


@pytest.mark.parametrize("role", ["steward", "verifier", "auditor", "lawyer"])
def test_whoever_is_in_may_read_it_and_nobody_else(world, role):
    inside = by_link(world, staff_of(world, role, organization=world.azul))
    assert get(inside, reverse("handbook")).status_code == 200
    assert get(inside, "/handbook/refusals").status_code == 200
    assert get(browser(), "/handbook/refusals")["Location"].startswith("/accounts/login/")


def test_words_in_a_section_are_never_markup_of_their_own():
    raw = handbook.Section(
        "x",
        "x",
        "<script>alert(1)</script> [in](#duress) [out](https://example.org) ![p](images/en-board.png)",
    )
    html = handbook.as_html(raw)
    assert "<script" not in html
    assert '<a href="/handbook/duress">in</a>' in html
    assert "example.org" not in html
    assert "out" in html
