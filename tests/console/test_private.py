"""The phone is handed over: a page that shows nothing else, on their phone or on a device that locks."""

import re

import pytest
from django.test import Client

from network.people.models import Member, Person, Responder
from network.people.pins import check_pin
from tests.console.test_pages import get, post, sign_in


@pytest.fixture
def verifier(world, hire):
    return sign_in(world, hire("verifier", world.azul))


def handed(client, phone, way, **form):
    return client.post(
        f"/people/{phone.person.pk}/hand-over", {"way": way, "present": "1", **form}, secure=True
    )


def opened(client, token, **form):
    return client.post("/private/open", {"token": token, **form}, secure=True)


def test_a_link_by_text_is_opened_on_their_own_phone(world, verifier):
    rosa = world.member("Rosa Sentinel", language="es")
    handed(verifier, rosa, "text")
    world.settle()
    assert rosa.got("solo para usted", "https://red.example.org/private#")
    token = re.search(r"private#([\w-]{22})", rosa.last)[1]
    phone = Client()
    page = get(phone, "/private").content.decode()
    assert "Sentinel" not in page
    form = opened(phone, token)
    assert form.status_code == 200
    assert "Sentinel" not in form.content.decode()
    wrong = opened(phone, token, keep="1", word="ayuda")
    assert wrong.status_code == 422
    assert "means something else here" in wrong.content.decode()
    assert "ayuda" not in wrong.content.decode()
    done = opened(phone, token, keep="1", word="libretita")
    assert done.status_code == 200
    assert "libretita" not in done.content.decode()
    assert Member.objects.get().duress_word == "libretita"
    assert opened(phone, token).status_code == 410
    assert "in private" in get(verifier, f"/people/{rosa.person.pk}").content.decode()


def test_on_the_verifiers_device_their_desk_locks_first(world, verifier):
    ana = world.responder("Ana", pin=None)
    answer = handed(verifier, ana, "here")
    path, _, token = answer["Location"].partition("#")
    assert (answer.status_code, path) == (302, "/private")
    for address in ("/people", f"/people/{ana.person.pk}", "/account"):
        assert get(verifier, address).status_code == 423
    assert opened(verifier, token, keep="1", pin="1357", pin_again="1358").status_code == 422
    assert opened(verifier, token, keep="1", pin="1357", pin_again="1357").status_code == 200
    assert check_pin(Responder.objects.get(), "1357")
    assert get(verifier, "/people").status_code == 423


def test_only_with_the_person_present(world, verifier):
    rosa = world.member("Rosa")
    answer = handed(verifier, rosa, "here", present="")
    assert answer.status_code == 422
    assert "Only with the person beside you" in answer.content.decode()


def test_who_has_not_agreed_is_not_texted(world, verifier):
    rosa = world.member("Rosa", standing="invited")
    assert 'value="text"' not in get(verifier, f"/people/{rosa.person.pk}/hand-over").content.decode()
    handed(verifier, rosa, "text")
    world.settle()
    assert rosa.texts == []


def test_others_hand_nothing_over(world, hire, verifier):
    rosa = world.member("Rosa")
    path = f"/people/{rosa.person.pk}/hand-over"
    for role, organization in (("verifier", world.roja), ("steward", None), ("coordinator", None)):
        other = sign_in(world, hire(role, organization))
        assert get(other, path).status_code == 404
        assert other.post(path, {"way": "here", "present": "1"}, secure=True).status_code == 404


def test_the_page_tells_nothing_of_a_link_that_is_none(world):
    answers = [opened(Client(), token) for token in ("", "x" * 22, "' OR 1=1")]
    assert {answer.status_code for answer in answers} == {410}
    assert len({answer.content for answer in answers}) == 1


def test_too_many_links_are_said(world, verifier):
    rosa = world.member("Rosa")
    for _ in range(5):
        handed(verifier, rosa, "text")
    page = post(verifier, f"/people/{rosa.person.pk}/hand-over", way="text", present="1").content.decode()
    assert "Too many links" in page
    assert Person.objects.count() == 1
