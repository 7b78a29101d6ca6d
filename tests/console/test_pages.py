"""The console: who may open what, and what each button does."""

from datetime import timedelta

import pytest
from asgiref.testing import ApplicationCommunicator
from django.test import Client
from django.utils import timezone

from network.audit import rules as audit
from network.audit.models import Entry
from network.console.shell.consumers import Live, relay
from network.desk.models import Need
from network.dispatch.models import Offer
from network.people.models import Person
from network.staff.actions.accounts import add_staff
from network.staff.actions.sign_in_links import make_sign_in_link
from network.staff.models import Staff
from network.support.rules.requests import State
from network.visits.models import Visit
from tests.console.signing_in import press


def sign_in(world, staff, *, opens_board=True) -> Client:
    client = Client(SERVER_NAME="red.example.org")
    token = make_sign_in_link(staff, opens_board=opens_board, now=timezone.now())
    answer = client.post("/sign-in/link", {"token": token}, secure=True)
    assert answer.status_code == 302
    again = Client().post("/sign-in/link", {"token": token}, secure=True)
    assert again.status_code == 403  # a link is spent once
    return client


@pytest.fixture
def board(world):
    staff = world.coordinator()
    client = sign_in(world, staff)
    client.staff = staff
    return client


def get(client, path):
    return client.get(path, secure=True)


def post(client, path, **form):
    return client.post(path, form, secure=True, follow=True)


def test_without_a_second_factor_only_the_account_opens(world):
    client = sign_in(world, world.coordinator(), opens_board=False)
    assert get(client, "/")["Location"] == "/account"
    assert get(client, "/account").status_code == 200
    assert get(client, "/accounts/2fa/totp/activate/").status_code in (200, 302)
    answer = post(client, "/account/password", password="short")
    assert "12" in answer.content.decode()
    post(client, "/account/password", password="a long enough sentence")
    assert get(client, "/")["Location"] == "/account"  # a password alone opens nothing


@pytest.mark.parametrize("role", [Staff.Role.VERIFIER, Staff.Role.AUDITOR, Staff.Role.LAWYER])
def test_for_other_roles_there_is_no_board_and_no_person_of_elsewhere(world, role):
    staff = add_staff(
        f"{role}@example.org", role=role, organization=None, phone=None, by=audit.COMMAND_LINE, now=world.now
    )
    client = sign_in(world, staff)
    rosa = world.member("Rosa")
    assert get(client, "/")["Location"] == "/account"
    for path in ("/people", f"/people/{rosa.person.pk}", "/board/needs", "/requests/1", "/staff"):
        assert get(client, path).status_code == 404


def test_nobody_signs_themselves_up(world):
    page = Client().get("/accounts/signup/", secure=True)
    assert b'type="password"' not in page.content


def test_the_board_shows_what_happens_and_says_who_is_on(world, board):
    world.responder("Ana")
    rosa = world.member("Rosa")
    assert get(board, "/").status_code == 200
    rosa.sends("help")
    assert not rosa.got("No one is on duty")
    page = get(board, "/board/needs").content.decode()
    assert "New request" in page
    assert "Rosa" in page
    assert "Sample" not in page


def test_a_need_is_claimed_by_one_and_done(world, board):
    world.member("Rosa").sends("help")
    need = Need.objects.get(reason="new_request")
    post(board, f"/needs/{need.pk}/claim", back="/")
    other = sign_in(world, world.coordinator())
    assert "Somebody else has taken this" in post(other, f"/needs/{need.pk}/claim", back="/").content.decode()
    post(board, f"/needs/{need.pk}/unclaim", back="//evil.example")
    post(other, f"/needs/{need.pk}/claim", back="/")
    post(other, f"/needs/{need.pk}/done", back="/")
    need.refresh_from_db()
    assert need.closed_at is not None


def test_opening_a_request_page_settles_nothing_and_hides_the_home(world, board):
    rosa = world.member("Rosa")
    rosa.sends("help me at 1234 N Sample Street")
    number = world.request().number
    page = get(board, f"/requests/{number}").content.decode()
    assert "new_request" in world.needs()
    assert "Sample" not in page  # masked in the text too
    shown = press(board, f"/requests/{number}/address").content.decode()
    assert "1234 Sample Street" in shown
    assert rosa.number in shown
    assert Entry.objects.filter(action="address.viewed").count() == 1


def test_every_button_of_a_request(world, board):
    ana = world.responder("Ana", kinds=("accompaniment", "childcare"))
    rosa = world.member("Rosa")
    rosa.sends("someone to come with me tuesday")
    number = world.request().number
    do = f"/requests/{number}/do"

    assert "at home" in post(board, f"{do}/start").content.decode()
    post(board, f"{do}/kind", kind="accompaniment")
    post(board, f"{do}/start", at_home="1")
    world.settle()
    assert ana.got("Can you go now?")
    post(board, f"{do}/stop")
    assert world.request().state == State.STOPPED
    world.settle()
    assert ana.got("Someone else is going")
    assert "asked" in post(board, f"{do}/offer", person=str(ana.person.pk)).content.decode().lower()
    world.settle()
    ana.accepts()
    visit = Visit.objects.get()
    post(board, f"{do}/notes", notes="Ring twice")
    assert world.request().notes == "Ring twice"
    links = [t for t in ana.texts if "/visit#" in t]
    post(board, f"{do}/new-link", visit=str(visit.pk))
    world.settle()
    assert len([t for t in ana.texts if "/visit#" in t]) == len(links) + 1
    post(board, f"{do}/write", words="Ana es de confianza")
    world.now += timedelta(seconds=7)
    world.settle()
    assert rosa.got("Ana es de confianza")
    post(board, f"{do}/end-visit", visit=str(visit.pk))
    world.settle()
    assert ana.got("You are not needed there any more")
    assert rosa.got("no longer works")
    assert "no longer possible" in post(board, f"{do}/end-visit", visit=str(visit.pk)).content.decode()
    post(board, f"{do}/close", outcome="other_help")
    assert world.request().state == State.CLOSED
    assert world.needs() == []
    assert get(board, f"{do}/close").status_code == 405


def test_closing_asks_first_while_somebody_is_there(world, board):
    ana = world.responder("Ana")
    rosa = world.member("Rosa")
    rosa.asks()
    ana.accepts()
    ana.sends("3")
    number = world.request().number
    page = post(board, f"/requests/{number}/do/close", outcome="helped").content.decode()
    assert "Somebody is there now" in page
    assert world.request().state != State.CLOSED
    post(board, f"/requests/{number}/do/close", outcome="helped", sure="1")
    world.settle()
    assert world.request().state == State.CLOSED
    assert ana.got("not needed there any more")
    assert rosa.got("We hope that this helped")


def test_an_unfit_person_is_not_asked_by_hand_either(world, board):
    ana = world.responder("Ana", max_miles=1, zip="46320")
    rosa = world.member("Rosa")
    rosa.asks()
    number = world.request().number
    page = post(board, f"/requests/{number}/do/offer", person=str(ana.person.pk)).content.decode()
    assert "too far" in page
    assert not Offer.objects.exists()


def test_changing_the_kind_releases_who_is_unfit(world, board):
    ana = world.responder("Ana", kinds=("accompaniment",))
    beto = world.responder("Beto", kinds=("childcare",))
    rosa = world.member("Rosa")
    rosa.asks()
    ana.accepts()
    word = world.word()
    post(board, f"/requests/{world.request().number}/do/kind", kind="childcare", children="2")
    world.settle()
    assert ana.got("not needed there any more")
    assert rosa.got("There is a change", word)
    assert beto.got("children")
    assert world.request().state == State.SEARCHING


def test_a_request_opened_for_a_member_who_called(world, board):
    ana = world.responder("Ana")
    rosa = world.member("Rosa")
    member = str(rosa.person.member.pk)
    page = post(board, "/requests", member=member, kind="accompaniment").content.decode()
    assert "Confirm that it is from their home" in page
    post(board, "/requests", member=member, kind="accompaniment", at_home="on")
    world.settle()
    assert ana.got("Can you go now?")
    assert rosa.got("We are looking for someone")
    assert (
        "open request already"
        in post(board, "/requests", member=member, kind="legal", at_home="on").content.decode()
    )


def test_a_person_is_suspended_restored_given_a_pin_and_found(world, board):
    ana = world.responder("Ana", pin=None)
    do = f"/people/{ana.person.pk}/do"
    assert "Ana" in post(board, "/people", q="ana").content.decode()
    assert "Ana" in post(board, "/people", q=ana.number[1:]).content.decode()
    assert "Nobody by that name" in post(board, "/people", q="zzz").content.decode()
    assert "Say why" in post(board, f"{do}/suspend", why=" ").content.decode()
    post(board, f"{do}/suspend", why="phone lost")
    assert Person.objects.get(pk=ana.person.pk).suspended_at
    post(board, f"{do}/restore", why="found")
    assert Person.objects.get(pk=ana.person.pk).suspended_at is None
    assert "four to eight" in post(board, f"{do}/pin", pin="12").content.decode()
    post(board, f"{do}/pin", pin="4826")
    post(board, f"{do}/unlock")
    post(board, f"{do}/write", words="Gracias")
    world.settle()
    world.now += timedelta(seconds=7)
    world.settle()
    assert ana.got("Gracias")


def test_a_strangers_texts_are_read_on_a_page_of_their_own(world, board):
    world.stranger().sends("quien es?")
    need = Need.objects.get(reason="unknown_sender")
    page = get(board, f"/texts/{need.about.removeprefix('contact:')}")
    assert "quien es?" in page.content.decode()


def test_the_console_speaks_spanish(world, board):
    board.post("/i18n/setlang/", {"language": "es", "next": "/"}, secure=True)
    assert "Necesita a una persona" in get(board, "/").content.decode()


@pytest.mark.parametrize("path", ["/", "/people", "/account", "/visit"])
def test_pages_are_never_kept_and_load_nothing_from_elsewhere(world, board, path):
    answer = get(board, path)
    assert answer["Cache-Control"] == "no-store"
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    page = answer.content.decode()
    assert "<style" not in page
    assert 'src="http' not in page
    assert "onclick" not in page


async def connected(session):
    scope = {"type": "websocket", "path": "/live", "headers": [], "session": session}
    socket = ApplicationCommunicator(Live.as_asgi(), scope)
    await socket.send_input({"type": "websocket.connect"})
    assert (await socket.receive_output(5))["type"] == "websocket.accept"
    return socket


@pytest.mark.django_db(transaction=True)
async def test_two_consoles_get_the_hint_and_a_stranger_is_closed_with_4401(world):
    from asgiref.sync import sync_to_async
    from django.contrib.sessions.backends.db import SessionStore

    def signed_in():
        client = sign_in(world, world.coordinator())
        return SessionStore(client.cookies["__Host-session"].value)

    live = await connected(await sync_to_async(signed_in)())
    two = await connected(await sync_to_async(signed_in)())
    hint = '{"about": "request:1"}'
    relay(hint)
    for socket in (live, two):
        assert (await socket.receive_output(5))["text"] == hint
    nobody = await connected(await sync_to_async(SessionStore)())
    assert (await nobody.receive_output(5))["code"] == 4401
    for socket in (live, two):
        await socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await socket.wait(5)
