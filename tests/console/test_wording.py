"""A steward puts the network's own words in place of ours; phones get them from then on."""

import re

import pytest

from network.audit.models import Entry
from network.messaging.models import Wording
from network.messaging.outbox import wording
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import TABLES
from network.staff.models import Staff
from tests.callers import Caller
from tests.console.test_drills import steward
from tests.console.test_pages import sign_in
from tests.reading import markup_of

OURS = TABLES["en"][Text.HOME]
THEIRS = "{prefix}: We got your text, friend. Are you at home? 1 = at home, 2 = another place"


def save(client, words, *, key="home", language="en", seen=0, step="save", **more):
    form = {"words": words, "seen": seen, "step": step, **more}
    return client.post(f"/wording/{key}/{language}", form, secure=True, follow=True)


def test_a_stewards_words_go_to_phones_and_back_to_ours_with_one_click(world):
    client, rosa, luz = steward(world), world.member("Rosa"), world.member("Luz", duress_word="mariposa")
    assert "Kept." in save(client, THEIRS).content.decode()
    rosa.sends("I need help")
    luz.sends("mariposa I need help")
    assert rosa.got("We got your text, friend.")
    assert rosa.texts == luz.texts  # to the letter
    page = client.get("/wording/home/en", secure=True).content.decode()
    assert "another place" in page
    assert "Still in our words:" in page  # Spanish has none of theirs
    assert "Still in our words:" in client.get("/wording", secure=True).content.decode()
    assert "Texts say our words again." in save(client, "", seen=1, step="ours").content.decode()
    eva = world.member("Eva")
    eva.sends("I need help")
    assert eva.got("Are you at home now?")
    assert [row.words for row in wording.history(Text.HOME, "en")] == ["", THEIRS]
    assert Entry.objects.filter(action="wording.changed", about="text:home").count() == 2
    assert "friend" not in str(list(Entry.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Are you at home? 1 = at home, 2 = no", r"These fields must stay: \{prefix\}"),
        (OURS.replace("2 =", "3 ="), "The answers must stay as they are, in their order: 1 =, 2 ="),
        (OURS + " Text HELP.", "would act on them: HELP"),
        (OURS + " And so on" * 20, "It is too long"),
        (OURS + " {name}", r"no such fields: \{name\}"),
    ],
)
def test_what_would_break_the_text_is_refused_in_a_sentence_and_what_was_typed_stays(world, words, why):
    answer = save(steward(world), words)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(why, page)
    assert words.replace("'", "&#x27;")[:60] in page
    assert not Wording.objects.exists()


def test_signs_that_halve_a_message_are_kept_only_when_confirmed(world):
    client, words = steward(world), "Entendido. Todavía buscamos aquí."
    page = save(client, words, key="keep_looking", language="es").content.decode()
    assert "Keep these signs anyway" in page
    assert not Wording.objects.exists()
    save(client, words, key="keep_looking", language="es", anyway="1")
    assert wording.words_of(Text.KEEP_LOOKING, "es") == words


def test_a_check_keeps_nothing_and_a_stale_page_overwrites_nothing(world):
    client = steward(world)
    save(client, THEIRS, step="check")
    assert not Wording.objects.exists()
    save(client, THEIRS)
    assert (
        "Somebody else has changed these words" in save(client, OURS.replace("now", "still")).content.decode()
    )
    assert Wording.objects.get().words == THEIRS


def test_twins_and_the_strangers_answer_change_everywhere_at_once(world):
    client = steward(world)
    save(client, "{prefix}: Someone else goes.", key="too_late")
    assert wording.words_of(Text.STAND_DOWN, "en") == "{prefix}: Someone else goes."
    save(client, "Solo para miembros. For members only.", key="unknown_sender", language="es")
    assert {wording.words_of(Text.UNKNOWN_SENDER, code) for code in TABLES} == {
        "Solo para miembros. For members only."
    }
    stranger = world.stranger()
    stranger.sends("hola")
    assert stranger.last == "Solo para miembros. For members only."


def test_words_that_no_longer_fit_are_passed_over_and_shown(world):
    client = steward(world)
    Wording.objects.create(
        text="home",
        language="en",
        version=1,
        words="{gone} 1 = at home",
        changed_at=world.now,
        changed_by=Staff.objects.get().pk,
    )
    wording.forget()
    assert wording.words_of(Text.HOME, "en") == OURS
    assert "no longer fits: ours is sent" in client.get("/wording", secure=True).content.decode()


def test_another_process_says_the_old_words_for_seconds_only(world, monkeypatch):
    assert wording.words_of(Text.HOME, "en") == OURS
    Wording.objects.create(
        text="home",
        language="en",
        version=1,
        words=THEIRS,
        changed_at=world.now,
        changed_by=world.coordinator().pk,
    )
    later = wording.time.monotonic() + wording.FRESH_FOR_S + 0.1
    monkeypatch.setattr(wording.time, "monotonic", lambda: later)
    assert wording.words_of(Text.HOME, "en") == THEIRS


@pytest.mark.parametrize("path", ["/wording", "/wording/home/en"])
def test_only_stewards_change_words(world, path):
    client = sign_in(world, world.coordinator())
    assert client.get(path, secure=True).status_code == 404
    assert client.post("/wording/home/en", {"words": THEIRS, "step": "save"}, secure=True).status_code == 404


@pytest.mark.parametrize("path", ["/wording/nothing/en", "/wording/home/fr", "/wording/home/ht"])
def test_there_is_no_page_for_a_text_or_a_language_that_the_network_has_not(world, path):
    assert steward(world).get(path, secure=True).status_code == 404


def test_a_theme_is_kept_in_the_browser_and_leads_back_to_the_page(world):
    client = sign_in(world, world.coordinator())
    assert "data-theme" not in client.get("/", secure=True).content.decode()
    answer = client.post("/theme", {"theme": "night", "next": "/people"}, secure=True)
    assert answer["Location"] == "/people"
    assert '<html lang="en" dir="ltr" data-theme="night"' in markup_of(client.get("/", secure=True))
    assert client.post("/theme", {"theme": "", "next": "https://x.example"}, secure=True)["Location"] == "/"
    assert "data-theme" not in client.get("/", secure=True).content.decode()
    client.cookies["theme"] = '"><script>'
    assert "<script>" not in client.get("/", secure=True).content.decode()


def test_what_is_read_aloud_is_measured_in_sentences_and_heard_by_the_next_caller(world):
    client = steward(world)
    page = client.get("/wording/voice_menu/en", secure=True).content.decode()
    assert "no sentence may be longer than 110 characters" in page
    assert "data-parts" not in page
    long = save(client, "a" * 111, key="voice_person").content.decode()
    assert "It is too long" in long
    assert "Kept." in save(client, "To talk to us, press 9.", key="voice_person").content.decode()
    heard = Caller(world.stranger().number).calls().presses("2", "1").said
    assert "To talk to us, press 9." in heard
