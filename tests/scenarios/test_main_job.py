"""From a text to help at the door, as stories."""

import re

import pytest

from network.support.rules.requests import Outcome, State


@pytest.mark.server
def test_a_member_asks_and_somebody_comes(world):
    ana = world.responder("Ana")
    rosa = world.member("Rosa")

    rosa.sends("I need help")
    assert rosa.got("No one is on duty right now")
    assert rosa.got("Are you at home now?")
    rosa.sends("1")
    assert rosa.last.startswith("What do you need?")
    rosa.sends("1")
    assert rosa.got("We are looking for someone near you")
    assert ana.got("Can you go now?", "60629")

    ana.accepts()
    assert ana.got("Address: https://red.example.org/visit#", f"Word: {world.word()}")
    assert rosa.got("Ana is on the way", world.word())
    assert world.request().state == State.COVERED

    ana.sends("3")
    assert ana.got("Stay safe")
    ana.sends("4")
    assert ana.got("Please do not keep the address")
    assert rosa.last.startswith("Apoyo: Did Ana come?")
    rosa.sends("1")
    assert rosa.last.startswith("We are glad")
    assert world.request().state == State.CLOSED
    assert world.request().outcome == Outcome.HELPED
    assert world.needs() == []


def test_others_are_asked_when_the_first_are_silent(world):
    near = [world.responder(f"Near{n}", zip="60629") for n in range(12)]
    far = world.responder("Far", zip="60647")
    rosa = world.member("Rosa", language="es")

    rosa.asks("tocan la puerta, ayuda")
    asked = [responder for responder in near if responder.got("Can you go now?")]
    assert 1 < len(asked) < 12
    assert not far.texts

    world.wait(minutes=25)
    far.accepts()
    assert far.got("/visit#")
    assert rosa.got("Far ya va en camino", world.word())
    assert asked[0].got("Someone else is going")
    asked[0].accepts()
    assert asked[0].last == "Apoyo: Thank you. Someone else is going, so you can relax."


def test_no_address_stands_in_any_text(world):
    ana = world.responder("Ana")
    rosa = world.member("Rosa")

    rosa.asks()
    ana.accepts(" in 30 min")

    assert rosa.got("about 30 minutes")
    for _, _, body in world.carrier.log:
        assert "Sample" not in body
        assert "1234" not in body


def test_childcare_says_nothing_before_both_have_accepted(world):
    ana = world.responder("Ana", kinds=("childcare",))
    beto = world.responder("Beto", kinds=("childcare",))
    rosa = world.member("Rosa", language="es")

    rosa.sends("¿alguien puede cuidar a mis niños?")
    rosa.sends("1")
    assert "cantidad" in rosa.last
    rosa.sends("2")
    assert ana.got("children")
    ana.accepts()
    assert ana.last.startswith("Thank you, Ana. We are finding the second person")
    assert not rosa.got("en camino")
    assert not ana.got("/visit#")

    beto.accepts()
    word = world.word()
    assert ana.got("/visit#", word)
    assert beto.got("/visit#", word)
    assert rosa.got("Ana y Beto ya van en camino", word)

    beto.sends("5")
    assert rosa.got("ya no puede ir", word)
    assert ana.got("the other person can not go")
    assert world.word() == ""
    assert world.request().state == State.SEARCHING


def test_somebody_who_cant_go_after_all_voids_the_word_and_the_search_goes_on(world):
    ana = world.responder("Ana")
    rosa = world.member("Rosa")
    rosa.asks()
    ana.accepts()
    word = world.word()
    late = world.responder("Luis")

    ana.sends("5")

    assert rosa.got("Ana can no longer come", word)
    assert late.got("Can you go now?")
    late.accepts()
    assert world.word() not in ("", word)
    assert rosa.got("Luis is on the way", world.word())


def test_with_nobody_to_ask_the_promise_is_kept_and_the_board_rings(world):
    rosa = world.member("Rosa")

    rosa.asks()

    assert rosa.got("No one has said they can go")
    assert "nobody_found" in world.needs()
    assert "answer_promised" not in world.needs()
    rosa.sends("2")
    assert "call_member" in world.needs()


def test_silence_of_all_ends_in_an_honest_text_after_twenty_minutes(world):
    world.responder("Ana")
    rosa = world.member("Rosa")
    rosa.asks()
    assert not rosa.got("No one has said")

    world.wait(minutes=21)

    assert rosa.got("No one has said they can go")
    assert "nobody_found" in world.needs()


def test_a_text_from_elsewhere_goes_to_a_person(world):
    ana = world.responder("Ana")
    rosa = world.member("Rosa")
    rosa.sends("help")
    rosa.sends("2")

    assert rosa.got("We only go to your home")
    assert "elsewhere" in world.needs()
    assert not ana.texts


def test_an_hour_in_the_first_text_means_no_search_without_a_click(world):
    ana = world.responder("Ana")
    rosa = world.member("Rosa")

    rosa.asks("someone to come with me tuesday 930", kind="1")

    assert not ana.texts
    assert "later" in world.needs()


def test_half_a_request_is_a_request(world):
    rosa = world.member("Rosa")
    rosa.sends("help")
    world.wait(minutes=3)
    assert "half_request" in world.needs()
    world.wait(minutes=7)
    assert "call_member" in world.needs()


def test_a_member_who_no_longer_needs_it_frees_everybody(world):
    ana = world.responder("Ana")
    rosa = world.member("Rosa", language="es")
    rosa.asks()
    ana.accepts()

    rosa.sends("ya no necesito")
    assert rosa.last.startswith("¿Necesita que sigamos buscando?")
    rosa.sends(re.search(r"(\d\d) = ya no", rosa.last)[1])

    assert ana.got("You are not needed there any more")
    assert world.request().outcome == Outcome.NOT_NEEDED
    assert world.needs() == ["closed_by_text"]


def test_silence_on_the_way_is_asked_about_and_then_flagged(world):
    ana = world.responder("Ana")
    rosa = world.member("Rosa")
    rosa.asks()
    ana.accepts(" 10 min")
    world.wait(minutes=31)
    assert ana.got("Ana, are you OK?")
    world.wait(minutes=11)
    assert "not_there" in world.needs()


def test_stop_is_honoured_and_the_case_stays_open(world):
    rosa = world.member("Rosa")
    rosa.asks()
    sent = len(rosa.texts)

    rosa.sends("STOP")
    rosa.sends("hello?")

    assert len(rosa.texts) == sent
    assert world.request().state != State.CLOSED
    assert "opted_out" in world.needs()
    rosa.sends("START")
    rosa.sends("hello?")
    assert len(rosa.texts) > sent


def test_a_stranger_gets_one_neutral_answer_a_day(world):
    who = world.stranger()
    who.sends("hola")
    who.sends("hola?")
    assert len(who.texts) == 1
    assert "unknown_sender" in world.needs()


def test_an_invited_person_is_asked_to_join_and_then_is_in(world):
    rosa = world.member("Rosa", language="es", standing="invited")
    rosa.sends("hola")
    assert rosa.got("Casa Azul nos dio su teléfono", "1 = acepto")
    assert "invited_wrote" in world.needs()
    rosa.sends("1")
    assert rosa.got("Esto no es el 911")
    rosa.sends("ayuda")
    assert rosa.got("¿Se encuentra en su casa ahora?")


def test_the_duress_word_is_answered_like_any_text_and_sends_nobody(world):
    ana = world.responder("Ana")
    calm = world.member("Luz")
    rosa = world.member("Rosa", duress_word="girasoles")

    rosa.asks("I need girasoles")
    calm.asks("I need help")

    assert [t for t in rosa.texts if "looking" in t] == [t for t in calm.texts if "looking" in t][:1]
    assert "duress" in world.needs()
    assert len([t for t in ana.texts if "Can you go" in t]) == 1  # for Luz only
    assert rosa.texts == calm.texts


def test_a_home_that_changed_is_frozen(world):
    ana = world.responder("Ana")
    rosa = world.member("Rosa", language="es")
    rosa.sends("ya me mude")
    rosa.sends("1")
    assert rosa.got("Casa Azul tiene que confirmar")
    rosa.asks()
    assert not ana.texts
    assert "moved" in world.needs()


def test_a_coordinator_is_paged_by_number_when_nobody_is_on(world):
    staff = world.coordinator()
    rosa = world.member("Rosa")
    rosa.sends("help")

    page = [body for _, to, body in world.carrier.log if to == staff.phone]
    assert len(page) == 1
    assert "Rosa" not in page[0]
    world.wait(minutes=4)
    assert len([body for _, to, body in world.carrier.log if to == staff.phone]) == 1


def test_a_lawyer_will_call_or_come(world):
    dmitri = world.responder("Dmitri", kinds=("legal",))
    rosa = world.member("Rosa", language="es")
    rosa.sends("necesito un abogado")
    rosa.sends("si")
    dmitri.accepts()
    assert rosa.got("Dmitri", "abogado", "con licencia de abogado, le llama o viene", world.word())
