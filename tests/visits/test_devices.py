"""A link works on one device: who opens it first, who opens it again, and who is told."""

import pytest
from django.test import Client

from network.audit import rules as audit
from network.audit.models import Entry
from network.desk.models import Need
from network.desk.rules import Reason, Severity, severity
from network.visits.actions.page import PageRefused, open_page, page_step
from network.visits.actions.word_and_link import new_link
from network.visits.models import Disclosure, Visit
from network.visits.rules.device import VIEWS_ASIDE
from tests.beside import at_once
from tests.world import PIN

SAFARI, CHROME, THIRD = "safari", "chrome", "third"
COOKIE = "__Host-visit"


@pytest.fixture
def going(world):
    ana, rosa = world.responder("Ana"), world.member("Rosa")
    rosa.asks()
    ana.accepts()
    return ana


def found(world, token, device, *, pin=PIN, move=False, step=""):
    """The street, or why it isn't shown."""
    try:
        if step:
            shown = page_step(token, pin, step=step, device=device, now=world.now)
        else:
            shown = open_page(token, pin, device=device, move=move, now=world.now)
    except PageRefused as refused:
        return refused.why
    return shown.street if shown else "ended"


HOME = "1234 Sample Street"


def test_the_device_on_which_the_pin_was_given_sees_it_again_and_nobody_is_told(world, going):
    token = going.link_token()
    assert [found(world, token, SAFARI) for _ in range(5)] == [HOME] * 5
    assert found(world, token, SAFARI, step="there") == HOME
    assert not {Reason.LINK_ELSEWHERE, Reason.LINK_REFUSED, Reason.LINK_OFTEN} & set(world.needs())


def test_a_second_device_is_asked_first_and_a_coordinator_is_told_once(world, going):
    token = going.link_token()
    found(world, token, SAFARI)

    assert [found(world, token, CHROME) for _ in range(3)] == ["elsewhere"] * 3
    assert found(world, token, CHROME, step="there") == "elsewhere"

    need = Need.objects.get(reason=Reason.LINK_ELSEWHERE, closed_at=None)
    assert need.about == f"visit:{Visit.objects.get().pk}"
    assert need.person_id == going.person.pk
    assert severity(need, now=world.now) is Severity.ROUTINE
    assert Visit.objects.get().stage == "going"
    assert Disclosure.objects.filter(what="elsewhere").count() == 4
    assert found(world, token, SAFARI) == HOME


def test_it_moves_once_with_the_pin_and_the_first_device_is_closed(world, going):
    token = going.link_token()
    found(world, token, SAFARI)

    assert found(world, token, CHROME, pin="0000", move=True) == "wrong_pin"
    assert found(world, token, CHROME, move=True) == HOME
    assert found(world, token, CHROME) == HOME
    assert found(world, token, CHROME, step="there") == HOME
    assert Entry.objects.filter(action="visit.link_moved").count() == 1

    assert found(world, token, SAFARI) == "refused"
    assert found(world, token, THIRD, move=True) == "refused"
    need = Need.objects.get(reason=Reason.LINK_REFUSED, closed_at=None)
    assert severity(need, now=world.now) is Severity.NOW
    assert found(world, token, CHROME) == HOME


def test_a_new_link_opens_on_any_device_and_settles_what_waited(world, going):
    token = going.link_token()
    for device in (SAFARI, CHROME, THIRD):
        found(world, token, device, move=True)
    assert "link_refused" in world.needs()

    new_link(Visit.objects.get().pk, by=audit.COMMAND_LINE, now=world.now)
    world.settle()

    assert found(world, token, CHROME) == "gone"
    assert found(world, going.link_token(), THIRD) == HOME
    assert not {Reason.LINK_ELSEWHERE, Reason.LINK_REFUSED} & set(world.needs())
    assert Entry.objects.filter(action="visit.new_link").count() == 1


def test_a_visit_that_ends_settles_what_waited_about_its_link(world, going):
    token = going.link_token()
    for device in (SAFARI, CHROME, THIRD):
        found(world, token, device, move=True)
    assert found(world, token, CHROME, step="done") == "ended"
    assert not {Reason.LINK_ELSEWHERE, Reason.LINK_REFUSED} & set(world.needs())
    assert Visit.objects.get().device_hash is None


def test_very_many_looks_are_told_of_and_never_refused(world, going):
    token = going.link_token()
    Visit.objects.update(views=VIEWS_ASIDE - 2)
    assert found(world, token, SAFARI) == HOME
    assert Reason.LINK_OFTEN not in world.needs()
    assert found(world, token, SAFARI) == HOME
    assert Reason.LINK_OFTEN in world.needs()
    assert found(world, token, SAFARI) == HOME
    assert world.needs().count(Reason.LINK_OFTEN) == 1


@pytest.fixture
def quick_pins(monkeypatch):
    """All fifty know the PIN, and none of them has to wait for its slow hash, or for its tries."""
    monkeypatch.setattr("network.visits.actions.page.check_pin", lambda responder, pin: pin == PIN)
    monkeypatch.setattr("network.visits.actions.page.take_pin_try", lambda responder_id: 1)


def test_of_fifty_devices_at_once_one_is_the_first(world, going, quick_pins):
    token = going.link_token()

    results = at_once([lambda n=n: (n, found(world, token, f"device {n}")) for n in range(50)])

    let_in = [n for n, what in results if what == HOME]
    assert len(let_in) == 1
    assert [what for _, what in results].count("elsewhere") == 49
    assert found(world, token, f"device {let_in[0]}") == HOME
    assert world.needs().count(Reason.LINK_ELSEWHERE) == 1


def test_of_fifty_devices_at_once_one_moves_it(world, going, quick_pins):
    token = going.link_token()
    found(world, token, SAFARI)

    results = at_once([lambda n=n: (n, found(world, token, f"device {n}", move=True)) for n in range(50)])

    assert [what for _, what in results].count(HOME) == 1
    assert [what for _, what in results].count("refused") == 49
    assert Visit.objects.get().moves == 1
    assert world.needs().count(Reason.LINK_REFUSED) == 1


def test_the_same_device_fifty_times_at_once_is_one_device(world, going, quick_pins):
    token = going.link_token()

    results = at_once([lambda: found(world, token, SAFARI)] * 50)

    assert results == [HOME] * 50
    assert Visit.objects.get().views == 50


# Over HTTP: browsers with cookies of their own.


def opens(client, token, *, pin=PIN, **more):
    return client.post("/visit/open", {"token": token, "pin": pin, **more}, secure=True)


def test_looks_by_scanners_bind_nothing(world, going):
    token = going.link_token()
    for agent in ("Googlebot/2.1", "WhatsApp/2.23", "facebookexternalhit/1.1", "Twitterbot/1.0", "curl/8"):
        bot = Client(HTTP_USER_AGENT=agent)
        for _ in range(10):
            assert b"Sample" not in bot.get(f"/visit?{token}", secure=True).content
            assert bot.head("/visit", secure=True).status_code == 200
        assert b"Sample" not in opens(bot, token, pin="").content
        assert bot.get("/visit/open", secure=True).status_code == 405
    assert Visit.objects.get().device_hash is None


def test_the_cookie_is_no_script_s_and_lives_with_this_host_alone(world, going):
    phone = Client()
    phone.get("/visit", secure=True)
    cookie = phone.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Strict"
    assert (cookie["path"], cookie["domain"]) == ("/", "")

    before = cookie.value
    assert HOME.encode() in opens(phone, going.link_token()).content
    assert phone.cookies[COOKIE].value == before
    assert before.encode() not in bytes(Visit.objects.get().device_hash)


def test_an_answer_that_was_lost_does_not_lock_the_phone_out(world, going):
    """The first press reached us and its answer did not arrive: the next one comes from the same phone."""
    phone = Client()
    phone.get("/visit", secure=True)
    value = phone.cookies[COOKIE].value
    opens(phone, going.link_token())
    phone.cookies.clear()
    phone.cookies[COOKIE] = value
    assert HOME.encode() in opens(phone, going.link_token()).content


def test_an_in_app_browser_then_the_phone_s_own_is_one_press_more(world, going):
    in_app, chrome, other = Client(), Client(), Client()
    token = going.link_token()
    assert HOME.encode() in opens(in_app, token).content

    asked = opens(chrome, token)
    assert asked.status_code == 409
    assert b"Sample" not in asked.content
    assert b"data-move" in asked.content
    assert HOME.encode() in opens(chrome, token, move="1").content

    for client in (in_app, other):
        refused = opens(client, token, move="1")
        assert refused.status_code == 403
        assert b"Sample" not in refused.content
        assert b"text 9" in refused.content
    assert HOME.encode() in opens(chrome, token).content


@pytest.mark.parametrize("value", ["", "x", "é" * 22, "x" * 4000, "../../etc", "x" * 23])
def test_a_device_s_name_is_ours_to_give(world, going, value):
    phone = Client()
    phone.cookies[COOKIE] = value
    assert HOME.encode() in opens(phone, going.link_token()).content
    assert phone.cookies[COOKIE].value != value
    assert len(phone.cookies[COOKIE].value) == 22


def test_two_visits_on_one_phone_have_hashes_that_do_not_tell(world, going):
    beto, luz = world.responder("Beto"), world.member("Luz")
    luz.asks()
    beto.accepts()
    for who in (going, beto):
        assert found(world, who.link_token(), SAFARI) == HOME
    assert len({bytes(visit.device_hash) for visit in Visit.objects.all()}) == 2


def test_a_coordinator_sends_a_new_link_with_one_press_from_the_board_and_from_the_request(world, going):
    from tests.console.signing_in import by_link, get, post, staff_of, touch, with_code
    from tests.reading import markup_of

    token = going.link_token()
    for device in (SAFARI, CHROME, THIRD):
        found(world, token, device, move=True)
    desk = by_link(world, with_code(staff_of(world, "coordinator", organization=world.azul)))
    touch(desk)
    number, visit = world.request().number, Visit.objects.get()
    press = f'formaction="/requests/{number}/do/new-link">'
    for page in ("/", f"/requests/{number}"):
        assert press in markup_of(get(desk, page)), page

    assert post(desk, f"/requests/{number}/do/new-link", visit=str(visit.pk)).status_code == 302
    world.settle()

    assert going.got("Here is a new link")
    assert found(world, going.link_token(), THIRD) == HOME
    assert "link_refused" not in world.needs()
    assert Entry.objects.get(action="visit.new_link").actor.startswith("staff:")


# Other links of one use: of fifty at once one is taken.


def test_of_fifty_at_once_one_signs_in_by_a_link(world):
    from network.staff.actions.accounts import add_staff
    from network.staff.actions.sign_in_links import make_sign_in_link, use_sign_in_link
    from network.staff.models import Staff

    staff = add_staff(
        "one@example.org",
        role=Staff.Role.COORDINATOR,
        organization=world.azul,
        phone=None,
        by=audit.COMMAND_LINE,
        now=world.now,
    )
    token = make_sign_in_link(staff, opens_board=True, now=world.now)
    results = at_once([lambda: use_sign_in_link(token, now=world.now)] * 50)
    assert len([link for link in results if link]) == 1


def test_of_fifty_at_once_one_sets_a_pin_by_a_link(world, hire):
    from network.enrollment.actions import private_links
    from network.trust.models import Vouch

    ana = world.responder("Ana")
    organization = Vouch.objects.filter(person=ana.person.pk).first().organization
    verifier = hire("verifier", organization)
    token = private_links.make_private_link(ana.person.pk, staff_id=verifier.pk, now=world.now)

    def sets(n):
        try:
            private_links.set_in_private(
                token, pin=f"{3571 + n}", word="", is_everyday=lambda word: False, now=world.now
            )
        except private_links.LinkOver:
            return False
        return True

    assert at_once([lambda n=n: sets(n) for n in range(50)]).count(True) == 1
    assert Entry.objects.filter(action="person.pin_set").count() <= 2
