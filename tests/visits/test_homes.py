"""A member's home: changed by one person only where nobody waits, else by two; nobody goes on to the old one."""

import threading

import pytest
from django.db import connection

from network.audit.models import Entry
from network.conversations.handling.texts import handle_waiting
from network.enrollment.actions import homes
from network.enrollment.actions.approvals import agree
from network.enrollment.actions.homes import change_home
from network.enrollment.models import HomeChange
from network.people.models import Member
from network.people.rules.homes import Home
from network.staff.rules import approvers
from network.staff.rules.approvers import ApproverRefusal
from network.support.models import SupportRequest
from network.trust.actions import proposals
from network.trust.models import Approval, Proposal
from network.visits.actions.homes import release_moved
from network.visits.actions.page import PageRefused, open_page
from network.visits.models import Visit
from tests.world import DEVICE, PIN

NEW = Home("9 New Street", "3", "Chicago", "IL", "60608")


@pytest.fixture
def verifier(world, hire):
    return hire("verifier", world.azul)


@pytest.fixture
def changes(world, verifier):
    def made(phone, home=NEW, *, by=verifier, in_person=True, why="they moved"):
        return change_home(phone.person.pk, home, in_person=in_person, why=why, staff_id=by.pk, now=world.now)

    return made


def street():
    return Member.objects.get().street


def test_in_person_and_with_nobody_waiting_one_verifier_changes_it_on_record(world, changes):
    rosa = world.member("Rosa")
    Member.objects.update(frozen_at=world.now)
    assert changes(rosa) is None
    member = Member.objects.get()
    assert (member.street, member.unit, member.zip) == ("9 New Street", "3", "60608")
    assert (member.frozen_at, member.attested_at) == (None, world.now)
    line = Entry.objects.get(action="member.home_changed")
    assert "New Street" not in str(line.detail)


def test_saying_that_it_is_right_lifts_a_freeze_and_changes_nothing_else(world, changes):
    rosa = world.member("Rosa")
    rosa.sends("I moved")
    rosa.sends("1")
    assert "moved" in world.needs()
    changes(rosa, None)
    assert street() == "1234 Sample Street"
    assert Member.objects.get().frozen_at is None
    assert world.needs() == []
    assert Member.objects.get().moved_at is None


def test_not_in_person_takes_a_second_and_nothing_changes_before(world, hire, changes):
    rosa = world.member("Rosa")
    proposal = changes(rosa, in_person=False)
    assert street() == "1234 Sample Street"
    assert "New Street" not in str(list(HomeChange.objects.values()) + list(Proposal.objects.values()))
    assert agree(proposal.pk, staff_id=hire("coordinator").pk, now=world.now)
    assert street() == "9 New Street"


def test_a_second_person_needs_a_reason(world, changes):
    rosa = world.member("Rosa")
    with pytest.raises(proposals.ProposalNeedsReason):
        changes(rosa, in_person=False, why=" ")


def test_no_one_alone_changes_the_home_of_who_waits_for_help(world, hire, verifier, changes):
    """Not by themself, not by a second account, not with a colleague, and not by an old yes."""
    world.coordinator()
    rosa = world.member("Rosa")
    rosa.sends("help")
    proposal = changes(rosa)
    assert proposal is not None
    colleague = hire("verifier", world.azul)
    second_account = hire("coordinator", phone=None)
    for account, why in (
        (verifier, ApproverRefusal.SAME_PERSON),
        (second_account, ApproverRefusal.NO_PHONE),
        (colleague, ApproverRefusal.SAME_ORGANIZATION),
    ):
        with pytest.raises(approvers.NotEligible) as refused:
            agree(proposal.pk, staff_id=account.pk, now=world.now)
        assert refused.value.refusal is why
    assert street() == "1234 Sample Street"
    other = hire("coordinator")
    assert agree(proposal.pk, staff_id=other.pk, now=world.now)
    assert street() == "9 New Street"
    Member.objects.update(zip="60629")
    with pytest.raises(proposals.NotOpen):
        agree(proposal.pk, staff_id=other.pk, now=world.now)
    assert Member.objects.get().zip == "60629"
    assert Approval.objects.count() == 1


def test_an_open_proposal_is_one_and_an_old_one_is_over(world, hire, changes):
    rosa = world.member("Rosa")
    proposal = changes(rosa, in_person=False)
    with pytest.raises(proposals.AlreadyProposed):
        changes(rosa, in_person=False)
    world.wait(minutes=1)
    Proposal.objects.update(ends_at=world.now)
    with pytest.raises(proposals.NotOpen):
        agree(proposal.pk, staff_id=hire("coordinator").pk, now=world.now)
    assert street() == "1234 Sample Street"


def test_only_the_members_own_organization(world, hire, changes):
    rosa = world.member("Rosa")
    with pytest.raises(homes.NotTheirMember):
        changes(rosa, by=hire("verifier", world.roja))


def test_at_a_live_visit_the_link_and_the_word_are_dead_and_others_are_sought(world, hire, changes):
    world.coordinator()
    rosa, ana = world.member("Rosa"), world.responder("Ana")
    rosa.asks()
    ana.accepts()
    token, word = ana.link_token(), world.word()
    assert open_page(token, PIN, device=DEVICE, now=world.now).street == "1234 Sample Street"
    world.wait(minutes=1)
    beto = world.responder("Beto")

    proposal = changes(rosa)
    assert open_page(token, PIN, device=DEVICE, now=world.now).street == "1234 Sample Street"
    agree(proposal.pk, staff_id=hire("coordinator").pk, now=world.now)
    world.settle()

    with pytest.raises(PageRefused) as refused:
        open_page(token, PIN, device=DEVICE, now=world.now)
    assert refused.value.why == "gone"
    assert "home_changed" in world.needs()
    assert rosa.got(f"The word {word} no longer works")
    assert ana.got("do not go")
    assert Visit.objects.get().stage == "left"
    beto.accepts()
    assert open_page(beto.link_token(), PIN, device=DEVICE, now=world.now).street == "9 New Street"
    assert world.word() != word


def test_the_old_link_is_dead_before_anybody_was_taken_off(world, hire, changes, monkeypatch):
    """A crash right after the second yes: every read respects the change, and the engine mends the rest."""
    world.coordinator()
    rosa, ana = world.member("Rosa"), world.responder("Ana")
    rosa.asks()
    ana.accepts()
    world.wait(minutes=1)
    proposal = changes(rosa)
    with monkeypatch.context() as broken:
        broken.setattr("network.enrollment.actions.approvals.release_moved", lambda **_: None)
        agree(proposal.pk, staff_id=hire("coordinator").pk, now=world.now)
    with pytest.raises(PageRefused):
        open_page(ana.link_token(), PIN, device=DEVICE, now=world.now)
    assert Visit.objects.get().stage == "going"
    world.settle()
    assert Visit.objects.get().stage == "left"
    assert release_moved(now=world.now) == 0


def test_a_yes_to_the_question_about_the_old_home_makes_no_visit(world, hire, changes):
    world.coordinator()
    rosa, ana = world.member("Rosa"), world.responder("Ana")
    rosa.asks()
    world.wait(minutes=1)
    proposal, code = changes(rosa), ana.code()
    agree(proposal.pk, staff_id=hire("coordinator").pk, now=world.now)
    world.settle()
    ana.sends(code)
    assert not Visit.objects.exists()
    assert ana.code() != code  # asked again, about the home that is on file now
    ana.accepts()
    assert Visit.objects.get().began_at >= Member.objects.get().moved_at


def test_who_is_there_already_stays_and_a_person_decides(world, hire, changes):
    world.coordinator()
    rosa, ana = world.member("Rosa"), world.responder("Ana")
    rosa.asks()
    ana.accepts()
    ana.sends("3")
    world.wait(minutes=1)
    agree(changes(rosa).pk, staff_id=hire("coordinator").pk, now=world.now)
    world.settle()
    assert Visit.objects.get().stage == "there"
    assert "home_changed" in world.needs()


@pytest.mark.server
def test_a_request_that_opens_meanwhile_is_seen_or_waits(world, changes):
    """One account changes the home, alone, while the member asks: never both."""
    rosa = world.member("Rosa")
    start, outcome = threading.Barrier(2), []

    def ask():
        try:
            start.wait()
            rosa.world.deliver(rosa.number, "help")
            while not handle_waiting(now=rosa.world.now):  # as the engine does, where the phone's row is held
                pass
        finally:
            connection.close()

    def change():
        try:
            start.wait()
            outcome.append(changes(rosa))
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for act in (ask, change)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    request = SupportRequest.objects.get()
    request.member.refresh_from_db()
    alone = outcome[0] is None
    assert request.member.street == ("9 New Street" if alone else "1234 Sample Street")
    assert Proposal.objects.exists() is not alone


def test_of_whom_no_home_was_typed_there_is_none_to_speak_of(world, hire, changes):
    from tests.enrollment.test_enroll import YES, enroll, responder

    ana, roja = world.responder("Ana", vouchers=1), hire("verifier", world.roja)
    enroll(
        responder(ana.number),
        organization_id=world.roja.pk,
        asked=YES,
        met_in_person=True,
        staff_id=roja.pk,
        now=world.now,
    )
    for in_person in (True, False):
        with pytest.raises(homes.NotTheirMember):
            changes(ana, by=roja, in_person=in_person)
    with pytest.raises(homes.NotTheirMember):
        changes(world.member("Rosa"), by=hire("verifier", None))
    assert not Proposal.objects.exists()


def test_two_people_say_that_it_is_right_while_somebody_waits(world, hire, changes):
    world.coordinator()
    rosa = world.member("Rosa")
    rosa.sends("help")
    rosa.sends("I moved")
    rosa.sends("1")
    assert Member.objects.get().frozen_for == "moved"
    agree(changes(rosa, None).pk, staff_id=hire("coordinator").pk, now=world.now)
    member = Member.objects.get()
    assert (member.frozen_at, member.moved_at, member.street) == (None, None, "1234 Sample Street")
    assert not {"moved", "home_changed"} & set(world.needs())
