"""Where two must agree, it is two people, never two accounts: rules, acts, pages, and any order of steps."""

import io
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import combinations
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from network.audit.models import Entry
from network.audit.rules import COMMAND_LINE
from network.checks.people import pair as doctor_on_pairs
from network.dispatch.actions import by_hand
from network.people.actions import homes
from network.people.models import Member
from network.staff.actions import factors
from network.staff.actions.accounts import (
    NotPossible,
    change_role,
    give_access_back,
    invite,
    note_met,
    set_phone,
    take_access,
)
from network.staff.models import Staff
from network.staff.queries import approver, second_refusal
from network.staff.rules import approvers
from network.staff.rules.approvers import (
    Approver,
    ApproverRefusal,
    is_one_person,
    meeting_refusal,
    why_not_eligible,
)
from network.staff.rules.approvers import second_refusal as refusal_of_two
from network.support import actions as support
from network.trust.actions import proposals, vouches
from network.trust.queries import a_pair_is_left
from network.trust.rules.graph import VouchRole
from network.trust.rules.proposals import ProposalKind, some_may_agree
from network.trust.rules.vouching import VouchRefusal
from tests.budget import examples
from tests.console.signing_in import by_link, get, post, staff_of, with_code

AZUL, ROJA = UUID(int=1), UUID(int=2)
BOTH = frozenset({AZUL, ROJA})


def voice_no(number, organization=None, **more):
    return Approver(UUID(int=number), str(number).encode(), organization, f"{number}@example.org", **more)


ANA, BETO, CLEO = voice_no(11), voice_no(12), voice_no(13)


@pytest.mark.parametrize(
    ("first", "other", "why"),
    [
        (ANA, BETO, None),
        (ANA, ANA, ApproverRefusal.SAME_PERSON),
        (ANA, replace(BETO, phone=ANA.phone), ApproverRefusal.SAME_PERSON),
        (ANA, replace(BETO, mailbox=ANA.mailbox), ApproverRefusal.SAME_PERSON),
        (ANA, replace(BETO, made_by=frozenset({ANA.staff})), ApproverRefusal.SAME_PERSON),
        (ANA, replace(BETO, made_by=frozenset({CLEO.staff})), ApproverRefusal.UNMET),
        (ANA, replace(BETO, phone=None), ApproverRefusal.NO_PHONE),
        (ANA, replace(BETO, organization=UUID(int=9)), ApproverRefusal.NO_STANDING),
        (
            replace(ANA, made_by=frozenset({CLEO.staff})),
            replace(BETO, made_by=frozenset({CLEO.staff})),
            ApproverRefusal.SAME_PERSON,
        ),
    ],
)
def test_which_two_accounts_are_two_people_whoever_comes_first(first, other, why):
    assert refusal_of_two(first, other, BOTH) is why
    assert refusal_of_two(other, first, BOTH) is why
    assert is_one_person(first, other) is (why is ApproverRefusal.SAME_PERSON)


@pytest.mark.parametrize(
    ("third", "why"),
    [
        (CLEO, None),
        (ANA, ApproverRefusal.SAME_PERSON),  # who made it
        (
            replace(CLEO, made_by=frozenset({ANA.staff})),
            ApproverRefusal.SAME_PERSON,
        ),  # who may be who made it
        (replace(CLEO, made_by=frozenset({UUID(int=14)})), ApproverRefusal.UNMET),
        (replace(CLEO, phone=None), ApproverRefusal.NO_PHONE),
    ],
)
def test_whose_word_counts_that_they_have_met_somebody(third, why):
    account = replace(BETO, made_by=frozenset({ANA.staff}))
    assert meeting_refusal(account, third, BOTH) is why


def test_a_pair_is_two_of_two_bodies_whose_words_count():
    verifier = voice_no(14, AZUL)
    assert some_may_agree([ANA, verifier], BOTH)
    assert not some_may_agree([ANA, BETO], BOTH)  # one body
    assert some_may_agree([ANA, BETO], {AZUL})  # where one stands alone, two of one are enough
    assert not some_may_agree([ANA, replace(verifier, made_by=frozenset({ANA.staff}))], BOTH)
    assert not some_may_agree([ANA, replace(verifier, phone=None)], BOTH)
    assert not some_may_agree([ANA], BOTH)


@pytest.fixture
def noor(world):
    return staff_of(world, "steward", email="noor@example.org")


@pytest.fixture
def omar(world):
    return staff_of(world, "steward", email="omar@example.org")


def invited(world, by, role="coordinator", organization=None, email=""):
    made, _ = invite(
        email or f"new{next(world.messages)}@example.org",
        role=Staff.Role(role),
        now=world.now,
        by=by,
        organization_id=organization.pk if organization else None,
        phone=f"+1{next(world.numbers)}",
    )
    return made


def test_whoever_invited_and_whom_they_invited_are_one_until_a_third_has_met_them(world, noor, omar):
    new = invited(world, noor)
    assert second_refusal(noor.pk, new.pk) is ApproverRefusal.SAME_PERSON
    assert second_refusal(omar.pk, new.pk) is ApproverRefusal.UNMET
    for nobody in (noor, new):
        with pytest.raises(NotPossible, match="third"):
            note_met(new.pk, by=nobody, now=world.now)
    note_met(new.pk, by=omar, now=world.now)
    assert second_refusal(noor.pk, new.pk) is None
    assert Entry.objects.filter(action="staff.met", about=f"staff:{new.pk}").count() == 1
    note_met(new.pk, by=omar, now=world.now)  # twice is once
    assert Entry.objects.filter(action="staff.met").count() == 1


def test_the_one_who_made_the_maker_is_no_third(world, noor):
    puppet = invited(world, noor, role="steward")
    second = invited(world, puppet)
    with pytest.raises(NotPossible, match="third"):
        note_met(second.pk, by=noor, now=world.now)
    with pytest.raises(NotPossible, match="third"):
        note_met(puppet.pk, by=second, now=world.now)


def test_whose_factor_was_restored_counts_for_nobody_until_a_third_has_met_them(world, noor, omar):
    ana, cleo = staff_of(world, "coordinator"), staff_of(world, "coordinator")
    asked = factors.ask_restoring(ana.pk, by=noor, now=world.now)
    factors.confirm_restoring(asked.pk, by=omar, now=world.now)
    for second in (noor, omar, cleo):
        assert second_refusal(second.pk, ana.pk) is not None
    for maker in (noor, omar):
        with pytest.raises(NotPossible, match="third"):
            note_met(ana.pk, by=maker, now=world.now)
    note_met(ana.pk, by=cleo, now=world.now)
    assert second_refusal(noor.pk, ana.pk) is None


def test_whom_the_command_line_made_or_met_counts(world, noor):
    new = invited(world, noor)
    call_command(
        "add_staff", new.email, "--role", "coordinator", "--met", stdout=io.StringIO(), stderr=io.StringIO()
    )
    new.refresh_from_db()
    assert new.met
    assert Entry.objects.filter(action="staff.met").exists()


def test_an_account_that_was_not_met_gives_no_vouch(world, noor, omar):
    ana = world.responder("Ana", vouchers=0)
    verifier = invited(world, noor, "verifier", world.azul)
    offer = {
        "role": VouchRole.ACCOMPANIMENT,
        "met_in_person": True,
        "staff_id": verifier.pk,
        "now": world.now,
    }
    with pytest.raises(vouches.NotVouched) as refused:
        vouches.give_vouch(ana.person.pk, **offer)
    assert refused.value.refusal is VouchRefusal.UNMET
    note_met(verifier.pk, by=omar, now=world.now)
    vouches.give_vouch(ana.person.pk, **offer)


def test_one_steward_has_no_organizations_export_and_suspends_none(world, noor, omar):
    first, second = invited(world, noor, "verifier", world.azul), invited(world, noor, "verifier", world.roja)
    for proposer, agreeing in ((first, second), (noor, first)):
        with suppress(approvers.NotEligible):
            made = proposals.propose(
                ProposalKind.SUSPEND_ORGANIZATION, world.roja.pk, why="x", staff_id=proposer.pk, now=world.now
            )
            with pytest.raises(approvers.NotEligible):
                proposals.agree(made.pk, staff_id=agreeing.pk, execute={}, now=world.now)
            proposals.stop(made.pk, staff_id=proposer.pk, now=world.now)


def test_a_frozen_home_an_exception_and_words_under_duress_take_two_people(world, noor, omar):
    rosa = world.member("Rosa")
    puppet = invited(world, noor)
    Member.objects.filter(person=rosa.person).update(frozen_at=world.now, frozen_for=Member.Frozen.MOVED)
    member = Member.objects.get(person=rosa.person)

    def unfreeze(account):
        return homes.unfreeze_home(member.pk, staff_id=account.pk, by=COMMAND_LINE, now=world.now)

    assert unfreeze(noor) is False
    assert unfreeze(noor) is False
    with pytest.raises(approvers.NotEligible):
        unfreeze(puppet)
    Staff.objects.filter(pk=noor.pk).update(is_active=False)
    assert unfreeze(omar) is False  # who was taken off is nobody's first
    Staff.objects.filter(pk=noor.pk).update(is_active=True)
    assert unfreeze(noor) is True

    rosa.asks()
    request = world.request()
    support.ask_to_contact(request.pk, staff_id=noor.pk, by=COMMAND_LINE, now=world.now)
    for account in (noor, puppet):
        with pytest.raises(approvers.NotEligible):
            support.agree_to_contact(request.pk, staff_id=account.pk, by=COMMAND_LINE, now=world.now)
    support.agree_to_contact(request.pk, staff_id=omar.pk, by=COMMAND_LINE, now=world.now)

    leo = world.responder("Leo", max_miles=1, zip="46320")
    with pytest.raises(approvers.NotEligible):
        by_hand.propose_exemption(
            request.pk, person_id=leo.person.pk, reason="x", staff_id=puppet.pk, now=world.now
        )


def test_doctor_and_the_list_say_when_no_pair_is_left(world, noor, omar, settings):
    settings.DEMO = False
    verifier = with_code(staff_of(world, "verifier", organization=world.azul))
    assert not a_pair_is_left()
    with_code(noor)
    assert a_pair_is_left()
    assert doctor_on_pairs(world.now).verdict == "pass"
    Staff.objects.filter(pk=verifier.pk).update(made_by=[noor.pk])
    assert not a_pair_is_left()
    assert doctor_on_pairs(world.now).verdict == "warn"
    assert "Two people who can decide together" in get(by_link(world, noor), "/setting-up").content.decode()


def test_a_steward_gives_a_phone_and_another_says_that_they_have_met(world, noor, omar):
    desk = by_link(world, noor)

    def invite(**more):
        return post(
            desk, "/staff/invite", email="new@example.org", role="coordinator", **more
        ).content.decode()

    assert "Add their phone" in invite()
    assert "one phone number" in invite(phone="312 555 01")
    refused = invite(phone=omar.phone)
    assert "one person has one account" in refused
    for kept in ('value="new@example.org"', f'value="{omar.phone}"', 'value="coordinator" selected'):
        assert kept in refused
    assert not Staff.objects.filter(email="new@example.org").exists()
    invite(phone="312-555-0142")
    new = Staff.objects.get(email="new@example.org")
    assert new.phone == "+13125550142"
    post(desk, f"/staff/{new.pk}/do/phone", phone="312-555-0143")
    new.refresh_from_db()
    assert new.phone == "+13125550143"
    assert "Note that I have met them" not in get(desk, f"/staff/{new.pk}").content.decode()
    post(desk, f"/staff/{new.pk}/met", met="1")
    new.refresh_from_db()
    assert not new.met
    theirs = by_link(world, omar)
    assert "to be met by a third person" in get(theirs, "/staff").content.decode()
    page = get(theirs, f"/staff/{new.pk}").content.decode()
    assert "Note that I have met them" in page
    assert "noor made this account" in page
    assert "Meet them first" in post(theirs, f"/staff/{new.pk}/met").content.decode()
    new.refresh_from_db()
    assert not new.met
    post(theirs, f"/staff/{new.pk}/met", met="1")
    new.refresh_from_db()
    assert new.met


ACTS = (*("invite", "meet", "restore") * 4, "role", "phone", "take", "give")


@dataclass
class Town:
    """Accounts, and who truly holds each: an attacker, or somebody honest who holds no other."""

    world: object
    holders: dict[UUID, str] = field(default_factory=dict)
    names: int = 0

    def add(self, holder, role, by=None):
        organization = [None, self.world.azul, self.world.roja][self.names % 3]
        organization = organization or (self.world.azul if role == "verifier" else None)
        made = (
            staff_of(self.world, role, organization=organization)
            if by is None
            else invited(self.world, by, role, organization)
        )
        self.holders[made.pk] = holder
        self.names += 1
        return made

    def accounts(self):
        return list(Staff.objects.order_by("email"))

    def act(self, act, first, second, third, lies):
        """One step by one account; whoever is honest says only what is true."""
        accounts = self.accounts()
        by, account, other = (accounts[n % len(accounts)] for n in (first, second, third))
        honest = self.holders[by.pk] != "attacker"
        now = self.world.now
        if act == "invite":
            role = ("coordinator", "steward", "verifier")[second % 3]
            self.add("attacker" if lies and not honest else f"honest {self.names}", role, by)
        elif act == "meet":
            true = self.holders[account.pk] not in ("attacker", self.holders[by.pk])
            if true or not honest or self.only(account):
                note_met(account.pk, by=by, now=now)
        elif act == "restore":
            asked = factors.ask_restoring(account.pk, by=by, now=now)
            factors.confirm_restoring(asked.pk, by=other, now=now)
            if self.holders[other.pk] == "attacker" and lies:
                self.holders[account.pk] = "attacker"  # the link was shown to them
        elif act == "role":
            change_role(account.pk, role=Staff.Role.STEWARD, organization_id=None, by=by, now=now)
        elif act == "phone":
            set_phone(account.pk, f"+1{next(self.world.numbers)}", by=by, now=now)
        elif act == "take":
            take_access(account.pk, by=by, now=now)
        else:
            give_access_back(account.pk, by=by, now=now)

    def only(self, account):
        """Whether whoever holds this account holds no other: that is what somebody sees who meets them."""
        holder = self.holders[account.pk]
        return list(self.holders.values()).count(holder) == 1

    def see_that_two_are_two(self):
        for account, other in combinations(self.accounts(), 2):
            if self.holders[account.pk] == self.holders[other.pk]:
                assert refusal_of_two(approver(account), approver(other), BOTH) is not None
                assert is_one_person(approver(account), approver(other)) or ApproverRefusal.UNMET in (
                    why_not_eligible(approver(account), BOTH),
                    why_not_eligible(approver(other), BOTH),
                )


@pytest.fixture
def world_of_examples(world):
    """The town that all examples share: each is rolled back."""
    return world


@pytest.mark.slow("a hundred lives of a network, each of a dozen steps in the database")
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(ACTS), st.integers(0, 4), st.integers(0, 4), st.integers(0, 4), st.sampled_from([True, True, True, False])
        ),
        min_size=8, max_size=14,
    )
)  # fmt: skip
@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_by_no_order_of_steps_has_one_person_both_halves(world_of_examples, steps):
    with transaction.atomic():
        town = Town(world_of_examples)
        for holder, role in (("attacker", "steward"), ("honest a", "steward"), ("honest b", "coordinator")):
            town.add(holder, role)
        for step in steps:
            with suppress(NotPossible, approvers.NotEligible, Staff.DoesNotExist), transaction.atomic():
                town.act(*step)
            town.see_that_two_are_two()
        transaction.set_rollback(True)
