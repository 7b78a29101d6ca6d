"""The link and the PIN: what they show, when, and to whom."""

import pytest
from django.test import Client

from network.audit import rules as audit
from network.audit.models import Entry
from network.people.actions.homes import freeze_home
from network.people.actions.persons import suspend
from network.people.actions.pins import unlock
from network.privacy.rules.sealing import token_digest
from network.support.rules.requests import Outcome
from network.visits.actions.closing import close_request
from network.visits.actions.page import PageRefused, open_page, page_step
from network.visits.actions.word_and_link import new_link
from network.visits.models import Disclosure, Visit
from tests.world import DEVICE, PIN


@pytest.fixture
def going(world):
    ana = world.responder("Ana")
    rosa = world.member("Rosa")
    rosa.asks()
    ana.accepts()
    return ana, rosa


def refused(token, pin, world):
    with pytest.raises(PageRefused) as why:
        open_page(token, pin, device=DEVICE, now=world.now)
    return why.value.why


def test_the_page_shows_the_address_for_token_and_pin_and_keeps_a_record(world, going):
    ana, _ = going
    shown = open_page(ana.link_token(), PIN, device=DEVICE, now=world.now)
    assert (shown.street, shown.unit, shown.name, shown.word) == (
        "1234 Sample Street",
        "2B",
        "Rosa",
        world.word(),
    )
    assert shown.phone is None
    assert Disclosure.objects.get().what == "address"
    assert Entry.objects.filter(action="visit.shown").count() == 1


def test_whoever_needs_a_person_says_so_on_the_page_and_every_console_rings(world, going):
    ana, _ = going
    assert not open_page(ana.link_token(), PIN, device=DEVICE, now=world.now).person_told
    assert page_step(ana.link_token(), PIN, step="person", device=DEVICE, now=world.now).person_told
    assert "visitor_needs_person" in world.needs()
    assert Visit.objects.get().stage == "going"
    shown = (
        Client()
        .post("/visit/open", {"token": ana.link_token(), "pin": PIN, "step": "person"}, secure=True)
        .content.decode()
    )
    assert "Sample" not in shown  # another device asks
    assert world.needs().count("visitor_needs_person") == 1


def test_the_page_says_when_somebody_checks_on_them(world, going):
    ana, _ = going
    shown = open_page(ana.link_token(), PIN, device=DEVICE, now=world.now)
    assert shown.check_at == Visit.objects.get().there_by
    page_step(ana.link_token(), PIN, step="there", device=DEVICE, now=world.now)
    shown = open_page(ana.link_token(), PIN, device=DEVICE, now=world.now)
    assert shown.check_at == Visit.objects.get().done_by


def test_get_head_and_previews_consume_nothing_and_show_nothing(world, going):
    ana, _ = going
    for _n in range(20):
        page = Client().get("/visit", secure=True)
        assert page.status_code == 200
        assert b"Sample" not in page.content
        assert "no-store" in page["Cache-Control"]
        assert Client().head("/visit", secure=True).status_code == 200
    assert open_page(ana.link_token(), PIN, device=DEVICE, now=world.now).street


def test_five_wrong_pins_lock_the_page_and_ring(world, going):
    ana, _ = going
    token = ana.link_token()
    assert [refused(token, "0000", world) for _ in range(5)] == ["wrong_pin"] * 4 + ["locked"]
    assert refused(token, PIN, world) == "locked"
    assert "pin_locked" in world.needs()
    unlock(ana.person.pk, by=audit.COMMAND_LINE, now=world.now)
    assert open_page(token, PIN, device=DEVICE, now=world.now).street


def test_a_responder_without_a_pin_may_accept_and_a_person_is_told(world):
    ana = world.responder("Ana", pin=None)
    rosa = world.member("Rosa")
    rosa.asks()
    ana.accepts()
    assert "no_pin" in world.needs()
    assert refused(ana.link_token(), PIN, world) == "no_pin"


def test_who_waits_for_a_second_adult_is_shown_nothing_even_with_a_link(world):
    ana, rosa = world.responder("Ana", kinds=("childcare",)), world.member("Rosa")
    world.responder("Luis", kinds=("childcare",))
    rosa.asks(kind="3")
    rosa.sends("2")
    ana.accepts()
    visit = Visit.objects.get()
    assert visit.stage == "held"
    Visit.objects.filter(pk=visit.pk).update(token_hash=token_digest("t" * 22))  # none was made for them
    assert refused("t" * 22, PIN, world) == "gone"
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("ending", ["closed", "left", "done", "suspended", "frozen", "new link"])
def test_the_link_is_dead_after(world, going, ending):
    ana, rosa = going
    token, by = ana.link_token(), audit.COMMAND_LINE
    visit = Visit.objects.get()
    match ending:
        case "closed":
            close_request(world.request().pk, outcome=Outcome.MISTAKE, by=by, now=world.now)
        case "left":
            ana.sends("5")
        case "done":
            ana.sends("4")
        case "suspended":
            suspend(ana.person.pk, why="x", by=by, now=world.now)
        case "frozen":
            freeze_home(rosa.person.member, by=by, now=world.now)
        case _:
            new_link(visit.pk, by=by, now=world.now)
    assert refused(token, PIN, world) == "gone"


def test_somebody_suspended_on_the_way_is_taken_off_and_the_member_told(world, going):
    ana, rosa = going
    word = world.word()
    luis = world.responder("Luis")
    suspend(ana.person.pk, why="x", by=audit.COMMAND_LINE, now=world.now)
    world.settle()
    assert rosa.got("There is a change", word)
    assert "suspended" in world.needs()
    assert luis.got("Can you go now?")
    assert not ana.got("not needed")


def test_the_buttons_do_what_the_digits_do(world, going):
    ana, rosa = going
    token = ana.link_token()
    assert page_step(token, PIN, step="there", device=DEVICE, now=world.now).stage == "there"
    assert page_step(token, PIN, step="done", device=DEVICE, now=world.now) is None
    world.settle()
    assert rosa.got("Did Ana come?")


def test_a_lawyer_chooses_to_call_or_to_come(world):
    dmitri = world.responder("Dmitri", kinds=("legal",))
    rosa = world.member("Rosa")
    rosa.asks("I need a lawyer", kind="")
    dmitri.accepts()
    token = dmitri.link_token()
    first = open_page(token, PIN, device=DEVICE, now=world.now)
    assert (first.street, first.phone) == ("", None)
    called = page_step(token, PIN, step="call", device=DEVICE, now=world.now)
    assert (called.phone, called.street) == (rosa.number, "")
    gone = page_step(token, PIN, step="go", device=DEVICE, now=world.now)
    assert gone.street == "1234 Sample Street"
    world.settle()
    assert rosa.got("will call you now")
    assert rosa.got("on the way to your home")


def test_a_number_that_is_not_safe_to_call_is_not_shown(world):
    dmitri = world.responder("Dmitri", kinds=("legal",))
    rosa = world.member("Rosa")
    rosa.person.safe_to_call = False
    rosa.person.save()
    rosa.asks("I need a lawyer", kind="")
    dmitri.accepts()
    assert page_step(dmitri.link_token(), PIN, step="call", device=DEVICE, now=world.now).phone is None


def test_over_http_the_address_is_never_cached_and_needs_both(world, going):
    ana, _ = going
    client = Client()
    wrong = client.post("/visit/open", {"token": "x" * 22, "pin": PIN}, secure=True)
    assert wrong.status_code == 410
    shown = client.post("/visit/open", {"token": ana.link_token(), "pin": PIN}, secure=True)
    assert b"1234 Sample Street" in shown.content
    assert "no-store" in shown["Cache-Control"]
    assert "default-src 'none'" in shown["Content-Security-Policy"]
