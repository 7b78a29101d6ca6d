"""A place comes free again: who is asked, what still counts, and what the member is told."""

from datetime import timedelta

import pytest

from network.audit.rules import COMMAND_LINE
from network.console.board.reads import cases
from network.console.requests.reads.page import offer_rows, stage_rows
from network.dispatch.actions import answering, by_hand, offering
from network.dispatch.models import Offer, Search
from network.organizations.models import Organization
from network.people.models import Member
from network.support.models import SupportRequest
from network.support.rules.requests import Kind
from network.trust.models import Vouch
from network.visits.actions import closing, leaving
from network.visits.models import Visit


@pytest.fixture
def both(world):
    """Ana and Luis are asked for Rosa; Ana goes, and Luis is stood down."""
    ana, luis, rosa = world.responder("Ana"), world.responder("Luis"), world.member("Rosa")
    rosa.asks()
    Search.objects.update(due_at=world.now)
    world.settle()
    if not Offer.objects.filter(person=luis.person).exists():
        by_hand.offer_by_hand(world.request().pk, person_id=luis.person.pk, by=COMMAND_LINE, now=world.now)
        world.settle()
    ana.accepts(" 10 min")
    assert Offer.objects.get(person=luis.person).state == "withdrawn"
    return world, ana, luis, rosa


def test_after_a_give_up_who_was_only_stood_down_is_asked_again(both):
    world, ana, luis, rosa = both
    world.wait(minutes=2)
    ana.sends("5")
    assert Offer.objects.filter(person=luis.person).count() == 2
    assert Offer.objects.filter(person=ana.person).count() == 1
    assert not rosa.got("No one has said")
    luis.accepts()
    assert rosa.got("Luis is on the way")


def test_a_yes_that_fell_through_does_not_count_on_the_board(both):
    world, ana, _, _ = both
    ana.sends("5")
    row = cases(staff_id=world.coordinator().pk, now=world.now).rows[0]
    assert (row.asked, row.accepted) == (2, 0)  # two people, though one was asked twice
    said = {offer_row.offer.person.name: str(offer_row.state) for offer_row in offer_rows(world.request())}
    assert said["Ana"] == "had said yes, and is not going"


def test_nor_does_it_in_the_head_of_the_requests_page(both):
    world, ana, _, _ = both
    ana.sends("5")
    rows = offer_rows(world.request())
    searching = stage_rows(world.request(), rows, [])[1]
    assert (searching.asked, searching.yes) == (2, 0)  # as on the board
    assert {row.look for row in rows if row.offer.person.name == "Ana"} == {"no"}


def test_a_yes_to_a_question_that_was_taken_back_counts_while_the_same_is_asked_again(both):
    world, ana, luis, rosa = both
    old = luis.code()
    world.wait(minutes=1)
    ana.sends("5")
    luis.sends(old)
    assert rosa.got("Luis is on the way")
    assert "Someone else took it" not in luis.last
    assert not Offer.objects.filter(person=luis.person, state="open").exists()
    assert Visit.objects.filter(person=luis.person, stage="going").count() == 1


def test_such_a_yes_does_not_count_for_another_kind_or_another_home(both):
    world, _, luis, _ = both
    old = Offer.objects.get(person=luis.person)
    world.wait(minutes=1)
    closing.change_kind(world.request().pk, kind=Kind.CHILDCARE, children=1, by=COMMAND_LINE, now=world.now)
    with pytest.raises(answering.TooLate):
        answering.accept(old.pk, by=COMMAND_LINE, now=world.now)


def test_such_a_yes_does_not_count_once_the_home_is_another(both):
    world, _, luis, rosa = both
    old = Offer.objects.get(person=luis.person)
    world.wait(minutes=1)
    leaving.give_up(Visit.objects.get().pk, by=COMMAND_LINE, now=world.now)
    Member.objects.filter(person=rosa.person).update(moved_at=world.now)
    with pytest.raises(answering.TooLate):
        answering.accept(old.pk, by=COMMAND_LINE, now=world.now)


def test_reopening_keeps_the_clock_from_which_the_member_waits(both):
    world, ana, _, _ = both
    began = Search.objects.get().clock_from
    world.wait(minutes=8)
    ana.sends("5")
    search = Search.objects.get()
    assert search.clock_from == began
    assert search.answer_by > world.now  # and an answer is promised anew


def test_nobody_is_said_to_be_left_while_others_may_be_asked_in_five_minutes(world):
    luis = world.responder("Luis", language="en")
    rosa = world.member("Rosa", language="es")
    rosa.asks("necesito ayuda")
    assert "nobody_found" not in world.needs()
    assert "answer_promised" in world.needs()
    world.wait(minutes=6)
    assert luis.got("Can you go")


def test_nobody_is_said_to_be_left_while_whoever_is_left_is_only_held_by_another_question(world):
    ana = world.responder("Ana")
    world.member("Luz").asks()
    rosa = world.member("Rosa")
    rosa.asks()
    assert "nobody_found" not in world.needs()
    assert Search.objects.filter(answered_at=None).count() == 2
    world.wait(minutes=31)
    assert Offer.objects.filter(person=ana.person).count() == 2
    assert rosa.got("No one has said")  # by the promised minute, not before


def test_with_nobody_at_all_it_is_said_at_once(world):
    rosa = world.member("Rosa")
    rosa.asks()
    assert "nobody_found" in world.needs()
    assert rosa.texts


@pytest.mark.parametrize(
    "change",
    [
        lambda vouch, now: {"withdrawn_at": now},
        lambda vouch, now: {"held": True},
        lambda vouch, now: {"given_at": now - timedelta(days=2), "ends_at": now - timedelta(days=1)},
    ],
)
def test_a_first_notice_names_no_organization_whose_word_does_not_count(world, change):
    ana = world.responder("Ana", vouchers=2)
    mine = Vouch.objects.filter(person=ana.person, organization=world.azul)
    mine.update(given_at=world.now - timedelta(days=9))
    assert offering.voucher_name(ana.person, now=world.now) == "Casa Azul"
    mine.update(**change(mine.get(), world.now))
    assert offering.voucher_name(ana.person, now=world.now) == "Casa Roja"
    Organization.objects.filter(pk=world.roja.pk).update(suspended_at=world.now)
    assert offering.voucher_name(ana.person, now=world.now) == "Casa network"


def test_nor_does_the_one_to_a_member(world):
    rosa, luz = world.member("Rosa"), world.member("Luz")
    Vouch.objects.create(
        organization=world.azul,
        person=luz.person,
        role="member",
        given_at=world.now,
        ends_at=world.now + timedelta(days=9),
        withdrawn_at=world.now,
    )
    for phone in (rosa, luz):
        phone.sends("help")
    assert rosa.got("Casa Azul")
    assert not luz.got("Casa Azul")
    assert SupportRequest.objects.count() == 2
