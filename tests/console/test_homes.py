"""A member's home in the console: by their own organization, and never shown."""

import re

import pytest

from network.enrollment.models import HomeChange
from network.people.models import Claim, Member, Person
from network.people.rules.claims import from_json
from network.trust.models import Proposal
from tests.console.test_enrolling import MEMBER, enter, masked, shown
from tests.console.test_pages import get, post, sign_in
from tests.reading import markup_of

NEW = {
    "street": "9 New Street",
    "unit": "3",
    "city": "Chicago",
    "state": "il",
    "zip": "60608",
    "met": "1",
    "why": "moved",
}


@pytest.fixture
def signed_in(world, hire):
    def made(role="verifier", organization=None):
        staff = hire(role, organization)
        client = sign_in(world, staff)
        client.staff = staff
        return client

    return made


def home_of(person):
    return f"/people/{person.pk}/home"


def test_a_verifier_changes_the_home_of_their_own_member(world, signed_in):
    rosa = world.member("Rosa")
    client = signed_in(organization=world.azul)
    page = get(client, home_of(rosa.person)).content.decode()
    assert "Sample Street" not in page
    said = post(client, home_of(rosa.person), **NEW).content.decode()
    assert "Kept, on record" in said
    assert Member.objects.get().street == "9 New Street"
    assert "New Street" not in said


def test_mistakes_are_said_where_they_stand_and_nothing_typed_is_lost(world, signed_in):
    rosa = world.member("Rosa")
    client = signed_in(organization=world.azul)
    answer = client.post(home_of(rosa.person), {**NEW, "zip": "00000", "state": "Illinois"}, secure=True)
    page = markup_of(answer)
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#id_(\w+)">', page) == ["state", "zip"]
    assert 'value="9 New Street"' in page
    assert Member.objects.get().street == "1234 Sample Street"


def test_where_a_second_must_agree_a_reason_is_asked_for_and_the_desk_sees_the_zips(world, signed_in):
    rosa = world.member("Rosa")
    client, desk = signed_in(organization=world.azul), signed_in("steward")
    answer = client.post(home_of(rosa.person), {**NEW, "met": "", "why": ""}, secure=True)
    assert answer.status_code == 422
    assert "say why, in a few words" in answer.content.decode()
    assert (
        "A second person must agree"
        in post(client, home_of(rosa.person), **{**NEW, "met": ""}).content.decode()
    )
    page = get(desk, "/organizations").content.decode()
    assert "Change the home of" in page
    assert "From 60629 to 60608." in page
    assert "New Street" not in page
    post(desk, f"/proposals/{Proposal.objects.get().pk}/agree")
    assert Member.objects.get().street == "9 New Street"


def test_a_freeze_is_lifted_by_a_word_that_all_is_right(world, signed_in):
    rosa = world.member("Rosa")
    Member.objects.update(frozen_at=world.now, frozen_for="phone")
    client = signed_in(organization=world.azul)
    assert "lift the freeze" in get(client, f"/people/{rosa.person.pk}").content.decode()
    post(client, home_of(rosa.person), same="1", met="1")
    assert Member.objects.get().frozen_at is None
    assert Member.objects.get().street == "1234 Sample Street"


def test_for_others_there_is_no_such_page(world, signed_in):
    rosa, ana = world.member("Rosa"), world.responder("Ana")
    own = signed_in(organization=world.azul)
    for client in (signed_in(organization=world.roja), signed_in("steward"), signed_in("coordinator")):
        assert get(client, home_of(rosa.person)).status_code == 404
        assert client.post(home_of(rosa.person), NEW, secure=True).status_code == 404
    assert get(own, home_of(ana.person)).status_code == 404
    assert Member.objects.get().street == "1234 Sample Street"


@pytest.mark.parametrize("met", ["1", ""])
def test_of_a_known_phone_only_what_was_typed_is_changed_and_it_is_answered_like_a_fresh_one(
    world, signed_in, met
):
    """Even while the other organization's member waits for help, which would take two people."""
    world.coordinator()
    rosa = world.member("Rosa")
    rosa.sends("help")
    client, pages = signed_in(organization=world.roja), {}
    for which, phone in (("fresh", world.stranger().number), ("known", rosa.number)):
        made = enter(client, "member", MEMBER, phone=phone)
        person = Person.objects.get(pk=made["Location"].rpartition("/")[2])
        get(client, made["Location"])
        answer = client.post(home_of(person), {**NEW, "zip": "60647", "met": met}, secure=True)
        said = masked(f"{answer.status_code} {answer['Location']}")
        pages[which] = [said, *shown(client, person)]
    assert pages["fresh"] == pages["known"]
    assert Member.objects.get(person=rosa.person).street == "1234 Sample Street"
    typed = from_json(Claim.objects.get().typed).home.street
    assert typed == ("9 New Street" if met else "77 Typed Street")
    assert HomeChange.objects.count() == (0 if met else 2)
    if not met:
        own = get(signed_in(organization=world.azul), "/organizations").content.decode()
        assert "Change the home of" not in own  # what another organization typed is not for theirs to see
        assert get(client, "/organizations").content.decode().count("Change the home of") > 1
        desk = signed_in("steward")
        for proposal in Proposal.objects.all():
            post(desk, f"/proposals/{proposal.pk}/agree")
        assert Member.objects.get(person=rosa.person).street == "1234 Sample Street"
        assert from_json(Claim.objects.get().typed).home.street == "9 New Street"
