"""Enrolling: what is written, by whose word, and that what others have here stays as it is."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from network.audit.models import Entry
from network.audit.rules import ENGINE
from network.desk.models import Need
from network.enrollment.actions import claims, homes
from network.enrollment.actions.enroll import ConsentAsked, HereAlready, enroll
from network.enrollment.models import Consent
from network.enrollment.queries.claims import as_typed
from network.enrollment.queries.visible import people_of
from network.enrollment.rules.entries import NewMember, NewResponder, Someone
from network.people.models import Claim, Member, Person, Responder
from network.people.rules.claims import from_json
from network.people.rules.homes import Home, same_home
from network.trust.actions import vouches
from network.trust.actions.vouches import NotVouched, give_vouch
from network.trust.models import FoundingClosed, Introduction, Vouch
from network.trust.queries import vouched, vouched_roles
from network.trust.rules.graph import VouchRole
from network.trust.rules.vouching import VouchRefusal

HOME = Home("77 Typed Street", None, "Chicago", "IL", "60608")
YES = ConsentAsked(1, "es")


def member(number, name="Luz", *, consent=date(2026, 10, 6), home=HOME):
    return NewMember(Someone(number, name, ("es",), consent), home)


def responder(number, name="Beto", *, kinds=("accompaniment",)):
    return NewResponder(
        Someone(number, name, ("es", "en"), date(2026, 10, 6)),
        kinds,
        "60608",
        8,
        [],
        clearance_until=date(2027, 1, 1),
        bar_number="A1",
        bar_state="IL",
    )


@pytest.fixture
def enrolls(world, hire):
    """A verifier of Casa Roja, and the act itself."""
    verifier = hire("verifier", world.roja)

    def made(entry, *, by=verifier, asked=YES, met=True, organization=world.roja):
        return enroll(
            entry,
            organization_id=organization.pk,
            asked=asked,
            met_in_person=met,
            staff_id=by.pk,
            now=world.now,
        )

    made.verifier = verifier
    return made


def test_a_member_is_entered_with_home_consent_and_vouch(world, enrolls):
    enrolled = enrolls(member("+13125550999"))
    person = enrolled.person
    assert not enrolled.claimed
    assert (person.standing, person.name, person.languages, person.consent_on) == (
        "active",
        "Luz",
        ["es"],
        date(2026, 10, 6),
    )
    assert (person.member.street, person.member.organization, person.member.duress_word) == (
        "77 Typed Street",
        world.roja,
        None,
    )
    consent = Consent.objects.get()
    assert (consent.version, consent.language, consent.taken_by, consent.given_as) == (
        1,
        "es",
        enrolls.verifier,
        "member",
    )
    assert vouched([person.pk], VouchRole.MEMBER, now=world.now) == {person.pk}
    line = Entry.objects.get(action="person.enrolled")
    assert "Luz" not in str(line.detail)
    assert "Typed" not in str(line.detail)


def test_a_responder_is_entered_with_a_vouch_for_each_kind_and_on_probation_once_founding_is_closed(
    world, enrolls
):
    person = enrolls(responder("+13125550998", kinds=("accompaniment", "legal"))).person
    assert sorted(person.vouches.values_list("role", flat=True)) == ["accompaniment", "legal"]
    assert not person.responder.on_probation
    assert person.responder.pin_hash == ""
    FoundingClosed.objects.create(at=world.now, by=enrolls.verifier.pk)
    other = enrolls(responder("+13125550997")).person
    assert other.responder.on_probation


def test_without_having_met_there_is_no_vouch_and_the_organization_sees_them_all_the_same(world, enrolls):
    person = enrolls(responder("+13125550998"), met=False).person
    assert not Vouch.objects.exists()
    assert Introduction.objects.get().person == person
    assert person in people_of(world.roja.pk)
    assert enrolls(member("+13125550996"), met=False).person in people_of(world.roja.pk)


def test_nobody_is_sent_to_a_member_whom_nobody_has_met_until_one_has(world, hire, enrolls):
    """Else one verifier could enter any home, without limit, and have people sent there."""
    person = enrolls(member("+13125550999"), met=False).person
    assert Member.objects.get().frozen_for == "unmet"
    homes.set_home(person.pk, None, organization_id=world.roja.pk, by=ENGINE, now=world.now)
    assert Member.objects.get().frozen_for == "unmet"
    give_vouch(
        person.pk, role=VouchRole.MEMBER, met_in_person=True, staff_id=enrolls.verifier.pk, now=world.now
    )
    assert Member.objects.get().frozen_at is None


def test_a_home_that_was_typed_for_somebodys_responder_is_this_organizations_to_change(world, enrolls):
    ana = world.responder("Ana", vouchers=1)
    enrolls(member(ana.number))
    assert Member.objects.get().organization == world.roja
    new = Home("2 B St", None, "Chicago", "IL", "60608")
    homes.set_home(ana.person.pk, new, organization_id=world.roja.pk, by=ENGINE, now=world.now)
    assert Member.objects.get().street == "2 B St"
    assert from_json(Claim.objects.get().typed).home == new
    assert Responder.objects.get().zip == "60632"


def test_without_consent_they_are_only_invited(enrolls):
    person = enrolls(member("+13125550999", consent=None), asked=None).person
    assert person.standing == "invited"
    assert not Consent.objects.exists()


def test_what_refuses_the_vouch_refuses_the_whole(world, hire, enrolls):
    for number in range(5):
        enrolls(member(f"+1312555080{number}"))
    before = Person.objects.count()
    with pytest.raises(NotVouched) as refused:
        enrolls(member("+13125550999"))
    assert refused.value.refusal is VouchRefusal.QUOTA
    assert Person.objects.count() == before
    assert not enrolls(member("+13125550999"), met=False).claimed
    with pytest.raises(NotVouched) as refused:
        enrolls(member("+13125550990"), by=hire("verifier", world.roja, phone=None))
    assert refused.value.refusal is VouchRefusal.NO_PHONE


def test_an_organization_that_does_not_stand_enters_nobody(world, enrolls):
    world.roja.suspended_at = world.now
    world.roja.save()
    with pytest.raises(NotVouched) as refused:
        enrolls(member("+13125550999"), met=False)
    assert refused.value.refusal is VouchRefusal.ORGANIZATION
    assert not Person.objects.exists()


def test_a_verifier_does_not_enter_their_own_phone_with_a_vouch(world, enrolls):
    with pytest.raises(NotVouched) as refused:
        enrolls(member(enrolls.verifier.phone))
    assert refused.value.refusal is VouchRefusal.THEMSELF


def test_ones_own_people_are_said_to_be_here_and_gain_a_second_role(enrolls):
    person = enrolls(member("+13125550999")).person
    with pytest.raises(HereAlready) as here:
        enrolls(member("+13125550999", name="Other", home=Home("1 B", None, "C", "IL", "60608")))
    assert here.value.person_id == person.pk
    assert Member.objects.get().street == "77 Typed Street"
    assert not enrolls(responder("+13125550999")).claimed
    assert Responder.objects.get().person == person
    assert not Claim.objects.exists()


def test_what_another_organization_has_is_changed_in_nothing(world, enrolls):
    rosa = world.member("Rosa", duress_word="girasol")
    before = Person.objects.filter(pk=rosa.person.pk).values().get(), Member.objects.values().get()

    enrolled = enrolls(member(rosa.number, name="Rosita"))

    assert enrolled.claimed
    now = Person.objects.filter(pk=rosa.person.pk).values().get(), Member.objects.values().get()
    assert str([{**row, **seals(row)} for row in now]) == str([{**row, **seals(row)} for row in before])
    assert Member.objects.get().street == "1234 Sample Street"
    assert Member.objects.get().duress_word == "girasol"
    claim = Claim.objects.get()
    assert from_json(claim.typed).name == "Rosita"
    assert from_json(claim.typed).home == HOME
    assert Vouch.objects.get(organization=world.roja).person == rosa.person
    assert world.needs() == ["claimed"]  # two homes: a person compares


def seals(row):
    return {name: "sealed" for name, value in row.items() if "sealed" in repr(value)}


def test_the_same_home_otherwise_written_needs_nobody(world, enrolls):
    rosa = world.member("Rosa")
    home = Home("1234 sample street.", "2b", "CHICAGO", "IL", "60629")
    enrolls(member(rosa.number, home=home))
    assert world.needs() == []
    assert not same_home(home, HOME)


def test_an_organization_sees_what_it_typed_until_a_coordinator_has_compared(world, hire, enrolls):
    rosa = world.member("Rosa")
    Person.objects.filter(pk=rosa.person.pk).update(suspended_at=world.now)
    enrolls(responder(rosa.number, name="Rosita"))

    seen = Person.objects.get(pk=rosa.person.pk)
    as_typed([seen], world.roja.pk)
    assert (seen.name, seen.languages, seen.standing, seen.suspended_at) == (
        "Rosita",
        ["es", "en"],
        "active",
        None,
    )
    assert getattr(seen, "member", None) is None
    assert seen.responder.kinds == ["accompaniment"]
    seen = Person.objects.get(pk=rosa.person.pk)
    as_typed([seen], world.azul.pk)
    assert seen.name == "Rosa"

    claims.settle_claims(rosa.person.pk, staff_id=hire("coordinator").pk, now=world.now)
    seen = Person.objects.get(pk=rosa.person.pk)
    as_typed([seen], world.roja.pk)
    assert seen.name == "Rosa"
    assert world.needs() == []


def test_a_second_role_is_added_to_what_was_typed(world, enrolls):
    rosa = world.member("Rosa")
    enrolls(member(rosa.number))
    with pytest.raises(HereAlready):
        enrolls(member(rosa.number))
    enrolls(responder(rosa.number))
    said = from_json(Claim.objects.get().typed)
    assert (said.home, said.kinds, said.name) == (HOME, ("accompaniment",), "Luz")


def test_a_ring_is_told_to_nobody_and_its_vouch_counts_for_nothing(world, hire, enrolls):
    """Ana vouched for Beto. Beto enrolls Ana's phone: a refusal would say that Ana is here."""
    ana = world.responder("Ana", vouchers=0)
    ana_verifies = hire("verifier", world.azul, phone=ana.number)
    beto = world.responder("Beto", vouchers=0)
    give_vouch(
        beto.person.pk,
        role=VouchRole.ACCOMPANIMENT,
        met_in_person=True,
        staff_id=ana_verifies.pk,
        now=world.now,
    )
    beto_verifies = hire("verifier", world.roja, phone=beto.number)

    enrolled = enrolls(responder(ana.number, kinds=("legal",)), by=beto_verifies)

    given = Vouch.objects.get(person=ana.person)
    assert enrolled.claimed
    assert given.held
    assert (ana.person.pk, "legal") not in vouched_roles(now=world.now)
    assert "claimed" in world.needs()
    world.now += timedelta(days=300)
    renewed = vouches.renew_vouch(given.pk, met_in_person=True, staff_id=beto_verifies.pk, now=world.now)
    assert renewed.held


def test_a_phone_that_only_staff_has_is_a_fresh_one(world, hire, enrolls):
    staff = hire("coordinator")
    enrolled = enrolls(member(staff.phone))
    assert not enrolled.claimed
    assert enrolled.person.standing == "active"


def test_who_had_said_not_me_stays_left_alone_and_a_person_looks(world, enrolls):
    rosa = world.member("Rosa", standing="refused")
    assert enrolls(member(rosa.number)).claimed
    rosa.person.refresh_from_db()
    assert rosa.person.standing == "refused"
    assert "claimed" in world.needs()
    assert Need.objects.get().person_id == rosa.person.pk


def test_consent_given_in_person_makes_an_invited_one_active(world, enrolls):
    rosa = world.member("Rosa", standing="invited")
    Person.objects.update(consent_on=None)
    enrolls(member(rosa.number))
    rosa.person.refresh_from_db()
    assert rosa.person.standing == "active"


@pytest.mark.server
def test_two_verifiers_enter_one_phone_at_once(world, hire, enrolls):
    azul = hire("verifier", world.azul)
    start, outcomes = threading.Barrier(2), []

    def go(by, organization):
        try:
            start.wait()
            outcomes.append(enrolls(member("+13125550999"), by=by, organization=organization).claimed)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=go, args=pair)
        for pair in ((azul, world.azul), (enrolls.verifier, world.roja))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]
    assert Person.objects.count() == Member.objects.count() == Claim.objects.count() == 1
