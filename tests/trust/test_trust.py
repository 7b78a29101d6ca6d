"""Vouches, organizations and two people, as rows: what is taken, what is refused, and what holds under a race."""

import random
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from network.audit.models import Entry
from network.audit.rules import COMMAND_LINE
from network.desk.models import Need
from network.enrollment.actions import approvals
from network.enrollment.actions.imports import load
from network.enrollment.queries.visible import people_of
from network.organizations.models import Organization
from network.people.models import Person, Responder
from network.staff.actions import accounts
from network.staff.models import Staff
from network.staff.rules import approvers
from network.staff.rules.approvers import ApproverRefusal
from network.trust.actions import organizations, proposals, trust_settings, vouches
from network.trust.actions.trust_settings import THE_NUMBERS
from network.trust.actions.vouches import settle_reminders
from network.trust.models import Approval, Introduction, Proposal, TrustNumbers, Vouch
from network.trust.queries import (
    founding_is_open,
    graph,
    persons_of_staff,
    trust_rules,
    vouched,
    vouched_roles,
)
from network.trust.rules.graph import NotANumber, VouchRole, holders
from network.trust.rules.proposals import ProposalKind
from network.trust.rules.vouching import VouchRefusal
from network.visits.actions import trust

WHY = "we know them"


def vouch(person, verifier, world, role=VouchRole.ACCOMPANIMENT, met=True):
    return vouches.give_vouch(person.pk, role=role, met_in_person=met, staff_id=verifier.pk, now=world.now)


def refused(person, verifier, world, **more):
    with pytest.raises(vouches.NotVouched) as caught:
        vouch(person, verifier, world, **more)
    return caught.value.refusal


def new_responder(world, name="Nina", kinds=("accompaniment",)):
    return world.responder(name, kinds=kinds, vouchers=0).person


def test_two_verifiers_make_an_accompanier_and_one_does_not(world, hire):
    nina = new_responder(world)
    vouch(nina, hire(organization=world.azul), world)
    assert not vouched([nina.pk], "accompaniment", now=world.now)
    given = vouch(nina, hire(organization=world.azul), world)
    assert vouched([nina.pk], "accompaniment", now=world.now) == {nina.pk}
    assert given.ends_at == world.now + timedelta(days=365)
    assert not vouched([nina.pk], "accompaniment", now=given.ends_at)
    assert Entry.objects.filter(action="vouch.given").count() == 2


def test_a_vouch_is_refused_with_its_reason(world, hire):
    nina, verifier = new_responder(world), hire(organization=world.azul)
    assert refused(nina, verifier, world, met=False) is VouchRefusal.NOT_MET
    assert refused(nina, hire(organization=world.azul, phone=None), world) is VouchRefusal.NO_PHONE
    vouch(nina, verifier, world)
    assert refused(nina, verifier, world) is VouchRefusal.TWICE
    Organization.objects.filter(pk=world.roja.pk).update(suspended_at=world.now)
    assert refused(nina, hire(organization=world.roja), world) is VouchRefusal.ORGANIZATION
    with pytest.raises(vouches.NotTheRole):
        vouch(nina, verifier, world, role=VouchRole.LEGAL)
    for nobody in (hire("steward", world.azul), hire(organization=None)):
        with pytest.raises(Staff.DoesNotExist):
            vouch(nina, nobody, world)


def test_nobody_vouches_for_themself_nor_in_a_ring(world, hire):
    nina, omar = new_responder(world, "Nina"), new_responder(world, "Omar")
    as_nina = hire(organization=world.azul, phone=nina.phone)
    as_omar = hire(organization=world.roja, phone=omar.phone)
    assert persons_of_staff() == {as_nina.pk: nina.pk, as_omar.pk: omar.pk}
    assert refused(nina, as_nina, world) is VouchRefusal.THEMSELF
    vouch(omar, as_nina, world)
    assert refused(nina, as_omar, world) is VouchRefusal.CYCLE


def test_the_sixth_vouch_of_a_month_is_refused_even_if_one_was_taken_back(world, hire):
    verifier = hire(organization=world.azul)
    given = [vouch(new_responder(world, f"N{n}"), verifier, world) for n in range(5)]
    trust.take_back(ProposalKind.WITHDRAW_VOUCH, given[0].pk, why=WHY, staff_id=verifier.pk, now=world.now)
    last = new_responder(world, "Last")
    assert refused(last, verifier, world) is VouchRefusal.QUOTA
    world.now += timedelta(days=31)
    vouch(last, verifier, world)


def at_once(*works):
    """Each in a connection of its own, begun together; returns what they raised."""
    barrier, raised = Barrier(len(works)), []

    def run(work):
        barrier.wait()
        try:
            work()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.server
def test_two_who_vouch_for_each_other_at_once_are_not_both_taken(world, hire):
    nina, omar = new_responder(world, "Nina"), new_responder(world, "Omar")
    as_nina = hire(organization=world.azul, phone=nina.phone)
    as_omar = hire(organization=world.roja, phone=omar.phone)
    raised = at_once(lambda: vouch(omar, as_nina, world), lambda: vouch(nina, as_omar, world))
    assert [error.refusal for error in raised] == [VouchRefusal.CYCLE]
    assert Vouch.objects.count() == 1


def test_sql_and_the_pure_rule_say_the_same_of_any_graph(world, hire):
    dice = random.Random(7)
    houses = [world.azul, world.roja, world.organization("casa-gris", "Casa Gris")]
    Organization.objects.filter(pk=houses[2].pk).update(suspended_at=world.now)
    verifiers = [None, *(hire(organization=house) for house in houses[:2]), hire(organization=world.azul)]
    people = [world.person(f"P{n}") for n in range(12)]
    for _ in range(160):
        verifier, ends = dice.choice(verifiers), dice.choice([-1, 30, 30, 30])
        try:
            with transaction.atomic():
                Vouch.objects.create(
                    organization=dice.choice(houses),
                    person=dice.choice(people),
                    role=dice.choice(list(VouchRole)),
                    verifier=verifier,
                    met_in_person=verifier is not None,
                    founding=dice.random() < 0.1,
                    given_at=world.now - timedelta(days=40),
                    ends_at=world.now + timedelta(days=ends),
                    withdrawn_at=dice.choice([None, None, None, world.now]),
                    held=dice.random() < 0.2,
                )
        except IntegrityError:  # one at a time, for a person in a role
            continue
    for numbers in (
        {},
        {"accompaniment_organizations": 2},
        {"childcare_organizations": 1, "member_vouchers": 2},
    ):
        TrustNumbers.objects.update_or_create(pk=1, defaults={"numbers": numbers, "set_at": world.now})
        by_rule = holders(graph(), trust_rules(), now=world.now)
        assert vouched_roles(now=world.now) == {(person, str(role)) for person, role in by_rule}
        assert 0 < len(by_rule) < 48
        for role in VouchRole:
            assert vouched([p.pk for p in people], role, now=world.now) == {
                p for p, r in by_rule if r is role
            }


def test_renewing_takes_the_same_organization_and_another_meeting(world, hire):
    nina, verifier = new_responder(world), hire(organization=world.azul)
    given = vouch(nina, verifier, world)
    world.now += timedelta(days=340)

    def renew(by, met=True):
        return vouches.renew_vouch(given.pk, met_in_person=met, staff_id=by.pk, now=world.now)

    with pytest.raises(vouches.NotTheirs):
        renew(hire(organization=world.roja))
    with pytest.raises(vouches.NotVouched):
        renew(verifier, met=False)
    colleague = hire(organization=world.azul)
    renewed = renew(colleague)
    assert (renewed.verifier_id, renewed.ends_at) == (colleague.pk, world.now + timedelta(days=365))
    trust.take_back(ProposalKind.WITHDRAW_VOUCH, given.pk, why=WHY, staff_id=verifier.pk, now=world.now)
    with pytest.raises(Vouch.DoesNotExist):
        renew(verifier)


def test_renewing_is_not_kept_from_by_the_quota_but_by_an_own_vouch(world, hire):
    first, second = hire(organization=world.azul), hire(organization=world.azul)
    nina = new_responder(world)
    kept, _ = vouch(nina, first, world), vouch(nina, second, world)
    for n in range(4):
        vouch(new_responder(world, f"N{n}"), first, world)
    vouches.renew_vouch(kept.pk, met_in_person=True, staff_id=first.pk, now=world.now)
    with pytest.raises(vouches.NotVouched) as caught:
        vouches.renew_vouch(kept.pk, met_in_person=True, staff_id=second.pk, now=world.now)
    assert caught.value.refusal is VouchRefusal.TWICE


def test_an_organization_is_reminded_a_month_and_a_week_before_and_no_more_once_renewed(world, hire):
    verifier = hire(organization=world.azul)
    given = vouch(new_responder(world), verifier, world)
    other = vouch(new_responder(world, "Omar"), verifier, world)
    Vouch.objects.filter(pk=other.pk).update(ends_at=world.now + timedelta(days=700))
    begin = world.now

    def remind(days):
        world.now = begin + timedelta(days=days)
        return vouches.remind_renewals(now=world.now)

    assert remind(334) == 0
    assert remind(335) == 1
    need = Need.objects.get(reason="vouches_end", closed_at=None)
    assert need.about == f"organization:{world.azul.pk}"
    assert need.due_at == given.ends_at - timedelta(days=7)
    assert remind(336) == 0
    assert remind(358) == 1
    Vouch.objects.filter(pk=other.pk).update(ends_at=given.ends_at, reminded_at=world.now)
    vouches.renew_vouch(given.pk, met_in_person=True, staff_id=verifier.pk, now=world.now)
    assert Need.objects.filter(reason="vouches_end", closed_at=None).exists()  # the other's is due still
    vouches.renew_vouch(other.pk, met_in_person=True, staff_id=verifier.pk, now=world.now)
    assert not Need.objects.filter(reason="vouches_end", closed_at=None).exists()
    settle_reminders(world.azul.pk, by=COMMAND_LINE, now=world.now)
    assert remind(365) == 0


def test_a_reminder_a_month_ahead_pages_nobody_at_night(world, hire):
    world.coordinator()
    vouch(new_responder(world), hire(organization=world.azul), world)
    world.now += timedelta(days=336)
    world.settle()
    assert "vouches_end" in world.needs()
    assert world.carrier.log == []


def test_rows_keep_what_rules_promise(world, hire):
    nina, verifier = new_responder(world), hire(organization=world.azul)
    facts = {
        "person": nina,
        "role": "accompaniment",
        "given_at": world.now,
        "ends_at": world.now + timedelta(1),
    }
    vouch(nina, verifier, world)
    for wrong in (
        {"organization": world.roja, "verifier": verifier, "met_in_person": True},  # twice by one verifier
        {"organization": world.azul, "verifier": hire(organization=world.azul)},  # not met
        {"organization": world.azul, "ends_at": world.now},
        {"organization": world.azul, "withdrawn_by": verifier},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Vouch.objects.create(**{**facts, **wrong})
    Vouch.objects.create(organization=world.azul, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vouch.objects.create(organization=world.azul, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=world.azul.pk).update(admitted_at=None, suspended_at=world.now)


ORGS = "slug,name,kind,phone,email,zip\n"
PEOPLE = ("phone,name,languages,organizations,kinds,zip,max_miles,hours,pin,clearance_until,bar_number,"
          "bar_state,wake_at_night,consent_on\n")  # fmt: skip


def take(sheet, lines, world):
    head = {"organizations": ORGS, "responders": PEOPLE}[sheet]
    return load(
        sheet,
        (head + lines).encode(),
        dry_run=False,
        is_everyday=lambda _: False,
        by=COMMAND_LINE,
        now=world.now,
    )


def close_founding(world, steward):
    trust_settings.close_founding(staff_id=steward.pk, now=world.now)


def test_while_founding_is_open_a_sheet_admits_and_suffices_and_afterwards_it_does_neither(world, hire):
    steward = hire("steward")
    ana = "3125550180,Ana,en,{},accompaniment,60608,8,always,2468,,,,yes,2026-01-01\n"
    take("organizations", "luz,Luz,faith,3125550190,,60608\n", world)
    assert Organization.objects.get(slug="luz").founding
    take("responders", ana.format("luz"), world)
    first = Person.objects.get(name__isnull=False, responder__isnull=False)
    assert vouched([first.pk], "accompaniment", now=world.now)
    assert not Responder.objects.get(person=first).on_probation

    close_founding(world, steward)
    close_founding(world, steward)
    assert not founding_is_open()
    assert Entry.objects.filter(action="founding.closed").count() == 1
    assert take("responders", ana.format("luz"), world).same == 1
    report = take("organizations", "sol,Sol,faith,3125550191,,60608\n", world)
    assert "waits until other organizations admit it" in report.warnings[0]
    sol = Organization.objects.get(slug="sol")
    assert sol.admitted_at is None
    assert Proposal.objects.get(about=sol.pk).proposed_by is None
    take("organizations", "sol,Sol,faith,3125550191,,60608\n", world)

    beto = ana.replace("3125550180", "3125550181")
    take("responders", beto.format("luz"), world)
    second = Person.objects.get(responder__on_probation=True)
    assert not vouched([second.pk], "accompaniment", now=world.now)
    take("responders", beto.format("luz;sol"), world)
    assert not vouched([second.pk], "accompaniment", now=world.now)  # sol isn't admitted yet
    take("responders", beto.format("luz;casa-azul"), world)
    assert vouched([second.pk], "accompaniment", now=world.now)


def test_a_sheet_renews_what_ended_and_restores_nothing_that_was_taken_back(world, hire):
    line = "3125550180,Ana,en,casa-azul,accompaniment,60608,8,always,2468,,,,yes,2026-01-01\n"
    take("responders", line, world)
    given = Vouch.objects.get()
    world.now += timedelta(days=400)
    assert take("responders", line, world).changed == 1
    assert Vouch.objects.get().ends_at == world.now + timedelta(days=365)
    steward = hire("steward", world.roja)
    trust.take_back(ProposalKind.WITHDRAW_VOUCH, given.pk, why=WHY, staff_id=steward.pk, now=world.now)
    assert "took its word for this person back" in take("responders", line, world).warnings[0]
    assert Vouch.objects.get().withdrawn_why == WHY


def test_founding_is_not_closed_before_anybody_stands(world, hire):
    Organization.objects.update(admitted_at=None)
    with pytest.raises(trust_settings.NoOrganization):
        close_founding(world, hire("steward"))


NEW = {"slug": "luz", "name": "Luz", "kind": "faith", "phone": "+13125550190", "email": None, "zip": "60608"}


def propose_luz(world, steward, **change):
    values = {**NEW, **change}
    return organizations.propose_organization(**values, why=WHY, staff_id=steward.pk, now=world.now)


def agree(proposal, staff, world):
    return approvals.agree(proposal.pk, staff_id=staff.pk, now=world.now)


def test_an_organization_is_admitted_by_a_quorum_of_others_after_72_hours(world, hire):
    world.organization("casa-gris", "Casa Gris")
    steward, azul, roja = hire("steward"), hire(organization=world.azul), hire(organization=world.roja)
    proposal = propose_luz(world, steward)
    assert "proposal" in world.needs()
    luz = Organization.objects.get(slug="luz")
    assert agree(proposal, azul, world) is False
    assert agree(proposal, roja, world) is False
    world.now += timedelta(hours=71, minutes=59)
    approvals.settle_proposals(now=world.now)
    assert Organization.objects.get(pk=luz.pk).admitted_at is None
    world.now += timedelta(minutes=1)
    assert approvals.settle_proposals(now=world.now) == 1
    assert Organization.objects.get(pk=luz.pk).admitted_at == world.now
    assert not Organization.objects.get(pk=luz.pk).founding
    assert "proposal" not in world.needs()
    assert approvals.settle_proposals(now=world.now) == 0


def test_an_admission_without_its_quorum_is_over_and_one_objection_stops_it(world, hire):
    world.organization("casa-gris", "Casa Gris")
    steward, azul, roja = hire("steward"), hire(organization=world.azul), hire(organization=world.roja)
    first = propose_luz(world, steward)
    agree(first, azul, world)
    world.now += timedelta(hours=72)
    approvals.settle_proposals(now=world.now)
    assert Proposal.objects.get(pk=first.pk).state == "over"

    luz = Organization.objects.get(slug="luz")
    again = proposals.propose(ProposalKind.ADMIT, luz.pk, why=WHY, staff_id=steward.pk, now=world.now)
    agree(again, azul, world)
    proposals.stop(again.pk, staff_id=roja.pk, now=world.now)
    with pytest.raises(proposals.NotOpen):
        agree(again, hire(organization=world.roja), world)
    world.now += timedelta(hours=72)
    approvals.settle_proposals(now=world.now)
    assert Organization.objects.get(pk=luz.pk).admitted_at is None


def test_the_yes_of_an_organization_that_was_suspended_meanwhile_does_not_count(world, hire):
    gris = world.organization("casa-gris", "Casa Gris")
    world.organization("casa-verde", "Casa Verde")
    proposal = propose_luz(world, hire("steward"))
    for house in (world.azul, gris):
        agree(proposal, hire(organization=house), world)
    Organization.objects.filter(pk=gris.pk).update(suspended_at=world.now)
    world.now += timedelta(hours=72)
    approvals.settle_proposals(now=world.now)
    assert Proposal.objects.get(pk=proposal.pk).state == "over"


@pytest.mark.parametrize("field", ["slug", "name", "kind", "phone", "zip", "taken"])
def test_a_proposed_organization_is_refused_with_what_is_wrong(world, hire, field):
    wrong = {"slug": "casa-azul"} if field == "taken" else {field: ""}
    with pytest.raises(organizations.NotAnOrganization) as caught:
        propose_luz(world, hire("steward"), **wrong)
    assert caught.value.field == field


def not_heard(proposal, staff, world):
    with pytest.raises(approvers.NotEligible) as caught:
        agree(proposal, staff, world)
    return caught.value.refusal


def test_no_single_person_by_whatever_account_does_what_takes_two(world, hire):
    steward = hire("steward", world.azul)
    numbers = {"quota": 9}
    proposal = trust_settings.propose_numbers(numbers, why=WHY, staff_id=steward.pk, now=world.now)
    with pytest.raises(proposals.AlreadyProposed):
        trust_settings.propose_numbers(numbers, why=WHY, staff_id=steward.pk, now=world.now)
    assert not_heard(proposal, steward, world) is ApproverRefusal.SAME_PERSON
    assert not_heard(proposal, hire("coordinator", world.azul), world) is ApproverRefusal.SAME_ORGANIZATION
    assert not_heard(proposal, hire("coordinator", world.roja, phone=None), world) is ApproverRefusal.NO_PHONE
    with pytest.raises(accounts.PhoneTaken):
        hire("coordinator", world.roja, phone=steward.phone)
    with pytest.raises(Staff.DoesNotExist):
        agree(proposal, hire("auditor", world.roja), world)
    second = hire("coordinator", world.roja)
    Staff.objects.filter(pk=second.pk).update(is_active=False)
    with pytest.raises(Staff.DoesNotExist):
        agree(proposal, second, world)
    assert trust_rules().quota == 5
    Staff.objects.filter(pk=second.pk).update(is_active=True)
    assert agree(proposal, second, world)
    assert trust_rules().quota == 9
    TrustNumbers.objects.all().delete()
    with pytest.raises(proposals.NotOpen):  # a replayed approval
        agree(proposal, second, world)
    assert trust_rules().quota == 5


def test_a_proposal_is_over_after_a_day_and_taken_back_only_by_whoever_made_it(world, hire):
    steward, other = hire("steward", world.azul), hire("steward", world.roja)
    proposal = trust_settings.propose_numbers({"quota": 9}, why=WHY, staff_id=steward.pk, now=world.now)
    with pytest.raises(proposals.NotYourProposal):
        proposals.stop(proposal.pk, staff_id=other.pk, now=world.now)
    world.now += timedelta(hours=24)
    with pytest.raises(proposals.NotOpen):
        agree(proposal, other, world)
    again = trust_settings.propose_numbers({"quota": 8}, why=WHY, staff_id=steward.pk, now=world.now)
    assert Proposal.objects.get(pk=proposal.pk).state == "over"
    proposals.stop(again.pk, staff_id=steward.pk, now=world.now)
    assert Proposal.objects.get(pk=again.pk).state == "stopped"
    assert trust_rules().quota == 5


def test_a_proposal_says_why_in_numbers_that_are_numbers_by_somebody_whose_word_counts(world, hire):
    steward = hire("steward", world.azul)
    with pytest.raises(proposals.ProposalNeedsReason):
        trust_settings.propose_numbers({"quota": 9}, why=" ", staff_id=steward.pk, now=world.now)
    with pytest.raises(NotANumber):
        trust_settings.propose_numbers({"quota": 0}, why=WHY, staff_id=steward.pk, now=world.now)
    nameless = hire("steward", world.azul, phone=None)
    with pytest.raises(approvers.NotEligible):
        proposals.propose(
            ProposalKind.TRUST_NUMBERS, THE_NUMBERS, why=WHY, staff_id=nameless.pk, now=world.now
        )
    luz = propose_luz(world, steward)
    with pytest.raises(approvers.NotEligible):  # nor does it object
        proposals.stop(luz.pk, staff_id=nameless.pk, now=world.now)


@pytest.mark.server
def test_two_yeses_at_once_carry_a_proposal_out_once(world, hire):
    proposal = trust_settings.propose_numbers(
        {"quota": 9}, why=WHY, staff_id=hire("steward", world.azul).pk, now=world.now
    )
    first, other = hire("steward", world.roja), hire("steward")
    raised = at_once(lambda: agree(proposal, first, world), lambda: agree(proposal, other, world))
    assert [type(error) for error in raised] == [proposals.NotOpen]
    assert Entry.objects.filter(action="trust.numbers").count() == 1
    assert Approval.objects.count() == 1


def test_one_organization_alone_lives_by_two_of_its_people(world, hire):
    Organization.objects.filter(pk=world.roja.pk).update(admitted_at=None)
    proposal = trust_settings.propose_numbers(
        {"quota": 9}, why=WHY, staff_id=hire("steward", world.azul).pk, now=world.now
    )
    assert agree(proposal, hire(organization=world.azul), world)


def test_an_organization_sees_its_own_people_and_whom_it_was_introduced_to(world, hire):
    rosa, nina = world.member("Rosa").person, new_responder(world)
    assert set(people_of(world.azul.pk)) == {rosa}
    assert not people_of(world.roja.pk).exists()
    for _ in range(2):
        vouches.introduce_person(
            nina.pk,
            organization_id=world.roja.pk,
            role=VouchRole.ACCOMPANIMENT,
            by=COMMAND_LINE,
            now=world.now,
        )
    assert Introduction.objects.count() == 1
    assert set(people_of(world.roja.pk)) == {nina}
    vouch(nina, hire(organization=world.roja), world)
    assert Introduction.objects.get().settled_at == world.now
    assert set(people_of(world.roja.pk)) == {nina}


def test_a_phone_belongs_to_one_account(world, hire):
    first, other = hire(), hire(phone=None)
    with pytest.raises(accounts.PhoneTaken):
        accounts.set_staff_phone(other.pk, first.phone, by=COMMAND_LINE, now=world.now)
    for _ in range(2):
        accounts.set_staff_phone(other.pk, "+13125550177", by=COMMAND_LINE, now=world.now)
    assert Staff.objects.exclude(fingerprint=None).count() == 2
    assert Entry.objects.filter(action="staff.phone_set").count() == 1


def test_what_a_sheet_proposed_is_agreed_to_by_others_too(world, hire):
    close_founding(world, hire("steward"))
    take("organizations", "sol,Sol,faith,3125550191,,60608\n", world)
    proposal = Proposal.objects.get()
    for house in (world.azul, world.roja):
        agree(proposal, hire(organization=house), world)
    world.now += timedelta(hours=72)
    approvals.settle_proposals(now=world.now)
    assert Organization.objects.get(slug="sol").admitted_at == world.now
