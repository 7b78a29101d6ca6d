"""What silences or undoes help is asked about first: a person is told at once, and nothing changes meanwhile."""

import re
from datetime import timedelta

import pytest

from network.conversations.outreach.coordinators import write_to
from network.desk.models import Need
from network.messaging.models import Outbound
from network.people.models import Member
from network.support.rules.requests import Outcome, State
from network.visits.models import Visit
from network.visits.rules.stages import LIVE


def need(reason):
    return Need.objects.get(reason=reason, closed_at=None)


def digits(phone):
    return re.search(r"\b(\d\d) = ", phone.last)[1]


@pytest.fixture
def on_the_way(world):
    """Rosa has asked, Ana is on the way."""
    ana, rosa = world.responder("Ana"), world.member("Rosa", language="es")
    rosa.asks()
    ana.accepts()
    assert world.request().state == State.COVERED
    return ana, rosa


def test_moved_freezes_no_home_and_frees_nobody_before_it_is_answered(world, on_the_way):
    _, rosa = on_the_way
    word = world.word()
    rosa.sends("nos mudamos")
    assert "¿Ya vive en otro domicilio?" in rosa.last
    assert need("moved").due_at <= world.now
    assert Member.objects.get().frozen_at is None
    assert world.request().state == State.COVERED
    assert world.word() == word

    rosa.sends("1")  # what whoever forges her number would send
    assert Member.objects.get().frozen_at is None
    assert Visit.objects.get().stage in LIVE

    rosa.sends(digits(rosa))
    assert Member.objects.get().frozen_for == "moved"
    assert Visit.objects.get().stage not in LIVE
    assert not world.word()


def test_the_same_home_settles_it_and_the_question_before_is_asked_again(world):
    rosa = world.member("Rosa", language="es")
    rosa.sends("ayuda")
    rosa.sends("me mudé")
    assert "1 = me mudé" in rosa.last
    rosa.sends("2")
    assert "moved" not in world.needs()
    assert "en casa" in rosa.last
    rosa.sends("1")
    assert rosa.last.startswith("¿Qué necesita")


def test_nobody_is_called_off_by_a_figure_that_everybody_knows(world, on_the_way):
    ana, rosa = on_the_way
    rosa.sends("ya no necesito")
    code = digits(rosa)
    rosa.sends("2")
    assert world.request().state == State.COVERED
    assert Visit.objects.get().stage in LIVE
    rosa.sends(code)
    assert world.request().outcome == Outcome.NOT_NEEDED
    assert "closed_by_text" in world.needs()
    assert ana.got("You are not needed there any more")


@pytest.mark.parametrize(("words", "figure"), [("ya no necesito", "2"), ("me mudé", "1")])
def test_a_figure_asked_for_before_somebody_set_out_is_asked_for_again_in_two_digits(world, words, figure):
    ana, rosa = world.responder("Ana"), world.member("Rosa", language="es")
    rosa.asks()
    rosa.sends(words)
    assert f"{figure} = " in rosa.last
    ana.accepts()
    rosa.sends(figure)
    assert world.request().state == State.COVERED
    assert Visit.objects.get().stage in LIVE
    assert Member.objects.get().frozen_at is None
    rosa.sends(digits(rosa))
    assert Visit.objects.get().stage not in LIVE


def test_asking_for_no_more_texts_among_other_words_silences_nothing_before_it_is_answered(world):
    rosa = world.member("Rosa")
    rosa.sends("we are all fine here so please stop texting so much")
    assert rosa.got("Do you want no more texts from us?")
    assert need("stop_asked").due_at <= world.now
    rosa.sends("2")
    assert "stop_asked" not in world.needs()
    rosa.sends("they are knocking at my door")
    assert rosa.got("Are you at home now?")

    eva = world.member("Eva")
    eva.sends("can you stop texting my number about the parade")
    eva.sends("1")
    before = len(eva.texts)
    assert "stop_asked" in world.needs()
    world.wait(minutes=5)
    assert len(eva.texts) == before


def test_somebody_on_the_way_who_may_not_go_is_asked_and_the_family_hears_nothing_yet(world, on_the_way):
    ana, rosa = on_the_way
    word, heard = world.word(), len(rosa.texts)
    ana.sends("i can't go, my car broke down")
    assert "can you not go at all?" in ana.last
    assert need("may_not_go").due_at <= world.now
    assert (world.word(), len(rosa.texts)) == (word, heard)
    ana.sends("1")
    assert ana.last.startswith("Got it. 3 = I am there")
    assert "may_not_go" not in world.needs()

    ana.sends("no puedo ir, se me hizo tarde")
    ana.sends("5")
    assert "may_not_go" not in world.needs()
    assert len(rosa.texts) > heard
    assert world.word() != word


def test_an_unclear_answer_to_an_offer_gets_its_code_again(world):
    ana, rosa = world.responder("Ana"), world.member("Rosa", language="es")
    rosa.asks()
    code = ana.code()
    ana.sends("maybe, who is it and how far")
    assert ana.last == f"We are not sure what you mean. {code} = I can go, 2 = not now"
    ana.sends(str(code))
    assert ana.got("/visit#")


def test_words_on_the_way_are_seen_with_the_figures_that_a_visit_has(world, on_the_way):
    ana, _ = on_the_way
    ana.sends("traffic is bad near the park")
    assert ana.last.startswith("Got it. 3 = I am there")
    assert "unclear_text" in world.needs()


@pytest.mark.parametrize("answer", ["sí", "no", "2", "3", "si por favor"])
def test_an_answer_to_a_coordinators_own_question_is_no_answer_to_ours(world, answer):
    rosa = world.member("Rosa", language="es")
    rosa.sends("ayuda")
    staff = world.coordinator()
    write_to(
        rosa.person.pk,
        words="¿Es seguro que le llamemos?",
        request_id=world.request().pk,
        staff_id=staff.pk,
        now=world.now,
    )
    world.wait(minutes=1)
    rosa.sends(answer)
    assert not world.request().at_home
    assert world.request().state == State.ASKING
    assert "further_text" in world.needs()


def test_a_coordinators_question_holds_nothing_back_from_a_cry_or_after_half_a_day(world):
    rosa = world.member("Rosa", language="es")
    staff = world.coordinator()
    for wait, text, opens in ((0, "sí", False), (13, "1", True), (0, "tocan la puerta", True)):
        write_to(rosa.person.pk, words="¿Cómo sigue?", request_id=None, staff_id=staff.pk, now=world.now)
        world.wait(minutes=1)
        world.now += timedelta(hours=wait)
        world.read_the_list()
        rosa.sends(text)
        assert (world.request() is not None) == opens


def test_a_cry_from_a_phone_that_is_not_enrolled_is_told_at_once_and_once_a_day(world):
    stranger = world.stranger()
    stranger.sends("hello")
    assert "cry" not in world.needs()
    stranger.sends("they are breaking in, help")
    assert need("cry").due_at <= world.now
    Need.objects.update(closed_at=world.now, closed_by="test", how="done")
    stranger.sends("please help")
    assert "cry" not in world.needs()

    invited = world.member("Eva", standing="invited")
    invited.sends("se llevaron a mi esposo")
    assert need("cry").person_id == invited.person.pk
    assert invited.got("1")


def test_strangers_who_all_cry_are_one_line(world):
    for _ in range(25):
        world.stranger().sends("help, they are at the door")
    assert world.needs().count("cry") == 20
    assert need("flood").due_at <= world.now


def test_closing_by_text_says_so_to_a_coordinator(world):
    rosa = world.member("Rosa", language="es")
    rosa.asks()
    rosa.sends("ya no necesito")
    rosa.sends("2")
    assert world.request().outcome == Outcome.NOT_NEEDED
    assert world.needs() == ["closed_by_text"]


@pytest.mark.parametrize("words", ["no fui yo", "ayuda", "perdón, me equivoqué", "que sí vengan"])
def test_any_words_within_half_an_hour_bring_the_same_people_back_first(world, on_the_way, words):
    ana, rosa = on_the_way
    near = [world.responder(f"Near{n}", zip="60629") for n in range(3)]
    rosa.sends("ya no necesito")
    rosa.sends(digits(rosa))
    first = world.request()
    assert "30 minutos" in rosa.last
    world.wait(minutes=20)

    rosa.sends(words)
    again = world.request()
    assert again.pk != first.pk
    assert (again.kind, again.state) == (first.kind, State.SEARCHING)
    assert rosa.last.startswith("Ya buscamos a alguien")
    assert "closed_by_text" not in world.needs()
    offers = Outbound.objects.filter(request_id=again.pk, offer_id__isnull=False).order_by("order")
    asked = [offer.contact.phone for offer in offers]
    assert asked[0] == ana.number  # before anybody who lives nearer
    assert {responder.number for responder in near} >= set(asked[1:])
    ana.accepts()
    assert world.request().state == State.COVERED


def test_later_or_after_thanks_it_is_an_ordinary_request_or_none(world):
    rosa = world.member("Rosa", language="es")
    rosa.asks()
    rosa.sends("ya no necesito")
    rosa.sends("2")
    rosa.sends("gracias")
    assert world.request().state == State.CLOSED
    world.wait(minutes=31)
    rosa.sends("ayuda")
    assert "en casa" in rosa.last
