"""A row of the board: its one action claims and opens, its words are the last, ticks claim many; all requests as a list."""

import re

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from network.audit.rules import ENGINE, staff
from network.console.shell import refusals
from network.desk import actions as desk
from network.desk.models import Need
from network.desk.rules import Reason
from tests.console.signing_in import by_link, get, post
from tests.reading import markup_of, words_of


@pytest.fixture
def ana(world):
    staff_member = world.coordinator()
    client = by_link(world, staff_member)
    client.staff = staff_member
    return client


def open_need(world):
    return Need.objects.filter(closed_at=None, request_id=world.request().pk).order_by("due_at").first()


def test_pressing_a_rows_action_claims_it_and_opens_where_it_is_done(world, ana):
    world.member("Rosa").sends("help")
    need = open_need(world)
    answer = post(ana, f"/needs/{need.pk}/work")
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/requests/{world.request().number}")
    need.refresh_from_db()
    assert need.claimed_by == ana.staff.pk


def test_what_another_has_is_opened_and_says_so(world, ana):
    world.member("Rosa").sends("help")
    need = open_need(world)
    post(ana, f"/needs/{need.pk}/work")
    other = by_link(world, world.coordinator())
    page = other.post(f"/needs/{need.pk}/work", secure=True, follow=True).content.decode()
    assert "Somebody else has taken this." in page
    need.refresh_from_db()
    assert need.claimed_by == ana.staff.pk


def test_a_row_quotes_the_last_words_and_masks_what_looks_like_a_street(world, ana):
    rosa = world.member("Rosa")
    rosa.sends("help")
    rosa.sends("hay alguien en 2345 W Sample Street, ayuda")
    board = get(ana, "/board/needs").content.decode()
    assert "ayuda”" in board
    assert "2345" not in board


def test_a_digit_that_answers_a_menu_is_not_what_somebody_said_last(world, ana):
    rosa = world.member("Rosa")
    rosa.sends("they are at the door")
    rosa.sends("1")
    assert "“they are at the door”" in words_of(get(ana, "/board/needs"))
    world.wait(minutes=90)
    rosa.sends("2")
    assert "“they are at the door”" not in words_of(get(ana, "/board/needs"))


def test_a_row_about_an_unknown_phone_quotes_it_as_others_do(world, ana):
    stranger = world.stranger()
    stranger.sends("who is this? they are at 2345 W Sample Street, ayuda tengo miedo")
    row = words_of(get(ana, "/board/needs"))
    assert "“who is this? they are at ▒▒▒▒▒▒, ayuda tengo miedo”" in row
    assert "2345" not in row
    assert stranger.number not in row


def test_whoever_stopped_our_texts_is_called_and_not_written_to(world, ana):
    rosa = world.member("Rosa")
    rosa.asks()
    rosa.sends("STOP")
    for need in Need.objects.filter(closed_at=None):
        desk.close(need.pk, by=staff(ana.staff.pk), now=world.now)
    rosa.sends("is anybody coming")
    row = markup_of(get(ana, "/board/needs"))
    assert f"/people/{rosa.person.pk}/call" in row
    assert "Text <bdi>Rosa" not in row
    page = words_of(get(ana, f"/requests/{world.request().number}"))
    assert "Call Rosa: show the number" in page
    assert "Answer Rosa" not in page


def test_from_twenty_five_on_rows_are_ticked_and_claimed_together(world, ana):
    for n in range(25):
        world.member(f"Rosa {n}").sends("help")
    board = get(ana, "/board/needs").content.decode()
    ticks = re.findall(r'name="need"\s+value="([^"]+)"', board)
    assert len(ticks) >= 25
    assert "needs/ticked/claim" in board
    answer = ana.post("/needs/ticked/claim", {"need": [*ticks[:3], "nonsense"]}, secure=True, follow=True)
    assert "You have 3 more." in answer.content.decode()
    assert Need.objects.filter(claimed_by=ana.staff.pk).values("subject").distinct().count() == 3
    ana.post("/needs/ticked/unclaim", {"need": ticks[:3]}, secure=True)
    assert not Need.objects.filter(claimed_by=ana.staff.pk).exists()
    none = ana.post("/needs/ticked/claim", {}, secure=True, follow=True)
    assert "Tick at least one row first." in none.content.decode()


def test_all_requests_are_a_list_and_a_closed_one_names_nobody(world, ana):
    world.member("Rosa Prieto").sends("help")
    number = world.request().number
    page = get(ana, "/requests/all").content.decode()
    assert f'href="/requests/{number}"' in page
    assert "Rosa Prieto" in page
    type(world.request()).objects.update(state="closed", outcome="helped", closed_at=world.now)
    assert f'href="/requests/{number}"' not in get(ana, "/requests/all").content.decode()
    for show in ("today", "all"):
        page = get(ana, f"/requests/all?show={show}").content.decode()
        assert f'href="/requests/{number}"' in page
        assert "Rosa Prieto" not in page


def test_a_page_leaves_compressed_and_a_font_as_it_is(world, ana):
    page = ana.get("/", secure=True, headers={"accept-encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    font = "fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"
    for name, how in (("parts.css", "gzip"), (font, None)):
        answer = ana.get(f"/static/console/{name}", secure=True, headers={"accept-encoding": "gzip"})
        assert answer.get("Content-Encoding") == how
        answer.close()


def test_a_form_without_its_token_gives_back_what_was_written(world):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/theme", {"words": "ya casi llega <b>", "next": "/"}, secure=True)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "ya casi llega &lt;b&gt;" in page
    assert "Nothing was changed" in page


def test_a_fault_of_ours_has_a_page_that_asks_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = refusals.broken(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


def test_in_spanish_a_rows_button_is_a_verb_before_a_name(world, ana):
    rosa = world.member("Rosa")
    rosa.sends("help")
    desk.raise_need(
        Reason.CALL_MEMBER,
        about=desk.About("request", str(world.request().pk)),
        person_id=rosa.person.pk,
        request_id=world.request().pk,
        by=ENGINE,
        now=world.now,
    )
    world.responder("Dmitri").sends("is anybody there")
    ana.cookies["django_language"] = "es"
    with translation.override("en"):  # and back to what was spoken before
        board = words_of(get(ana, "/board/needs"))
    assert "Llamar a Rosa" in board
    assert "Escribir a Dmitri" in board
