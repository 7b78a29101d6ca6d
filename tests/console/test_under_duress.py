"""Under duress nothing suggests a call, the family's other needs are folded, and writing takes two people."""

import re

import pytest

from network.staff.models import StaffSession
from tests.console.signing_in import by_link, get, post, press
from tests.reading import markup_of


def console(world):
    client = by_link(world, world.coordinator())
    get(client, "/")
    StaffSession.objects.update(reauthenticated_at=world.now)
    return client


@pytest.fixture
def ana(world):
    return console(world)


@pytest.fixture
def forced(world):
    """A request whose visitor is late, and then the duress word."""
    dmitri, rosa = world.responder("Dmitri"), world.member("Rosalind", duress_word="zanahoria")
    rosa.asks()
    dmitri.accepts()
    world.wait(minutes=75)
    rosa.sends("zanahoria estamos bien")
    assert {"duress", "not_there"} <= set(world.needs()) or "duress" in world.needs()
    return dmitri, rosa


def text(page):
    shown = re.sub(r"<(script|style|template)\b.*?</\1>", " ", page.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))


def test_nothing_on_the_page_suggests_a_call_or_offers_to_write(world, forced, ana):
    number = world.request().number
    page = get(ana, f"/requests/{number}")
    html = re.sub(r'<ol class="bubbles">.*?</ol>', " ", page.content.decode(), flags=re.S)  # what was texted
    page.content = html.encode()
    words = text(page)
    assert re.findall(r".{0,60}\bcall\b.{0,20}", re.sub(r"[Dd]o not call or text[^.]*", "", words)) == []
    assert "/call" not in html
    assert 'name="words"' not in html
    assert "do/promise" not in html
    assert "do/write" not in html
    assert "Decide together with a second coordinator" in words


def test_other_needs_of_that_family_are_folded_and_on_the_board_they_are_one_row(world, forced, ana):
    _, rosa = forced
    rosa.sends("ayuda")
    number = world.request().number
    shown = markup_of(get(ana, f"/requests/{number}/panel/next"))
    assert shown.count("data-need") == 1
    assert 'class="next-step duress"' in shown
    assert "other need" in shown
    board = markup_of(get(ana, "/board/needs"))
    assert re.findall(r'<li class="need (\w+)', board) == ["duress"]
    assert "Call " not in text(get(ana, "/board/needs"))
    assert "Call " not in text(get(ana, "/board/visits"))


def test_the_row_quotes_nothing_for_the_word_would_be_read_over_a_shoulder(world, forced, ana):
    board = markup_of(get(ana, "/board/needs"))
    assert 'class="need duress' in board
    assert "zanahoria" not in board
    assert "last-words" not in board


def test_a_text_goes_only_after_a_second_person_agreed(world, forced, ana):
    _, rosa = forced
    request = world.request()
    path, sent = f"/requests/{request.number}/do", len(rosa.texts)
    for where in (f"{path}/write", f"/people/{rosa.person.pk}/do/write"):
        post(ana, where, words="Are you safe?")
    post(ana, f"{path}/promise", how="write", minutes="20")
    press(ana, f"/people/{rosa.person.pk}/call")
    post(ana, f"{path}/agree-contact")  # nobody has asked
    post(ana, f"{path}/ask-contact")
    post(ana, f"{path}/agree-contact")  # the same person
    post(ana, f"{path}/write", words="Are you safe?")
    world.wait(minutes=1)
    assert len(rosa.texts) == sent
    beto = console(world)
    assert "I agree, as the second" in text(get(beto, f"/requests/{request.number}"))
    post(beto, f"{path}/agree-contact")
    assert 'name="words"' in get(ana, f"/requests/{request.number}").content.decode()
    post(ana, f"{path}/write", words="Are you safe?")
    world.wait(minutes=1)
    assert rosa.got("Are you safe?")


def test_the_word_again_takes_two_again(world, forced, ana):
    _, rosa = forced
    request, beto = world.request(), console(world)
    post(ana, f"/requests/{request.number}/do/ask-contact")
    post(beto, f"/requests/{request.number}/do/agree-contact")
    rosa.sends("zanahoria")
    assert world.request().contact_agreed_at is None


def test_the_home_may_be_looked_at_and_the_phone_not(world, forced, ana):
    _, rosa = forced
    number = world.request().number
    page = press(ana, f"/requests/{number}/address").content.decode()
    assert "1234 Sample Street" in page
    assert rosa.number not in page
