"""Enrolled by a verifier, seen from the phones."""

from datetime import date, timedelta

import pytest

from network.conversations.outreach.enrollment import enroll_and_tell
from network.enrollment.actions.enroll import ConsentAsked
from network.enrollment.rules.entries import NewMember, NewResponder, Someone
from network.messaging.models import Outbound
from network.people.models import Claim, Person
from network.people.rules.homes import Home

HOME = Home("77 Typed Street", None, "Chicago", "IL", "60629")


@pytest.fixture
def enrolls(world, hire):
    verifiers = {}

    def made(phone, *, language="en", responder=False, organization=world.azul, consent=True, met=True):
        if organization not in verifiers:
            verifiers[organization] = hire("verifier", organization)
        someone = Someone(phone.number, "Luz", (language,), date(2026, 10, 6) if consent else None)
        entry = (
            NewResponder(someone, ("accompaniment",), "60629", 8, [])
            if responder
            else NewMember(someone, HOME)
        )
        person = enroll_and_tell(
            entry,
            organization_id=organization.pk,
            asked=ConsentAsked(1, language) if consent else None,
            met_in_person=met,
            staff_id=verifiers[organization].pk,
            now=world.now,
        )
        world.settle()
        phone.person = Person.objects.get(pk=person.pk)
        return phone

    return made


def test_one_text_says_who_gave_the_phone_and_how_to_leave(world, enrolls):
    luz = enrolls(world.stranger(), language="es")
    assert len(luz.texts) == 1
    assert luz.got("Casa Azul", "2 = no soy yo", "STOP")


def test_then_any_words_open_a_request(world, enrolls):
    world.coordinator()
    luz = enrolls(world.stranger())
    luz.sends("please help")
    assert luz.got("Are you at home now?")
    assert world.request().member.person == luz.person


def test_whom_nobody_has_met_asks_and_a_person_looks_and_nobody_is_sent(world, enrolls):
    world.coordinator()
    ana = world.responder("Ana")
    luz = enrolls(world.stranger(), met=False)
    luz.asks()
    assert world.request().member.person == luz.person
    assert ana.texts == []
    assert {"new_request", "not_met"} <= set(world.needs())


def test_it_is_me_is_answered_and_asks_for_nobody(world, enrolls):
    luz = enrolls(world.stranger())
    luz.sends("1")
    assert luz.got("We are glad")
    assert world.request() is None
    assert world.needs() == []


@pytest.mark.parametrize("words", ["2", "wrong number"])
def test_not_me_is_never_texted_first_again_and_the_organization_learns_it(world, enrolls, words):
    luz = enrolls(world.stranger())
    luz.sends(words)
    assert luz.got("We will not text this number again")
    assert world.needs() == ["wrong_number"]
    luz.person.refresh_from_db()
    assert luz.person.standing == "refused"
    luz.sends("who is this")
    luz.sends("who is this")
    assert len(luz.texts) == 3
    assert luz.got("For members of a local group")  # as any phone that nobody has, once a day


def test_two_after_a_week_is_a_text_like_any_other(world, enrolls):
    luz = enrolls(world.stranger())
    world.now += timedelta(days=7)
    luz.sends("2")
    luz.person.refresh_from_db()
    assert luz.person.standing == "active"
    assert world.request() is not None


def test_an_offer_is_the_question_that_two_answers(world, enrolls):
    world.coordinator()
    beto, rosa = enrolls(world.stranger(), responder=True), world.member("Rosa")
    enrolls(beto, responder=True, organization=world.roja)  # the second verifier whom accompaniment takes
    rosa.asks()
    assert beto.got("Can you go now?")
    beto.sends("2")
    beto.person.refresh_from_db()
    assert beto.person.standing == "active"
    assert beto.got("OK, not this time")


def test_without_consent_nobody_is_texted_first(world, enrolls):
    luz = enrolls(world.stranger(), consent=False)
    assert luz.texts == []
    luz.sends("hello")
    assert luz.got("Casa Azul gave us your number", "1 = join")


def test_a_phone_that_is_known_gets_as_many_texts_as_a_fresh_one(world, enrolls):
    rosa, fresh = world.member("Rosa", language="en"), world.stranger()
    enrolls(rosa, organization=world.roja, language="es")
    enrolls(fresh, organization=world.roja, language="es")
    assert rosa.texts == fresh.texts
    assert len(rosa.texts) == 1


def test_not_me_to_the_second_organization_leaves_the_first_ones_member_in_peace(world, enrolls):
    rosa = world.member("Rosa")
    enrolls(rosa, organization=world.roja)
    rosa.sends("2")
    rosa.person.refresh_from_db()
    assert rosa.person.standing == "active"
    assert Claim.objects.get().disowned_at == world.now
    assert "claimed" in world.needs()
    assert rosa.got("A person will text or call you soon")
    rosa.sends("help me")
    assert rosa.got("Are you at home now?")


def test_who_is_being_asked_something_keeps_that_question(world, enrolls):
    world.coordinator()
    rosa = world.member("Rosa")
    rosa.sends("help me")
    before = Outbound.objects.count()
    enrolls(rosa, organization=world.roja)
    assert Outbound.objects.count() == before + 1
    rosa.sends("2")  # somewhere else: not "not me"
    rosa.person.refresh_from_db()
    assert rosa.person.standing == "active"
    assert rosa.got("We only go to your home")


def test_who_has_stopped_our_texts_gets_none(world, enrolls):
    rosa = world.member("Rosa")
    rosa.sends("STOP")
    enrolls(rosa, organization=world.roja)
    assert rosa.texts == []
