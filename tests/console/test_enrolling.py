"""Entering people: the forms, and that a known phone is answered like a fresh one, page by page."""

import re

import pytest

from network.enrollment.models import Consent
from network.enrollment.rules.consent import CURRENT
from network.messaging.models import Outbound
from network.people.models import Claim, Member, Person, Responder
from network.trust.actions.vouches import give_vouch
from network.trust.models import FoundingClosed, Vouch
from network.trust.rules.graph import VouchRole
from tests.console.test_pages import get, post, sign_in
from tests.reading import markup_of

MEMBER = {"phone": "(312) 555-0999", "name": "Luz Typed", "language": "es", "street": "77 Typed Street", "unit": "",
          "city": "Chicago", "state": "IL", "zip": "60608", "consented": "1", "version": str(CURRENT), "met": "1"}  # fmt: skip
RESPONDER = {"phone": "(312) 555-0998", "name": "Beto Typed", "language": "es", "speaks": ["en"], "other_languages": "pt, ar",
             "kinds": ["accompaniment", "legal"], "zip": "60608", "max_miles": "8", "hours": "always",
             "bar_number": "A1", "bar_state": "il", "consented": "1", "version": str(CURRENT), "met": "1"}  # fmt: skip


@pytest.fixture
def verifier(world, hire):
    def made(organization=world.roja, role="verifier"):
        staff = hire(role, organization)
        client = sign_in(world, staff)
        client.staff = staff
        return client

    return made


def enter(client, kind, form, **changes):
    return client.post(f"/people/new/{kind}", {**form, **changes}, secure=True)


def test_a_member_is_entered_and_the_page_says_what_happens_next(world, verifier):
    client = verifier()
    answer = enter(client, "member", MEMBER)
    person = Person.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/people/{person.pk}")
    page = get(client, answer["Location"]).content.decode()
    for words in (
        "Luz Typed",
        "What happens next",
        "One text goes to their phone",
        "Spanish",
        "¿Está de acuerdo",
    ):
        assert words in page
    assert "Typed Street" not in page
    assert (person.phone, person.member.street, person.consents.get().language) == (
        "+13125550999",
        "77 Typed Street",
        "es",
    )
    assert Vouch.objects.get().verifier == client.staff
    assert "Luz Typed" in get(client, "/people").content.decode()


def test_a_responder_is_entered_with_all_their_languages(world, verifier):
    client = verifier()
    assert enter(client, "responder", RESPONDER).status_code == 302
    responder = Responder.objects.get()
    assert responder.person.languages == ["es", "en", "pt", "ar"]
    assert (responder.kinds, responder.max_miles, responder.bar_state, responder.wake_at_night) == (
        ["accompaniment", "legal"],
        8,
        "IL",
        False,
    )
    assert Vouch.objects.count() == 2


def test_the_sentence_stands_in_every_language_of_the_network(verifier):
    page = get(verifier(), "/people/new/member").content.decode()
    assert '<blockquote lang="en"' in page
    assert '<blockquote lang="es"' in page
    assert "Do you agree that Casa Roja gives us" in page
    assert "Casa Roja nos dé su nombre" in page


def test_mistakes_stand_beside_their_fields_and_in_a_summary_and_nothing_typed_is_lost(verifier):
    answer = enter(verifier(), "member", MEMBER, phone="12", zip="00000", name=" ", unit="B & 2")
    page = markup_of(answer)
    assert answer.status_code == 422
    assert not Person.objects.exists()
    assert re.findall(r'<li><a href="#id_(\w+)">', page) == ["phone", "name", "zip"]
    for name, why in (("phone", "not a phone number"), ("zip", "no US ZIP"), ("name", "empty")):
        (field,) = re.findall(rf'<input [^>]*id="id_{name}"[^>]*>', page)
        assert 'aria-invalid="true"' in field, name
        assert re.search(rf'aria-describedby="[^"]*\bid_{name}_error"', field), name
        assert why in re.search(rf'<p class="error" id="id_{name}_error">(.*?)</p>', page)[1]
    for typed in (
        'value="12"',
        'value="00000"',
        'value="77 Typed Street"',
        'value="B &amp; 2"',
        'value="es" selected',
    ):
        assert typed in page
    assert len(re.findall(r'name="(?:consented|met)" value="1"[^>]* checked', page)) == 2


def test_a_responders_mistakes_too(verifier):
    client = verifier()
    answer = enter(
        client,
        "responder",
        RESPONDER,
        kinds=["childcare"],
        clearance_until="",
        max_miles="far",
        hours="mostly",
        other_languages="portuguese",
    )
    assert answer.status_code == 422
    matches = re.findall(r'<li><a href="#id_(\w+)">', markup_of(answer))
    assert sorted(matches) == ["clearance_until", "hours", "max_miles", "other_languages"]
    assert re.search(r'value="childcare"[^>]* checked', markup_of(answer))
    assert (
        "Choose what they may be asked for"
        in enter(client, "responder", RESPONDER, kinds=[]).content.decode()
    )


def test_a_clearance_that_is_over_is_said_after_they_are_entered(verifier):
    client = verifier()
    answer = enter(client, "responder", RESPONDER, kinds=["childcare"], clearance_until="2026-01-01")
    assert "This clearance is over" in get(client, answer["Location"]).content.decode()


def test_what_refuses_the_vouch_is_said_in_words_and_nothing_is_lost(world, hire, verifier):
    client = verifier()
    for number in range(5):
        assert enter(client, "member", MEMBER, phone=f"312555080{number}").status_code == 302
    answer = enter(client, "member", MEMBER)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nobody was entered: you have given as many vouches" in page
    assert 'value="77 Typed Street"' in page
    assert Person.objects.count() == 5
    assert enter(client, "member", {**MEMBER, "met": ""}).status_code == 302


def test_ones_own_person_is_said_to_be_here(verifier):
    client = verifier()
    enter(client, "member", MEMBER)
    answer = enter(client, "member", MEMBER)
    assert answer.status_code == 422
    assert "has this person already" in answer.content.decode()


def test_words_that_have_changed_meanwhile_are_read_again(verifier):
    answer = enter(verifier(), "member", MEMBER, version="0")
    assert answer.status_code == 422
    assert "The words of the agreement have changed" in answer.content.decode()
    assert not Consent.objects.exists()


def test_a_steward_says_for_which_organization_and_vouches_for_nobody(world, verifier):
    client = verifier(None, "steward")
    assert enter(client, "member", MEMBER).status_code == 422
    assert enter(client, "member", MEMBER, organization="x").status_code == 422
    assert enter(client, "member", MEMBER, organization=str(world.azul.pk)).status_code == 302
    assert Member.objects.get().organization == world.azul
    assert not Vouch.objects.exists()


def test_others_have_no_such_page_and_there_is_no_third_kind(world, verifier):
    for role in ("coordinator", "auditor"):
        assert get(verifier(None, role), "/people/new/member").status_code == 404
    assert get(verifier(), "/people/new/steward").status_code == 404


# A known phone, and a fresh one.


@pytest.mark.parametrize("known", ["a member of another organization", "a responder of others, with a PIN"])
def test_no_count_tells_that_a_phone_was_known(world, verifier, known):
    client, phone = verifier(), KNOWN[known](world)

    def counts():
        page = markup_of(get(client, "/organizations"))
        return [int(n) for n in re.findall(r'data-label="(?:Members|Vouches)">(\d+)', page)]

    before = counts()
    enter(client, "member", MEMBER, phone="3125550977")
    fresh = [after - was for was, after in zip(before, counts(), strict=True)]
    between = counts()
    enter(client, "member", MEMBER, phone=phone)
    assert [after - was for was, after in zip(between, counts(), strict=True)] == fresh
    assert sum(fresh) == 2


def masked(text, *people):
    """A page or an address without the ids, the typed number and the token of the form."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", text)
    for person in people:
        text = text.replace(person.phone, "PHONE")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "TOKEN", text)


def shown(client, person):
    """Every page on which a verifier meets this person, without what tells one from another."""
    row = re.compile(
        rf'<(li|tr)(?: class="row[^"]*")?>(?:(?!<li class="row|<tr>).)*?/people/{person.pk}.*?</\1>', re.S
    )
    vouch = Vouch.objects.filter(person=person, verifier=client.staff).order_by("role").last()
    pages = [get(client, f"/people/{person.pk}"), get(client, f"/people/{person.pk}/vouches")]
    if vouch:
        pages.append(get(client, f"/taking-back/vouch/{vouch.pk}"))
    found = [masked(f"{page.status_code} {page.content.decode()}", person) for page in pages]
    for path in ("/people", "/vouches", "/organizations/casa-roja"):
        page = get(client, path).content.decode()
        assert str(person.pk) in page, path
        found += [masked(match[0], person) for match in row.finditer(page)]
    table = get(client, "/vouches").content.decode()
    found += [
        masked(piece)
        for piece in re.findall(r"<tr>(?:(?!<tr>).)*?</tr>", table, re.S)
        if str(person.pk) in piece
    ]
    return found


KNOWN = {
    "a member of another organization": lambda world: world.member("Rosa", duress_word="girasol").number,
    "one who had said not me": lambda world: world.member("Rosa", standing="refused").number,
    "invited": lambda world: invited(world),
    "a responder of others, with a PIN": lambda world: (
        world.responder("Ana", kinds=("accompaniment", "legal"), vouchers=1).number
    ),
    "suspended": lambda world: suspended(world),
    "one who vouched for the verifier": lambda world: world.voucher,
}


def invited(world):
    rosa = world.member("Rosa", standing="invited")
    Person.objects.filter(pk=rosa.person.pk).update(consent_on=None)
    return rosa.number


def suspended(world):
    ana = world.responder("Ana", vouchers=1)
    Person.objects.filter(pk=ana.person.pk).update(suspended_at=world.now, unvouched_at=world.now)
    return ana.number


@pytest.mark.parametrize("met", ["1", ""], ids=["met", "not met"])
@pytest.mark.parametrize("closed", [False, True], ids=["founding open", "founding closed"])
@pytest.mark.parametrize("kind", ["member", "responder"])
@pytest.mark.parametrize("known", KNOWN)
def test_a_known_phone_is_answered_like_a_fresh_one(world, hire, verifier, known, kind, closed, met):
    client = verifier()
    if closed:
        FoundingClosed.objects.create(at=world.now, by=client.staff.pk)
    voucher = world.responder(
        "Voucher", vouchers=0
    )  # is the verifier's own voucher, as a verifier of Casa Azul
    verifies = hire("verifier", world.azul, phone=voucher.number)
    mine = world.responder("Me", vouchers=0)
    client.staff.phone, client.staff.fingerprint = mine.number, mine.person.fingerprint
    client.staff.save()
    give_vouch(
        mine.person.pk, role=VouchRole.ACCOMPANIMENT, met_in_person=True, staff_id=verifies.pk, now=world.now
    )
    world.voucher = voucher.number
    phones = {"fresh": world.stranger().number, "known": KNOWN[known](world)}
    form = MEMBER if kind == "member" else RESPONDER
    before, pages, texts = {}, {}, {}
    for which, phone in phones.items():
        sent = Outbound.objects.count()
        answer = enter(client, kind, form, phone=phone, met=met)
        before[which] = (answer.status_code, masked(answer["Location"]), answer.content)
        person = Person.objects.get(pk=answer["Location"].rpartition("/")[2])
        pages[which] = shown(client, person)
        again = enter(client, kind, form, phone=phone, met=met)
        pages[which].append(masked(f"{again.status_code} {again.content.decode()}").replace(phone, "PHONE"))
        texts[which] = Outbound.objects.count() - sent

    assert Claim.objects.count() == 1
    assert before["fresh"] == before["known"]
    assert len(pages["fresh"]) > 5
    for fresh, same in zip(pages["fresh"], pages["known"], strict=True):
        assert fresh == same
    quiet = known == "one who had said not me"
    assert texts["fresh"] == 1
    assert texts["known"] == (0 if quiet else 1)


def test_a_phone_that_only_staff_has_is_answered_like_a_fresh_one(world, hire, verifier):
    client, staff = verifier(), hire("coordinator")
    pages = []
    for phone in (world.stranger().number, staff.phone):
        answer = enter(client, "member", MEMBER, phone=phone)
        assert answer.status_code == 302
        pages.append(shown(client, Person.objects.get(pk=answer["Location"].rpartition("/")[2])))
    assert pages[0] == pages[1]


def test_a_coordinator_compares_and_the_organization_sees_them_then(world, verifier):
    rosa = world.member("Rosa Onfile")
    client, desk = verifier(), verifier(None, "coordinator")
    enter(client, "member", MEMBER, phone=rosa.number)
    path = f"/people/{rosa.person.pk}"
    get(desk, "/")
    page = get(desk, path).content.decode()
    for words in ("Entered by others too", "Casa Roja", "Luz Typed", "Another home than the one on file"):
        assert words in page
    assert "Typed Street" not in page
    assert "Rosa Onfile" not in get(client, path).content.decode()
    post(desk, f"{path}/do/compared")
    assert "Rosa Onfile" in get(client, path).content.decode()
    assert "Entered by others too" not in get(desk, path).content.decode()


def test_a_held_vouch_is_shown_as_held_to_who_may_know(world, hire, verifier):
    client, desk = verifier(), verifier(None, "coordinator")
    ana = world.responder("Ana", vouchers=1)
    enter(client, "responder", RESPONDER, phone=ana.number)
    Vouch.objects.filter(organization=world.roja).update(held=True)
    get(desk, "/")
    path = f"/people/{ana.person.pk}/vouches"
    assert "on hold: it would create a vouching circle" in get(desk, path).content.decode()
    assert "on hold: it would create a vouching circle" in get(desk, "/vouches").content.decode()
    assert "held" not in get(client, path).content.decode()
    post(desk, f"/people/{ana.person.pk}/do/compared")
    assert "on hold: it would create a vouching circle" in get(client, path).content.decode()


def test_another_vouch_of_the_organization_is_given_for_what_was_typed(world, hire, verifier):
    """Also where the role that was typed is none of theirs on file."""
    ana = world.responder("Ana", kinds=("accompaniment",), vouchers=1)
    first, second = verifier(), verifier()
    enter(first, "responder", RESPONDER, phone=ana.number)
    path = f"/people/{ana.person.pk}/vouches"
    assert "legal help" in get(second, path).content.decode()
    said = post(second, f"{path}/give", role="legal", met="1").content.decode()
    assert "Your vouch is kept" in said
    assert Responder.objects.get(person=ana.person).kinds == ["accompaniment"]
