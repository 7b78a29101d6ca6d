"""Lists that grow with the network: a page at a time, by as many statements for fifty people as for five."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.audit.rules import COMMAND_LINE
from network.console.shell import paging
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.enrollment.queries.exports import members_sheet, responders_sheet
from network.people.models import Apart, Person
from network.privacy import keyring
from network.trust.models import Vouch
from tests.console.signing_in import by_link, get, post, staff_of
from tests.reading import markup_of

PREVIOUS, NEXT = "Previous page", "Next page"


@pytest.fixture
def ana(world):
    client = by_link(world, staff_of(world, "coordinator"))
    get(client, "/")
    return client


@pytest.fixture
def people(world):
    def more(many, *, kind="responder"):
        return [getattr(world, kind)(f"Person {n:02}") for n in range(many)]

    return more


def cost(ask):
    """With no key open yet."""
    ask()
    keyring.forget_all()
    with CaptureQueriesContext(connection) as ran:
        answer = ask()
    return len(ran), answer


def names(answer):
    return re.findall(r"<bdi>(Person \d\d)</bdi>", answer.content.decode())


def test_a_page_of_fifty_people_takes_as_many_statements_as_one_of_five(world, ana, people):
    people(5)
    few, _ = cost(lambda: get(ana, "/people"))
    people(45)
    many, answer = cost(lambda: get(ana, "/people"))
    assert len(names(answer)) == 50
    assert many == few


def test_looking_for_somebody_takes_as_many_among_fifty_as_among_five(world, ana, people):
    people(5)
    few, _ = cost(lambda: post(ana, "/people", q="person 01"))
    people(45)
    many, answer = cost(lambda: post(ana, "/people", q="person 01"))
    assert names(answer) == ["Person 01", "Person 01"]
    assert many == few


def test_a_verifiers_page_of_people_takes_as_many_too(world, people, hire):
    client = by_link(world, hire("verifier", world.azul))

    def vouched(many):
        for person in people(many):
            if not Vouch.objects.filter(person=person.person, organization=world.azul).exists():
                Vouch.objects.create(
                    organization=world.azul,
                    person=person.person,
                    role="accompaniment",
                    given_at=world.now,
                    ends_at=world.now + timedelta(days=300),
                )

    vouched(5)
    few, _ = cost(lambda: get(client, "/people"))
    vouched(25)
    many, answer = cost(lambda: get(client, "/people"))
    assert len(names(answer)) == 30
    assert many == few


def test_a_board_with_fifty_needs_takes_as_many_statements_as_one_with_five(world, ana, people):
    def wait(many):
        for person in people(many):
            about = About("person", str(person.person.pk))
            raise_need(
                Reason.PERSON_PLEASE, about=about, now=world.now, by=COMMAND_LINE, person_id=person.person.pk
            )

    wait(5)
    few, _ = cost(lambda: get(ana, "/board/all"))
    wait(40)
    many, _ = cost(lambda: get(ana, "/board/all"))
    assert many == few


def test_finding_by_name_takes_as_many_statements_among_many_open_requests(world, ana):
    def asks(many):
        for n in range(many):
            world.member(f"Rosa {n}").sends("help")

    asks(2)
    few, _ = cost(lambda: post(ana, "/find", q="rosa"))
    asks(6)
    many, answer = cost(lambda: post(ana, "/find", q="rosa"))
    assert answer.content.decode().count('<li class="row">') == 8
    assert many == few


def test_an_export_takes_as_many_statements_for_many_as_for_few(world, people):
    def sheets():
        return members_sheet(world.azul)[1], responders_sheet(world.azul, now=world.now)[1]

    people(3, kind="member"), people(3)
    few, (members, _) = cost(sheets)
    people(12, kind="member"), people(12)
    many, (more, _) = cost(sheets)
    assert (members, more) == (3, 15)
    assert many == few


@pytest.fixture
def short(monkeypatch):
    """Pages of four."""
    page_of = paging.page_of
    for module in ("people.views.people", "people.reads", "requests.views.records"):
        monkeypatch.setattr(
            f"network.console.{module}.page_of", lambda rows, number: page_of(rows, number, at_once=4)
        )


def test_people_are_paged_the_last_entered_first_and_by_name_where_all_stand_on_one(
    world, ana, people, short
):
    for n, person in enumerate(people(9)):
        Person.objects.filter(pk=person.person.pk).update(enrolled_at=world.now + timedelta(minutes=n % 5))
    first, second, third = (get(ana, f"/people?page={n}") for n in (1, 2, 3))
    assert len(names(first) + names(second) + names(third)) == 9
    assert len({*names(first), *names(second), *names(third)}) == 9
    page = markup_of(second)
    assert '<nav class="pages" aria-label="Pages">' in page
    assert 'rel="prev" href="?page=1"' in page
    assert 'rel="next" href="?page=3"' in page
    assert "entered last come first" in page
    assert PREVIOUS not in first.content.decode()
    assert NEXT not in third.content.decode()
    Person.objects.exclude(pk__in=Person.objects.values("pk")[:3]).delete()
    few = get(ana, "/people")
    assert names(few) == sorted(names(few))
    assert 'class="pages"' not in few.content.decode()


def test_what_was_found_is_paged_and_stays_out_of_the_address(world, ana, people, short):
    people(6)
    first = post(ana, "/people", q="person").content.decode()
    assert '<input type="hidden" name="q" value="person">' in first
    assert f'name="page" value="2">{NEXT}' in first
    assert "?page" not in first
    second = post(ana, "/people", q="person", page="2")
    assert names(second) == ["Person 04", "Person 05"]


@pytest.mark.parametrize("asked", ["0", "-1", "two", "9" * 30, "٢", ""])
def test_a_page_that_is_none_is_the_first(world, ana, asked):
    assert get(ana, f"/people?page={asked}").status_code == 200


def test_in_spanish_the_way_to_the_next_page_is_in_spanish(world, ana, people, short):
    people(5)
    ana.cookies["django_language"] = "es"
    page = get(ana, "/people").content.decode()
    assert 'aria-label="Páginas"' in page
    assert "Página siguiente" in page


def test_unknown_phones_are_paged_with_how_much_each_wrote(world, ana, short):
    for n in range(5):
        stranger = world.stranger()
        for _ in range(n % 2 + 1):
            stranger.sends(f"who is {n}")
    first, second = (get(ana, f"/texts?page={n}").content.decode() for n in (1, 2))
    assert [re.findall(r"who is (\d)", page) for page in (first, second)] == [list("4321"), ["0"]]
    assert re.findall(r"(\d) texts?", first) == ["1", "2", "1", "2"]
    assert NEXT in first
    assert PREVIOUS in second


def test_vouches_renewals_and_history_are_paged(world, hire, monkeypatch):
    client = by_link(world, hire("steward"))
    for n in range(5):
        world.responder(f"Person {n:02}")
    Vouch.objects.update(ends_at=world.now + timedelta(days=3))
    of = paging.page_of
    for module in ("trust.views.vouches", "requests.reads.timeline"):
        monkeypatch.setattr(
            f"network.console.{module}.page_of", lambda *given, **more: of(*given, **more | {"at_once": 3})
        )
    page = get(client, "/vouches?page=1&due=2").content.decode()
    assert page.count("rel=") >= 3
    assert 'aria-label="Pages of renewals"' in page
    first, second = (get(client, f"/history?page={n}").content.decode() for n in (1, 2))
    assert 'href="?show=everything&amp;page=2"' in first
    assert first != second


def test_nobody_is_handed_a_whole_network_to_choose_from(world, ana):
    rosa, luis = world.member("Rosa Prieto"), world.responder("Luis Sol")
    for path in ("/", f"/people/{rosa.person.pk}"):
        page = get(ana, path).content.decode()
        assert "<option" not in page or "Luis Sol" not in page
        assert str(luis.person.pk) not in page
        assert f'value="{rosa.person.member.pk}"' not in page


def test_two_are_kept_apart_by_finding_one_from_the_page_of_the_other(world, ana):
    rosa, luis = world.member("Rosa Prieto"), world.responder("Luis Sol")
    path = f"/people/{rosa.person.pk}/apart"
    assert 'type="radio"' not in get(ana, path).content.decode()
    assert "Nobody by that name or phone" in post(ana, path, q="marta").content.decode()
    assert (
        "Nobody by that name or phone" in post(ana, path, q="rosa").content.decode()
    )  # nobody from themself
    for words in ("luis", luis.number, luis.number[-4:]):
        page = post(ana, path, q=words).content.decode()
        assert f'name="other" value="{luis.person.pk}"' in page
    post(ana, f"/people/{rosa.person.pk}/do/apart", other=luis.person.pk, set_by="person")
    assert Apart.objects.count() == 1


def test_a_request_is_opened_for_whoever_was_found(world, ana):
    rosa = world.member("Rosa Prieto")
    world.responder("Rosa Sol")
    assert 'href="/requests/new"' in get(ana, "/").content.decode()
    assert 'type="radio"' not in get(ana, "/requests/new").content.decode()
    page = post(ana, "/requests/new", q="rosa").content.decode()
    assert re.findall(r'type="radio" name="member" value="([^"]+)"', page) == [str(rosa.person.member.pk)]
    post(ana, "/requests", member=rosa.person.member.pk, kind="accompaniment", at_home="on")
    assert world.request().member_id == rosa.person.member.pk
    assert "No member by that name or phone" in post(ana, "/requests/new", q="marta").content.decode()


def test_more_than_can_be_chosen_from_says_so(world, ana, people, monkeypatch):
    monkeypatch.setattr("network.console.shell.search.MOST_CHOICES", 2)
    first, *_ = people(4, kind="member")
    for path in (f"/people/{first.person.pk}/apart", "/requests/new"):
        page = post(ana, path, q="person").content.decode()
        assert page.count('type="radio"') == 2
        assert "There are more" in page


def test_a_whole_phone_opens_nobody_elses_name(world, ana, people):
    others, luis = people(3), world.responder("Luis Sol")
    keyring.forget_all()
    assert "Luis Sol" in post(ana, "/people", q=luis.number).content.decode()
    assert not keyring._open.keys() & {other.person.key_id for other in others}
    assert luis.person.key_id in keyring._open


def test_of_many_who_takes_part_in_a_drill_is_found_and_stays_chosen(world, hire, people, monkeypatch):
    monkeypatch.setattr("network.console.requests.views.drills.FEW", 3)
    client = by_link(world, hire("steward"))
    first, *_ = people(3)
    assert get(client, "/drills").content.decode().count('name="person"') == 3
    luis, _ = world.responder("Luis Sol"), people(2)
    assert 'name="person"' not in get(client, "/drills").content.decode()
    page = markup_of(
        post(client, "/drills", q="luis", person=first.person.pk, minutes="30", kind="legal", language="es")
    )
    assert re.search(rf'value="{first.person.pk}"[^>]* checked>', page)
    match = re.search(rf'<input [^>]*value="{luis.person.pk}"[^>]*>', page)
    assert "checked" not in match[0]
    assert page.count('name="person"') == 2
    assert '<option value="30" selected>' in page
    assert "Nobody by that name or phone" in post(client, "/drills", q="marta").content.decode()
