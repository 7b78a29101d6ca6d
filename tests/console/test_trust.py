"""The pages of trust: who sees what, what each button does, and how it is drawn."""

from datetime import timedelta

import pytest

from network.console.trust.vouch_graph import draw
from network.organizations.models import Organization
from network.people.models import Person, Responder
from network.trust.actions import trust_settings, vouches
from network.trust.models import FoundingClosed, Proposal, TrustNumbers, Vouch
from network.trust.rules.graph import TrustRules, VouchRole
from tests.console.test_pages import get, post, sign_in
from tests.reading import markup_of

PAGES = ("/organizations", "/organizations/casa-azul", "/vouches")


@pytest.fixture
def signed_in(world, hire):
    """A client of somebody with this role."""

    def made(role="steward", organization=None):
        staff = hire(role, organization)
        client = sign_in(world, staff)
        client.staff = staff
        return client

    return made


def page(client, path):
    answer = get(client, path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def said(client, path, **form):
    return post(client, path, **form).content.decode()


def vouch_page(phone):
    return f"/people/{phone.person.pk}/vouches"


def test_every_route_of_trust_with_every_role(world, signed_in):
    ana = world.responder("Ana", vouchers=1)
    vouch = Vouch.objects.get()
    gets = {
        "/organizations": "steward coordinator verifier-own verifier-other",
        "/organizations/casa-azul": "steward coordinator verifier-own",
        "/trust": "steward coordinator verifier-own verifier-other",
        "/vouches": "steward coordinator verifier-own verifier-other",
        "/vouches?organization=casa-azul": "steward coordinator verifier-own",
        vouch_page(ana): "steward coordinator verifier-own",
        f"/taking-back/vouch/{vouch.pk}": "steward verifier-own",
        f"/taking-back/organization/{world.azul.pk}": "steward coordinator",
        f"/taking-back/nonsense/{world.azul.pk}": "",
    }
    clients = {
        "steward": signed_in("steward"),
        "coordinator": signed_in("coordinator"),
        "verifier-own": signed_in("verifier", world.azul),
        "verifier-other": signed_in("verifier", world.roja),
    }
    gets[f"/taking-back/verifier/{clients['verifier-own'].staff.pk}"] = "steward verifier-own"
    for path, allowed in gets.items():
        for who, client in clients.items():
            wanted = 200 if who in allowed.split() else 404
            assert get(client, path).status_code == wanted, (path, who)
        for outsider in (signed_in("auditor"),):
            assert get(outsider, path).status_code == 404
    posts = {  # who is let in; what they send is empty: refused with a message or in the form, or not found
        "/organizations/do/numbers": "steward",
        "/organizations/do/propose": "steward",
        "/organizations/do/propose-again": "",
        "/organizations/do/nonsense": "",
        f"{vouch_page(ana)}/give": "verifier-own",
        f"{vouch_page(ana)}/renew": "verifier-own",
        f"{vouch_page(ana)}/introduce": "steward coordinator",
        f"{vouch_page(ana)}/nonsense": "",
    }
    outsider = signed_in("auditor")
    for path, allowed in posts.items():
        for who, client in clients.items():
            wanted = (302, 422) if who in allowed.split() else (404,)
            assert client.post(path, secure=True).status_code in wanted, (path, who)
        assert outsider.post(path, secure=True).status_code == 404
    assert Vouch.objects.count() == 1
    assert not Proposal.objects.exists()


def test_a_verifier_sees_nothing_of_another_organization(world, hire, signed_in):
    rosa, both = world.member("Rosa"), world.responder("Both", vouchers=2)
    world.responder("Ana", vouchers=1)
    client = signed_in("verifier", world.roja)
    everything = (
        page(client, "/organizations") + page(client, "/vouches") + page(client, "/organizations/casa-roja")
    )
    assert "Rosa" not in everything
    assert "Ana" not in everything
    assert "Both" in everything
    assert "Casa Azul" not in page(client, vouch_page(both))
    assert get(client, vouch_page(rosa)).status_code == 404
    assert (
        client.post(f"{vouch_page(rosa)}/give", {"role": "member", "met": "1"}, secure=True).status_code
        == 404
    )
    azul = Vouch.objects.get(person=both.person, organization=world.azul)
    form = {"vouch": azul.pk, "met": "1"}
    assert "no longer possible" in said(client, f"{vouch_page(both)}/renew", **form)
    assert client.post(f"/taking-back/vouch/{azul.pk}", {"why": "x"}, secure=True).status_code == 404
    assert Vouch.objects.get(pk=azul.pk).withdrawn_at is None


def test_a_verifier_vouches_renews_and_takes_back_from_the_persons_page(world, hire, signed_in):
    nina = world.responder("Nina", vouchers=0)
    board, client = signed_in("coordinator"), signed_in("verifier", world.azul)
    assert get(client, vouch_page(nina)).status_code == 404
    assert "too few verifiers vouch" in page(board, vouch_page(nina))
    introduced = said(
        board, f"{vouch_page(nina)}/introduce", organization=world.azul.pk, role="accompaniment"
    )
    assert "verifiers see this person now" in introduced
    assert "Nina" in page(client, "/organizations/casa-azul")
    give = f"{vouch_page(nina)}/give"
    assert "Confirm that you met them" in said(client, give, role="accompaniment")
    assert "no longer possible" in said(client, give, role="legal", met="1")
    assert "Your vouch is kept" in said(client, give, role="accompaniment", met="1")
    assert "already" in said(client, give, role="accompaniment", met="1")
    vouch = Vouch.objects.get()
    world.now += timedelta(days=340)
    client = sign_in(world, client.staff)
    assert "ends soon" in page(client, "/vouches")
    assert "Renewed" in said(client, f"{vouch_page(nina)}/renew", vouch=vouch.pk, met="1")
    assert "ends soon</span> <a" not in page(client, "/vouches")
    assert "Say why" in said(client, f"/taking-back/vouch/{vouch.pk}", why="")
    assert "Taken back" in said(client, f"/taking-back/vouch/{vouch.pk}", why="she moved away")
    assert Vouch.objects.get().withdrawn_at
    assert "taken back on" in page(client, vouch_page(nina))


def test_taking_back_first_shows_who_would_fall(world, hire, signed_in):
    ana, rosa = world.responder("Ana", vouchers=1), world.member("Rosa")
    verifier = hire("verifier", world.azul)
    vouches.give_vouch(
        rosa.person.pk, role=VouchRole.MEMBER, met_in_person=True, staff_id=verifier.pk, now=world.now
    )
    board = signed_in("steward", world.roja)
    path = f"/taking-back/organization/{world.azul.pk}"
    shown = page(board, path)
    assert "Ana" in shown
    assert "suspended at once" in shown
    assert "another organization is asked" in shown
    assert "takes two people of two organizations" in shown
    assert "Proposed" in said(board, path, why="they sold their list")
    assert "proposed already" in said(board, path, why="they sold their list")
    assert Person.objects.get(pk=ana.person.pk).suspended_at is None
    shown = page(board, "/organizations")
    assert "they sold their list" in shown
    assert "2 people would no longer have enough vouches." in shown
    assert f'href="{path}">See who' in markup_of(shown)
    proposal = Proposal.objects.get()
    agree = f"/proposals/{proposal.pk}/agree"
    assert "somebody else must agree" in said(board, agree)
    assert "Your organization has spoken already" in said(signed_in("coordinator", world.roja), agree)
    assert "Agreed, and done" in said(signed_in("coordinator"), agree)
    assert Person.objects.get(pk=ana.person.pk).suspended_at
    assert "no longer possible" in said(signed_in("coordinator", world.roja), agree)  # not replayed
    shown = page(board, "/organizations/casa-azul")
    assert "▲ suspended" in shown
    assert "organization not active" in shown
    assert "a vouch lifts no suspension" in page(board, vouch_page(ana))
    again = board.post(
        "/organizations/do/restore", {"slug": "casa-azul", "why": " "}, secure=True, follow=True
    )
    assert again.status_code == 422
    assert 'aria-describedby="casa-azul-why_error"' in markup_of(again)
    assert "<details open>" in markup_of(again)
    assert "Proposed" in said(board, "/organizations/do/restore", slug="casa-azul", why="it was a mistake")
    assert Organization.objects.get(slug="casa-azul").suspended_at


def test_a_steward_proposes_an_organization_and_any_one_objects(world, signed_in):
    steward, roja = signed_in("steward"), signed_in("verifier", world.roja)
    form = {
        "slug": "luz",
        "name": "Luz",
        "kind": "faith",
        "phone": "3125550190",
        "zip": "60608",
        "why": "a parish",
    }
    assert "ten digits" in said(steward, "/organizations/do/propose", **{**form, "phone": "12"})
    assert "belongs to another" in said(steward, "/organizations/do/propose", **{**form, "slug": "casa-azul"})
    assert "Say why" in said(steward, "/organizations/do/propose", **{**form, "why": ""})
    assert not Organization.objects.filter(slug="luz").exists()
    assert "Other organizations can agree" in said(steward, "/organizations/do/propose", **form)
    shown = page(roja, "/organizations")
    assert "0 of 2 agreed" in shown
    assert "a parish" in shown
    assert "not admitted" in page(steward, "/organizations/luz")
    stop = f"/proposals/{Proposal.objects.get().pk}/stop"
    assert "Agreed." in said(roja, stop.replace("stop", "agree"))
    assert "Stopped" in said(roja, stop)
    assert "no longer possible" in said(roja, stop)
    assert "Proposed" in said(steward, "/organizations/do/propose-again", slug="luz", why="we asked them")
    assert roja.post(f"/proposals/{Proposal.objects.last().pk}/nonsense", secure=True).status_code == 404


def test_a_proposal_about_one_person_is_hidden_from_who_may_not_see_them(world, hire, signed_in):
    ana = world.responder("Ana", vouchers=1)
    TrustNumbers.objects.create(numbers={"alone_up_to": 0}, set_at=world.now)
    azul, roja = signed_in("verifier", world.azul), signed_in("verifier", world.roja)
    assert "Proposed" in said(azul, f"/taking-back/vouch/{Vouch.objects.get().pk}", why="not who she said")
    agree = f"/proposals/{Proposal.objects.get().pk}/agree"
    assert "Take back a vouch for" in page(azul, "/organizations")
    assert "Take back a vouch for" not in page(roja, "/organizations")
    assert roja.post(agree, secure=True).status_code == 404
    assert "Agreed, and done" in said(signed_in("coordinator", world.roja), agree)
    assert Person.objects.get(pk=ana.person.pk).suspended_at


def test_all_vouches_of_a_verifier_are_taken_back_by_two_whom_others_can_be(world, hire, signed_in):
    TrustNumbers.objects.create(numbers={"alone_up_to": 0, "accompaniment_vouchers": 1}, set_at=world.now)
    nina, verifier = world.responder("Nina", vouchers=0), hire("verifier", world.azul)
    vouches.give_vouch(
        nina.person.pk, role=VouchRole.ACCOMPANIMENT, met_in_person=True, staff_id=verifier.pk, now=world.now
    )
    said(signed_in("steward"), f"/taking-back/verifier/{verifier.pk}", why="their key was stolen")
    roja = signed_in("verifier", world.roja)
    assert "Take back all vouches given by" in page(roja, "/organizations")
    assert "Agreed, and done" in said(roja, f"/proposals/{Proposal.objects.get().pk}/agree")
    assert Person.objects.get(pk=nina.person.pk).suspended_at


def test_founding_is_closed_by_a_steward_who_is_sure(world, signed_in):
    steward = signed_in("steward")
    assert "Open: spreadsheets admit" in page(steward, "/trust")
    said(steward, "/organizations/do/close-founding")
    assert not FoundingClosed.objects.exists()
    Organization.objects.update(admitted_at=None)
    assert "There must be an admitted" in said(steward, "/organizations/do/close-founding", sure="1")
    Organization.objects.update(admitted_at=world.now)
    assert "Founding is closed" in said(steward, "/organizations/do/close-founding", sure="1")
    assert FoundingClosed.objects.get().by == steward.staff.pk
    assert "Closed on" in page(steward, "/trust")


def test_the_numbers_change_when_somebody_else_agrees(world, signed_in):
    steward, other = signed_in("steward", world.azul), signed_in("coordinator", world.roja)
    numbers = {name: getattr(TrustRules(), name) for name in TrustRules.__slots__}
    path = "/organizations/do/numbers"
    assert "not possible" in said(steward, path, why="x", **{**numbers, "quota": "-1"})
    assert "not possible" in said(steward, path, why="x", **{**numbers, "quota": "0"})
    assert "Proposed" in said(steward, path, why="we grow", **{**numbers, "quota": 9})
    shown = page(other, "/organizations")
    assert "9 instead of 5" in shown
    assert "instead of 365" not in shown
    assert "Undo" not in shown
    proposal = Proposal.objects.get()
    assert "no longer possible" in said(other, f"/proposals/{proposal.pk}/stop")
    assert "Agreed, and done" in said(other, f"/proposals/{proposal.pk}/agree")
    assert TrustNumbers.objects.get().numbers["quota"] == 9


def test_the_graph_is_drawn_with_ends_and_gaps_and_says_the_same_as_a_table(world, signed_in):
    for name in ("Ana", "Beto"):
        world.responder(name, vouchers=2 if name == "Ana" else 0)
    fading = world.responder("Cleo", vouchers=1)
    Vouch.objects.filter(person=fading.person).update(ends_at=world.now + timedelta(days=3))
    board = signed_in("coordinator")
    shown = page(board, "/vouches")
    assert shown.count("<line") == 3
    assert shown.count('class="edge soon"') == 1
    assert shown.count("<polygon") == 1
    assert "style=" not in shown
    assert shown.partition("<dialog")[0].count("<tr>") == 1 + 3 + 1  # the head, the vouches, Beto's gap
    world.now += timedelta(days=4)
    shown = page(sign_in(world, board.staff), "/vouches")
    assert shown.count('class="edge over"') == 1
    assert shown.count("<polygon") == 2
    only_roja = page(sign_in(world, board.staff), "/vouches?organization=casa-roja")
    assert "Ana" in only_roja
    assert "Cleo" not in only_roja


def test_an_empty_network_is_drawn_too(world, signed_in):
    assert draw([]).lines == ()
    assert "Nobody yet." in page(signed_in(), "/vouches")


def test_probation_ends_on_the_persons_page_only_after_enough_visits(world, signed_in):
    ana = world.responder("Ana", on_probation=True)
    FoundingClosed.objects.create(at=world.now, by=world.azul.pk)
    board = signed_in("coordinator")
    path = f"/people/{ana.person.pk}"
    assert "0 visits carried out" in page(board, path)
    assert "Too few visits carried out yet: 0 of 2" in said(board, f"{path}/do/probation")
    assert Responder.objects.get().on_probation
    TrustNumbers.objects.create(numbers={"probation_visits": 0}, set_at=world.now)
    assert "Past probation" in said(board, f"{path}/do/probation")


def test_the_board_leads_to_what_waits(world, hire, signed_in):
    steward = signed_in("steward", world.azul)
    trust_settings.propose_numbers({"quota": 9}, why="x", staff_id=steward.staff.pk, now=world.now)
    shown = page(steward, "/board/needs")
    assert "/organizations#proposals" in shown


def test_the_pages_speak_spanish(world, signed_in):
    world.responder("Ana", vouchers=1)
    steward = signed_in("steward")
    steward.cookies["django_language"] = "es"
    assert "Organizaciones" in page(steward, "/organizations")
    assert "Reglas de confianza" in page(steward, "/trust")
    assert "Quién avala a quién" in page(steward, "/vouches")
