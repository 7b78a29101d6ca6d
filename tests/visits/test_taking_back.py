"""A word is taken back: who falls, what ends at once, and what waits for a person."""

import time
from datetime import timedelta
from functools import partial

import pytest

from network.audit.models import Entry
from network.audit.rules import COMMAND_LINE
from network.desk.models import Need
from network.dispatch.actions.answering import TooLate
from network.dispatch.actions.by_hand import NotFit
from network.dispatch.models import Offer
from network.enrollment.actions import approvals
from network.organizations.models import Organization
from network.people.actions import persons
from network.people.models import Member, Person, Responder
from network.staff.rules import approvers
from network.trust.actions import proposals, trust_settings, vouches
from network.trust.actions.organizations import suspend_organization
from network.trust.actions.taking_back import needs_two, who_would_lose_vouches
from network.trust.models import Introduction, Proposal, Vouch
from network.trust.rules.graph import VouchRole
from network.trust.rules.proposals import ProposalKind
from network.visits.actions import acceptance, clocks, trust
from network.visits.models import Visit
from tests.trust.test_trust import at_once

WHY = "they were not who they said"


def only_azul(world, name="Ana", **more):
    """A responder who stands by the word of Casa Azul alone."""
    return world.responder(name, vouchers=1, **more)


def suspended(phone):
    return Person.objects.get(pk=phone.person.pk).suspended_at is not None


def take_back(world, staff, what=ProposalKind.WITHDRAW_VOUCH, about=None, phone=None):
    about = about or Vouch.objects.get(person=phone.person).pk
    return trust.take_back(what, about, why=WHY, staff_id=staff.pk, now=world.now)


def test_whoever_falls_is_suspended_at_once_with_offers_gone_and_the_edge_stays(world, hire):
    ana = only_azul(world)
    world.member("Rosa").asks()
    assert Offer.objects.get().state == "open"
    began = time.monotonic()
    assert take_back(world, hire(organization=world.azul), phone=ana) is None
    assert time.monotonic() - began < 2
    assert suspended(ana)
    assert Offer.objects.get().state == "withdrawn"
    vouch = Vouch.objects.get(person=ana.person)
    assert (vouch.withdrawn_at, vouch.withdrawn_why) == (world.now, WHY)
    assert "vouches_lost" in world.needs()
    ana.accepts()
    assert not Visit.objects.exists()


def test_whoever_still_has_enough_is_left_alone(world, hire):
    ana = world.responder("Ana", vouchers=2)
    vouch = Vouch.objects.filter(person=ana.person).first()
    take_back(world, hire(organization=world.azul), about=vouch.pk)
    assert not suspended(ana)
    assert "vouches_lost" not in world.needs()


def test_nobody_on_a_visit_is_taken_off_without_a_person_and_they_fall_when_it_ends(world, hire):
    ana, rosa = only_azul(world), world.member("Rosa")
    rosa.asks()
    ana.accepts()
    take_back(world, hire(organization=world.azul), phone=ana)
    world.settle()
    visit = Visit.objects.get()
    assert visit.stage == "going"
    assert visit.token_hash is not None
    assert not suspended(ana)
    need = Need.objects.get(reason="vouches_lost_on_visit")
    assert need.person_id == ana.person.pk
    assert need.request_id == visit.support_request_id
    assert Responder.objects.get(person=ana.person).on_probation
    assert not rosa.got("no longer")

    ana.sends("3")
    assert not suspended(ana)
    ana.sends("4")
    assert suspended(ana)
    assert Person.objects.get(pk=ana.person.pk).unvouched_at is None
    assert "vouches_lost" in world.needs()
    assert "vouches_lost_on_visit" not in world.needs()


def test_a_yes_and_a_word_taken_back_at_once_end_in_a_visit_that_waits_or_in_none(world, hire):
    for n in range(5):
        ana = only_azul(world, f"R{n}")
        world.member(f"M{n}").asks()
        offer = Offer.objects.get(person=ana.person)
        Offer.objects.exclude(pk=offer.pk).update(state="withdrawn", holding=False)
        verifier = hire(organization=world.azul)
        raised = at_once(
            partial(acceptance.accept, offer.pk, by=COMMAND_LINE, now=world.now),
            partial(take_back, world, verifier, phone=ana),
        )
        assert all(isinstance(error, NotFit | TooLate) for error in raised)
        waits = Person.objects.get(pk=ana.person.pk).unvouched_at is not None
        came = Visit.objects.filter(person=ana.person).exclude(stage="left").exists()
        assert (waits, came) == (not suspended(ana), not suspended(ana))
        assert bool(raised) == suspended(ana)


def test_a_person_may_take_somebody_off_or_let_them_stay(world, hire):
    ana = only_azul(world)
    world.member("Rosa").asks()
    ana.accepts()
    take_back(world, hire(organization=world.azul), phone=ana)
    persons.restore(ana.person.pk, why="we asked around", by=COMMAND_LINE, now=world.now)
    assert "vouches_lost_on_visit" not in world.needs()
    ana.sends("3")
    ana.sends("4")
    assert not suspended(ana)


def test_nothing_is_restored_by_itself(world, hire):
    ana = only_azul(world)
    take_back(world, hire(organization=world.azul), phone=ana)
    for _ in range(2):
        vouches.give_vouch(
            ana.person.pk,
            role=VouchRole.ACCOMPANIMENT,
            met_in_person=True,
            staff_id=hire(organization=world.azul).pk,
            now=world.now,
        )
    world.settle()
    assert suspended(ana)
    persons.restore(ana.person.pk, why="vouched for anew", by=COMMAND_LINE, now=world.now)
    assert not suspended(ana)
    assert "vouches_lost" not in world.needs()


def test_a_member_is_never_dropped_but_handed_to_another_organization(world, hire):
    rosa = world.member("Rosa")
    given = vouches.give_vouch(
        rosa.person.pk,
        role=VouchRole.MEMBER,
        met_in_person=True,
        staff_id=hire(organization=world.azul).pk,
        now=world.now,
    )
    take_back(world, hire(organization=world.azul), about=given.pk)
    assert not suspended(rosa)
    need = Need.objects.get(reason="member_unvouched", closed_at=None)
    assert need.person_id == rosa.person.pk
    assert Introduction.objects.get().organization == world.roja
    rosa.sends("help")
    assert rosa.got("Are you at home")

    vouches.give_vouch(
        rosa.person.pk,
        role=VouchRole.MEMBER,
        met_in_person=True,
        staff_id=hire(organization=world.roja).pk,
        now=world.now,
    )
    assert "member_unvouched" not in world.needs()
    assert not Introduction.objects.filter(settled_at=None).exists()


def test_without_another_organization_a_members_need_is_on_the_board_all_the_same(world, hire):
    Organization.objects.filter(pk=world.roja.pk).update(admitted_at=None)
    rosa = world.member("Rosa")
    given = vouches.give_vouch(
        rosa.person.pk,
        role=VouchRole.MEMBER,
        met_in_person=True,
        staff_id=hire(organization=world.azul).pk,
        now=world.now,
    )
    take_back(world, hire(organization=world.azul), about=given.pk)
    assert "member_unvouched" in world.needs()
    assert not Introduction.objects.exists()


def test_above_three_people_a_second_person_of_another_organization_must_agree(world, hire):
    verifier = hire(organization=world.azul)
    many = [world.responder(f"R{n}", vouchers=0) for n in range(4)]
    for responder in many:
        vouches.give_vouch(
            responder.person.pk,
            role=VouchRole.ACCOMPANIMENT,
            met_in_person=True,
            staff_id=verifier.pk,
            now=world.now,
        )
        vouches.give_vouch(
            responder.person.pk,
            role=VouchRole.ACCOMPANIMENT,
            met_in_person=True,
            staff_id=hire(organization=world.azul).pk,
            now=world.now,
        )
    falls = who_would_lose_vouches(ProposalKind.WITHDRAW_VERIFIER, verifier.pk, now=world.now)
    assert falls == {(responder.person.pk, VouchRole.ACCOMPANIMENT) for responder in many}
    assert needs_two(ProposalKind.WITHDRAW_VERIFIER, falls)
    assert not needs_two(ProposalKind.WITHDRAW_VERIFIER, frozenset(list(falls)[:3]))

    steward = hire("steward", world.roja)
    proposal = take_back(world, steward, ProposalKind.WITHDRAW_VERIFIER, verifier.pk)
    assert not any(suspended(responder) for responder in many)
    assert approvals.agree(proposal.pk, staff_id=hire(organization=world.azul).pk, now=world.now)
    assert all(suspended(responder) for responder in many)
    taken = Vouch.objects.filter(verifier=verifier)
    assert {vouch.withdrawn_by_id for vouch in taken} == {steward.pk}
    assert taken.count() == 4


@pytest.fixture
def suspend_azul(world, hire):
    def suspend():
        proposal = take_back(
            world, hire("steward", world.roja), ProposalKind.SUSPEND_ORGANIZATION, world.azul.pk
        )
        assert Organization.objects.get(pk=world.azul.pk).suspended_at is None  # never by one person
        gris = world.organization("casa-gris", "Casa Gris")
        assert approvals.agree(proposal.pk, staff_id=hire(organization=gris).pk, now=world.now)

    return suspend


def test_an_organization_is_suspended_by_two_and_its_word_counts_for_nothing(world, hire, suspend_azul):
    ana, both = only_azul(world), world.responder("Both", vouchers=2)
    carer = world.responder("Carer", kinds=("childcare",), vouchers=2)
    suspend_azul()
    assert suspended(ana)
    assert suspended(carer)
    assert not suspended(both)
    assert Organization.objects.get(pk=world.azul.pk).suspended_why == WHY
    assert not Vouch.objects.filter(withdrawn_at__isnull=False).exists()
    suspend_organization(world.azul.pk, why="again", by=COMMAND_LINE, now=world.now + timedelta(hours=1))
    assert Organization.objects.get(pk=world.azul.pk).suspended_at == world.now

    steward, second = hire("steward", world.roja), hire("steward")
    proposal = proposals.propose(
        ProposalKind.RESTORE_ORGANIZATION, world.azul.pk, why="cleared", staff_id=steward.pk, now=world.now
    )
    assert approvals.agree(proposal.pk, staff_id=second.pk, now=world.now)
    assert Organization.objects.get(pk=world.azul.pk).suspended_at is None
    assert suspended(ana)


def test_two_from_a_suspended_organization_can_do_nothing(world, hire, suspend_azul):
    suspend_azul()
    with pytest.raises(approvers.NotEligible):
        take_back(world, hire("steward", world.azul), ProposalKind.SUSPEND_ORGANIZATION, world.roja.pk)
    assert Proposal.objects.filter(state="open").count() == 0


def test_taking_back_says_why(world, hire):
    ana = only_azul(world)
    with pytest.raises(proposals.ProposalNeedsReason):
        trust.take_back(
            ProposalKind.WITHDRAW_VOUCH,
            Vouch.objects.get(person=ana.person).pk,
            why=" ",
            staff_id=hire(organization=world.azul).pk,
            now=world.now,
        )
    assert not suspended(ana)


def test_whoever_falls_while_asking_for_help_themselves_is_helped_as_before(world, hire):
    ana = only_azul(world)
    Member.objects.create(
        person=ana.person,
        key_id=ana.person.key_id,
        organization=world.azul,
        street="1 A St",
        city="Chicago",
        state="IL",
        zip="60629",
        attested_at=world.now,
    )
    ana.sends("help")
    take_back(world, hire(organization=world.azul), phone=ana)
    assert {"vouches_lost", "suspended"} <= set(world.needs())
    ana.sends("1")
    assert ana.got("What do you need?")


def test_who_was_suspended_already_stays_as_they_were(world, hire):
    ana = only_azul(world)
    clocks.suspend(ana.person.pk, why="earlier", by=COMMAND_LINE, now=world.now)
    world.now += timedelta(hours=1)
    take_back(world, hire(organization=world.azul), phone=ana)
    assert Person.objects.get(pk=ana.person.pk).suspended_why == "earlier"
    assert "vouches_lost" not in world.needs()


def test_probation_ends_by_a_persons_yes_after_two_visits(world, hire):
    ana = world.responder("Ana")
    ended = lambda: trust.end_probation(ana.person.pk, by=COMMAND_LINE, now=world.now)  # noqa: E731
    persons.set_probation(ana.person.pk, on=True, by=COMMAND_LINE, now=world.now)
    ended()  # while founding is open, a person's word is enough
    trust_settings.close_founding(staff_id=hire("steward").pk, now=world.now)
    for n in range(2):
        with pytest.raises(trust.TooFewVisits) as caught:
            ended()
        assert (caught.value.done, caught.value.wanted) == (n, 2)
        world.member(f"M{n}").asks()
        ana.accepts()
        ana.sends("3")
        ana.sends("4")
        persons.set_probation(ana.person.pk, on=n == 1, by=COMMAND_LINE, now=world.now)
    ended()
    assert not Responder.objects.get(person=ana.person).on_probation
    assert Entry.objects.filter(action="person.probation").exists()
