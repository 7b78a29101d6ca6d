"""The page on which a verifier exports their organization's people."""

from datetime import timedelta

import pyrage
import pytest

from network.enrollment.models import Export
from network.organizations.models import Organization
from network.trust.models import Proposal
from tests.console.signing_in import by_link, by_password, get, post, with_code


@pytest.fixture
def verifier(world, hire):
    return by_link(world, hire("verifier", world.azul))


@pytest.fixture
def other(world, hire):
    return by_link(world, hire("verifier", world.roja))


def said(client, path, **form):
    return client.post(path, form, secure=True, follow=True).content.decode()


def test_from_a_key_to_the_file_by_two_people(world, hire, verifier, other):
    world.member("Rosa Sentinel")
    identity = pyrage.x25519.Identity.generate()
    key = str(identity.to_public())
    shown = get(verifier, "/sheets").content.decode()
    assert "None yet" in shown
    assert "Propose the export" not in shown
    assert "Set the key" in said(verifier, "/sheets/export", why="x")
    assert "begins with age1" in said(verifier, "/sheets/key", recipient="age1nonsense", why="x")
    assert "Say why" in said(verifier, "/sheets/key", recipient=key, why=" ")
    assert "must agree" in said(verifier, "/sheets/key", recipient=key, why="our first key")
    assert "proposed already" in said(verifier, "/sheets/key", recipient=key, why="our first key")
    shown = get(other, "/organizations").content.decode()
    assert key in shown  # to be compared with what the organization says
    assert "our first key" in shown
    assert "Agreed, and done" in said(other, f"/proposals/{Proposal.objects.get().pk}/agree")
    assert "must agree" in said(verifier, "/sheets/export", why="our yearly look")
    assert "Waiting for another organization" in get(verifier, "/sheets").content.decode()
    assert "no such file" in said(verifier, "/sheets/file")
    shown = get(other, "/organizations").content.decode()
    assert "Export the people of" in shown
    assert "our yearly look" in shown
    assert "Rosa" not in shown
    export = Proposal.objects.get(what="export_people")
    assert "somebody else must agree" in said(verifier, f"/proposals/{export.pk}/agree")
    assert "Agreed, and done" in said(other, f"/proposals/{export.pk}/agree")
    assert "The file is ready" in get(verifier, "/sheets").content.decode()
    assert "The file is ready" not in get(other, "/sheets").content.decode()
    assert "no such file" in said(other, "/sheets/file")
    answer = post(verifier, "/sheets/file")
    assert answer["Content-Disposition"] == 'attachment; filename="casa-azul-2026-10-06.zip.age"'
    assert answer["Cache-Control"] == "no-store"
    assert b"members.csv" in pyrage.decrypt(answer.content, [identity])
    assert "no such file" in said(verifier, "/sheets/file")
    assert verifier.post("/sheets/nonsense", secure=True).status_code == 404


def test_each_of_it_asks_for_the_key_in_hand(world, hire):
    staff = with_code(hire("verifier", world.azul))
    client = by_password(staff)
    assert get(client, "/sheets").status_code == 200
    world.now += timedelta(minutes=5)
    assert get(client, "/sheets").status_code == 423
    for step in ("key", "export", "file"):
        assert post(client, f"/sheets/{step}").status_code == 423
    assert get(client, "/people").status_code == 200


def test_a_file_that_is_ready_is_gone_after_its_hour(world, hire, verifier, other):
    Organization.objects.filter(pk=world.azul.pk).update(
        age_recipient=str(pyrage.x25519.Identity.generate().to_public())
    )
    said(verifier, "/sheets/export", why="x")
    said(other, f"/proposals/{Proposal.objects.get().pk}/agree")
    world.now += timedelta(hours=1)
    world.settle()
    assert Export.objects.get().sealed is None


def test_the_page_is_reached_from_people_and_by_verifiers_alone(world, hire, verifier):
    assert 'href="/sheets"' in get(verifier, "/people").content.decode()
    for role in ("steward", "coordinator", "auditor", "lawyer"):
        client = by_link(world, hire(role, world.azul))
        assert get(client, "/sheets").status_code == 404
