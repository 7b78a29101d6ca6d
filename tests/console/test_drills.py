"""A steward starts a drill on the console; coordinators watch it."""

import pytest

from network.audit import rules as audit
from network.staff.actions.accounts import add_staff
from network.staff.models import Staff
from network.support.models import Drill
from tests.console.test_pages import sign_in


def steward(world):
    made = add_staff(
        "steward@example.org",
        role=Staff.Role.STEWARD,
        organization=None,
        phone=None,
        by=audit.COMMAND_LINE,
        now=world.now,
    )
    return sign_in(world, made)


def form(world, *phones, **more):
    return {
        "kind": ["accompaniment"], "person": [str(phone.person.pk) for phone in phones],
        "organization": str(world.azul.pk), "language": "es", "minutes": "60", **more,
    }  # fmt: skip


def test_a_steward_starts_watches_and_stops_it(world):
    client, ana = steward(world), world.responder("Ana")
    assert "Ana" in client.get("/drills", secure=True).content.decode()
    begun = client.post("/drills/start", form(world, ana), secure=True)
    world.settle()
    assert ana.got("DRILL: ", "Can you go now?")
    page = client.get(begun["Location"], secure=True).content.decode()
    assert "1 asked: 0 yes, 0 no, 1 without an answer, 0 not reached." in page
    assert "A drill is running" in client.get("/", secure=True).content.decode()
    assert "Drill: nobody waits" not in client.get("/people", secure=True).content.decode()
    ana.sends("2")
    panel = client.get(f"{begun['Location']}/panel", secure=True).content.decode()
    assert "1 asked: 0 yes, 1 no" in panel
    number = world.request().number
    assert "Drill: nobody waits" in client.get(f"/requests/{number}", secure=True).content.decode()
    client.post(f"{begun['Location']}/stop", secure=True)
    world.settle()
    assert Drill.objects.get().ended == Drill.Ended.STOPPED
    assert "Stopped by a steward" in client.get(begun["Location"], secure=True).content.decode()


@pytest.mark.parametrize("wrong", [{"kind": []}, {"person": []}, {"minutes": ""}, {"organization": ""}])
def test_half_a_form_starts_nothing_and_says_what_is_missing(world, wrong):
    client, ana = steward(world), world.responder("Ana")
    page = client.post("/drills/start", form(world, ana) | wrong, secure=True, follow=True).content.decode()
    assert "Choose" in page
    assert not Drill.objects.exists()


def test_a_second_one_waits_for_the_first(world):
    client, ana = steward(world), world.responder("Ana")
    client.post("/drills/start", form(world, ana), secure=True)
    page = client.post("/drills/start", form(world, ana), secure=True, follow=True).content.decode()
    assert "A drill is running already." in page
    assert Drill.objects.count() == 1


def test_a_coordinator_watches_but_does_not_start_or_stop(world):
    ana, client = world.responder("Ana"), sign_in(world, world.coordinator())
    assert client.post("/drills/start", form(world, ana), secure=True).status_code == 404
    begun = steward(world).post("/drills/start", form(world, ana), secure=True)
    assert client.get(begun["Location"], secure=True).status_code == 200
    assert client.post(f"{begun['Location']}/stop", secure=True).status_code == 404
    assert Drill.objects.get().ended_at is None
