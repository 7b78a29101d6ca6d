"""Why this person, exceptions by two people, a surge, and how the asking is spread."""

from datetime import timedelta

import pytest

from network.audit.models import Entry
from network.audit.rules import ENGINE
from network.dispatch.models import Calibration, Exemption, Offer, Surge, Willingness
from network.people.actions import keep_apart
from network.people.models import Apart, Holiday
from network.reports.asking import gini
from tests.console.test_pages import get, post, sign_in


@pytest.fixture
def board(world):
    return sign_in(world, world.coordinator())


def people_panel(client, world) -> str:
    return get(client, f"/requests/{world.request().number}/panel/people").content.decode()


def test_each_candidate_has_a_sentence_and_each_other_the_rule_that_keeps_them_out(world, board):
    ana = world.responder("Ana")
    world.responder("Ed", language="en", zip="60608")
    world.responder("Tired", rest_until=world.now + timedelta(hours=3))
    Willingness.objects.create(person=ana.person, asked=6, said_yes=4, asked_at=world.now - timedelta(days=2))
    rosa = world.member("Rosa", language="es")
    rosa.sends("ayuda")

    post(board, f"/requests/{world.request().number}/do/kind", kind="accompaniment")
    page = people_panel(board, world)
    assert "2 mi away, speaks Spanish, said yes to 4 of 6, not asked since Sunday" in page
    assert "does not speak Spanish, never asked yet" in page
    assert "rests after a hard visit" in page


def test_the_page_speaks_spanish(world, board):
    world.responder("Ana")
    world.member("Rosa").sends("help")
    post(board, f"/requests/{world.request().number}/do/kind", kind="accompaniment")
    board.cookies["django_language"] = "es"
    page = people_panel(board, world)
    assert "a 2 millas, habla inglés, todavía no se le ha preguntado" in page
    assert "Declarar una emergencia" in get(board, "/asking").content.decode()


def test_a_rule_is_set_aside_only_by_two_people_with_a_reason(world, board):
    tired = world.responder("Tired", rest_until=world.now + timedelta(hours=3))
    world.member("Rosa").asks()
    path = f"/requests/{world.request().number}/do"

    assert "Say in a few words" in post(board, f"{path}/exempt", person=tired.person.pk).content.decode()
    page = post(board, f"{path}/exempt", person=tired.person.pk, reason="she called and wants to go")
    assert "she called and wants to go" in page.content.decode()
    proposed = Exemption.objects.get()
    page = post(board, f"{path}/agree", exemption=proposed.pk)
    assert "A second person must agree, not the one who proposed it." in page.content.decode()
    assert not Offer.objects.exists()

    other = sign_in(world, world.coordinator())
    assert "I agree: ask them" in people_panel(other, world)
    post(other, f"{path}/agree", exemption=proposed.pk)
    assert Offer.objects.get().person == tired.person
    again = post(other, f"{path}/agree", exemption=proposed.pk).content.decode()
    assert "agreed already" in again
    assert Entry.objects.filter(action="exemption.agreed").count() == 1


def test_a_rule_that_nobody_may_set_aside_offers_no_way(world, board):
    barred = world.responder("Barred", vouchers=0)
    world.member("Rosa").asks()
    assert "too few organizations vouch" in people_panel(board, world).replace(
        "organisations", "organizations"
    )
    path = f"/requests/{world.request().number}/do"
    page = post(board, f"{path}/exempt", person=barred.person.pk, reason="please").content.decode()
    assert "Can not be asked" in page
    post(board, f"{path}/offer", person=barred.person.pk)
    assert not Offer.objects.exists()


def test_a_surge_is_declared_with_a_tick_and_ended_again_on_record(world, board):
    assert "Six times a day." in get(board, "/asking").content.decode()
    assert "Confirm that" in post(board, "/asking/surge/declare").content.decode()
    assert "twelve times a day" in post(board, "/asking/surge/declare", sure="1").content.decode()
    assert "declared already" in post(board, "/asking/surge/declare", sure="1").content.decode()
    post(board, "/asking/surge/end")
    assert Surge.objects.get().ended_at == world.now
    assert list(Entry.objects.filter(action__startswith="surge").values_list("action", flat=True)) == [
        "surge.declared", "surge.ended",
    ]  # fmt: skip


def test_the_page_says_whether_the_search_is_right_about_people(world, board):
    assert "Too few answers yet" in get(board, "/asking").content.decode()
    day = Calibration.objects.create(day=world.now.date(), offers=300, foretold=30.0, came=29)
    assert "Yes: about as many" in get(board, "/asking").content.decode()
    day.came = 10
    day.save()
    assert "No: fewer say yes" in get(board, "/asking").content.decode()
    day.came = 90
    day.save()
    assert "No: more say yes" in get(board, "/asking").content.decode()


def test_the_page_shows_who_was_asked_how_often(world, board):
    ana = world.responder("Ana")
    world.responder("Nobody asked", kinds=("legal",))
    world.member("Rosa").asks()
    ana.accepts()
    page = get(board, "/asking").content.decode()
    assert "1 person was asked" in page
    assert "Gini figure 0.50" in page
    assert "Ana" in page


@pytest.mark.parametrize(
    ("asks", "figure"), [([], 0.0), ([0, 0], 0.0), ([2, 2, 2], 0.0), ([0, 1], 0.5), ([0, 0, 0, 8], 0.75)]
)
def test_the_gini_figure(asks, figure):
    assert gini(asks) == pytest.approx(figure)


def test_a_search_that_looks_wider_says_so(world, board):
    world.responder("Ed", language="en")
    world.member("Rosa", language="es").asks()
    world.wait(minutes=6)
    assert "do not speak the language now" in people_panel(board, world)


def test_two_people_are_kept_apart_and_let_together_again_on_record(world, board):
    ana, rosa = world.responder("Ana"), world.member("Rosa")
    path = f"/people/{rosa.person.pk}/do"
    page = post(board, f"{path}/apart", other=ana.person.pk, set_by="person").content.decode()
    assert "never brought together" in page
    post(board, f"{path}/apart", other=ana.person.pk, set_by="organization")  # twice is once
    assert Apart.objects.count() == 1
    rosa.asks()
    assert not ana.texts

    post(board, f"/people/{ana.person.pk}/do/together", apart=Apart.objects.get().pk)
    world.wait(minutes=1)
    assert ana.got("Can you go now?")
    assert Entry.objects.filter(action__in=("person.apart", "person.together")).count() == 2


def test_nobody_is_kept_apart_from_themselves(world):
    ana = world.responder("Ana")
    with pytest.raises(ValueError, match="themselves"):
        keep_apart(ana.person.pk, ana.person.pk, set_by=Apart.SetBy.PERSON, by=ENGINE, now=world.now)


def test_rest_and_probation_are_set_and_ended(world, board):
    ana = world.responder("Ana")
    path = f"/people/{ana.person.pk}/do"
    assert "Rests until" in post(board, f"{path}/rest").content.decode()
    assert "On probation" in post(board, f"{path}/probation", on="1").content.decode()
    world.member("Rosa").asks()
    assert not ana.texts

    assert "Rests until" not in post(board, f"{path}/rest", end="1").content.decode()
    assert "On probation" not in post(board, f"{path}/probation").content.decode()
    world.wait(minutes=1)
    assert ana.got("Can you go now?")


def test_a_holiday_is_added_once_and_removed(world, board):
    assert "Choose a day." in post(board, "/asking/holidays/add", day="").content.decode()
    post(board, "/asking/holidays/add", day="2026-11-26")
    page = post(board, "/asking/holidays/add", day="2026-11-26").content.decode()
    assert "Nov. 26, 2026" in page
    post(board, "/asking/holidays/remove", day="2026-11-26")
    assert not Holiday.objects.exists()
    assert Entry.objects.filter(action__startswith="holiday").count() == 2
    assert get(board, "/asking").status_code == 200
    assert post(board, "/asking/holidays/x", day="2026-11-26").status_code == 404
