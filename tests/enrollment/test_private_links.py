"""PINs and duress words, chosen by the person alone."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from network.audit.models import Entry
from network.audit.rules import ENGINE
from network.enrollment.actions.private_links import (
    LinkOver,
    NotSet,
    NotTheirPerson,
    TooManyLinks,
    asked_in_private,
    make_private_link,
    set_in_private,
)
from network.enrollment.models import PrivateLink
from network.enrollment.rules.entries import Mistake
from network.people.models import Member, Responder
from network.people.pins import check_pin
from network.trust.actions.vouches import give_vouch, introduce_person
from network.trust.rules.graph import VouchRole

TAKEN = ("MANGO", "AYUDA")


@pytest.fixture
def verifier(world, hire):
    return hire("verifier", world.azul)


def keep(token, now, *, pin="", word=""):
    set_in_private(token, pin=pin, word=word, is_everyday=lambda word_: word_.upper() in TAKEN, now=now)


def test_a_member_chooses_a_word_and_a_responder_a_pin(world, verifier):
    rosa, ana = world.member("Rosa"), world.responder("Ana", pin=None)
    token = make_private_link(rosa.person.pk, staff_id=verifier.pk, now=world.now)
    assert asked_in_private(token, now=world.now) == (False, True)
    keep(token, world.now, word=" Girasol ", pin="9999")
    assert Member.objects.get().duress_word == "Girasol"
    token = make_private_link(ana.person.pk, staff_id=verifier.pk, now=world.now)
    assert asked_in_private(token, now=world.now) == (True, False)
    keep(token, world.now, pin="1357", word="girasol")
    assert check_pin(Responder.objects.get(), "1357")
    said = str(list(Entry.objects.values_list("action", "detail"))).casefold()
    assert "girasol" not in said
    assert "1357" not in said
    assert "person.word_set" in said


def test_a_link_works_once_for_half_an_hour_and_a_new_one_ends_it(world, verifier):
    rosa = world.member("Rosa")
    first = make_private_link(rosa.person.pk, staff_id=verifier.pk, now=world.now)
    second = make_private_link(rosa.person.pk, staff_id=verifier.pk, now=world.now)
    for over in (first, "", "x" * 22):
        with pytest.raises(LinkOver):
            asked_in_private(over, now=world.now)
    keep(second, world.now + timedelta(minutes=29), word="girasol")
    with pytest.raises(LinkOver):
        keep(second, world.now + timedelta(minutes=29), word="another")
    third = make_private_link(rosa.person.pk, staff_id=verifier.pk, now=world.now)
    with pytest.raises(LinkOver):
        keep(third, world.now + timedelta(minutes=30), word="another")
    assert Member.objects.get().duress_word == "girasol"
    assert PrivateLink.objects.filter(used_at__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("word", "wrong"),
    [
        ("help", Mistake.WORD_RESERVED), ("Ayuda", Mistake.WORD_TAKEN), ("mango", Mistake.WORD_TAKEN),
        ("sol", Mistake.WORD_SHORT), ("", Mistake.EMPTY),
    ],
)  # fmt: skip
def test_a_word_that_can_not_be_is_said_and_the_link_still_works(world, verifier, word, wrong):
    rosa = world.member("Rosa", duress_word="girasol")
    token = make_private_link(rosa.person.pk, staff_id=verifier.pk, now=world.now)
    with pytest.raises(NotSet) as refused:
        keep(token, world.now, word=word)
    assert [problem.wrong for problem in refused.value.problems] == [wrong]
    assert Member.objects.get().duress_word == "girasol"
    keep(token, world.now, word="luna llena")
    assert Member.objects.get().duress_word == "luna llena"


def test_a_pin_that_is_none_is_said_and_a_new_one_lifts_a_lock(world, verifier):
    ana = world.responder("Ana")
    Responder.objects.update(pin_locked_at=world.now, pin_tries=5)
    token = make_private_link(ana.person.pk, staff_id=verifier.pk, now=world.now)
    for pin in ("12", "12a4", ""):
        with pytest.raises(NotSet):
            keep(token, world.now, pin=pin)
    keep(token, world.now, pin="1357")
    assert Responder.objects.get().pin_locked_at is None


def test_only_a_verifier_of_their_own_organization(world, hire):
    rosa = world.member("Rosa")
    for staff in (hire("verifier", world.roja), hire("coordinator"), hire("steward")):
        with pytest.raises(NotTheirPerson):
            make_private_link(rosa.person.pk, staff_id=staff.pk, now=world.now)


def test_another_organization_that_sees_a_member_sets_no_word_of_theirs(world, hire):
    rosa, roja = world.member("Rosa"), hire("verifier", world.roja)
    introduce_person(
        rosa.person.pk, organization_id=world.roja.pk, role=VouchRole.MEMBER, by=ENGINE, now=world.now
    )
    with pytest.raises(NotTheirPerson):
        make_private_link(rosa.person.pk, staff_id=roja.pk, now=world.now)
    give_vouch(rosa.person.pk, role=VouchRole.MEMBER, met_in_person=True, staff_id=roja.pk, now=world.now)
    token = make_private_link(rosa.person.pk, staff_id=roja.pk, now=world.now)  # now it vouches for her
    assert asked_in_private(token, now=world.now) == (False, False)
    with pytest.raises(NotSet):
        keep(token, world.now, word="girasol")
    assert Member.objects.get().duress_word is None


def test_what_another_organization_had_here_is_not_set_and_a_coordinator_is_told(world, hire):
    from tests.enrollment.test_enroll import YES, enroll, member, responder

    rosa, ana, roja = world.member("Rosa"), world.responder("Ana", vouchers=1), hire("verifier", world.roja)
    for entry in (member(rosa.number), member(ana.number), responder(ana.number, kinds=("legal",))):
        enroll(
            entry,
            organization_id=world.roja.pk,
            asked=YES,
            met_in_person=False,
            staff_id=roja.pk,
            now=world.now,
        )
    token = make_private_link(rosa.person.pk, staff_id=roja.pk, now=world.now)
    assert asked_in_private(token, now=world.now) == (False, True)
    keep(token, world.now, word="girasol")
    assert Member.objects.get(person=rosa.person).duress_word is None
    with pytest.raises(LinkOver):
        keep(token, world.now, word="girasol")

    token = make_private_link(ana.person.pk, staff_id=roja.pk, now=world.now)
    assert asked_in_private(token, now=world.now) == (True, True)
    keep(token, world.now, word="girasol", pin="1357")
    assert check_pin(Responder.objects.get(), "2468")
    assert Member.objects.get(person=ana.person).duress_word == "girasol"  # that home is this organization's
    assert world.needs().count("claimed") == 2


def test_no_more_than_five_links_in_an_hour(world, verifier):
    rosa = world.member("Rosa")
    for _ in range(5):
        make_private_link(rosa.person.pk, staff_id=verifier.pk, now=world.now)
    with pytest.raises(TooManyLinks):
        make_private_link(rosa.person.pk, staff_id=verifier.pk, now=world.now)
    make_private_link(rosa.person.pk, staff_id=verifier.pk, now=world.now + timedelta(hours=1))


@pytest.mark.server
def test_two_browsers_with_one_link_keep_one_word(world, verifier):
    rosa = world.member("Rosa")
    token = make_private_link(rosa.person.pk, staff_id=verifier.pk, now=world.now)
    start, outcomes = threading.Barrier(2), []

    def go(word):
        try:
            start.wait()
            keep(token, world.now, word=word)
            outcomes.append(word)
        except LinkOver:
            outcomes.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(word,)) for word in ("girasol", "luna llena")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [word for word in outcomes if word]
    assert kept == [Member.objects.get().duress_word]
