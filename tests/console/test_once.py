"""A press that comes in twice from one page acts once; another press acts."""

import re
import threading

import pytest
from django.db import connection

from network.console.models import Press
from network.console.shell import once
from network.conversations.outreach.coordinators import HELD_FOR
from network.messaging.models import Outbound
from tests.console.signing_in import by_link, get, post


@pytest.fixture
def ana(world):
    staff = world.coordinator()
    staff.name = "Ana"
    staff.save()
    client = by_link(world, staff)
    get(client, "/")
    return client


@pytest.fixture
def rosa(world):
    phone = world.member()
    phone.sends("help")
    return phone


def token(client, path):
    return re.search(r'csrfmiddlewaretoken" value="([^"]+)"', get(client, path).content.decode())[1]


def written():
    return Outbound.objects.filter(written_by__isnull=False).count()


def test_send_pressed_twice_sends_one_text_and_both_lead_to_the_same_page(world, ana, rosa):
    path = f"/requests/{world.request().number}"
    page = token(ana, path)
    form = {"words": "We are here.", "csrfmiddlewaretoken": page}
    answers = [post(ana, f"{path}/do/write", **form) for _ in range(3)]
    assert {answer["Location"] for answer in answers} == {path}
    assert written() == 1
    assert "it was done once" in get(ana, path).content.decode()


def test_a_promise_pressed_twice_is_one_promise(world, ana, rosa):
    path = f"/requests/{world.request().number}"
    form = {"how": "write", "minutes": "20", "csrfmiddlewaretoken": token(ana, path)}
    for _ in range(2):
        post(ana, f"{path}/do/promise", **form)
    assert written() == 1


def test_a_request_opened_twice_by_hand_is_one_and_leads_to_its_page(world, ana):
    luz = world.member("Luz")
    form = {
        "member": str(luz.person.member.pk), "kind": "accompaniment", "at_home": "1",
        "csrfmiddlewaretoken": token(ana, "/"),
    }  # fmt: skip
    first, second = (post(ana, "/requests", **form) for _ in range(2))
    assert first["Location"] == second["Location"] == f"/requests/{world.request().number}"


def test_other_words_or_a_page_drawn_anew_are_another_press(world, ana, rosa):
    path = f"/requests/{world.request().number}"
    page = token(ana, path)
    post(ana, f"{path}/do/write", words="One.", csrfmiddlewaretoken=page)
    post(ana, f"{path}/do/write", words="Two.", csrfmiddlewaretoken=page)
    post(ana, f"{path}/do/write", words="Two.", csrfmiddlewaretoken=token(ana, path))
    assert written() == 3


def test_what_was_refused_may_be_pressed_again(world, ana, rosa):
    path = f"/requests/{world.request().number}"
    form = {"words": "One.", "seen": "0.0", "csrfmiddlewaretoken": token(ana, path)}
    assert post(ana, f"{path}/do/write", **form).status_code == 409  # a text came meanwhile: read it first
    assert post(ana, f"{path}/do/write", **form).status_code == 409
    assert not Press.objects.exists()


def test_two_presses_at_once_send_one_text(world, ana, rosa):
    path = f"/requests/{world.request().number}"
    form = {"words": "We are here.", "csrfmiddlewaretoken": token(ana, path)}
    places = []

    def press():
        places.append(post(ana, f"{path}/do/write", **form)["Location"])
        connection.close()

    both = [threading.Thread(target=press) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)
    assert places == [path, path]
    assert written() == 1
    assert HELD_FOR


def test_a_press_whose_first_was_never_answered_says_so_and_does_nothing(world, ana, rosa, monkeypatch):
    monkeypatch.setattr(once, "WAITS_FOR_S", 0.0)
    monkeypatch.setattr(once, "begin", lambda key, now: False)
    path = f"/requests/{world.request().number}"
    form = {"words": "We are here.", "back": path, "csrfmiddlewaretoken": token(ana, path)}
    assert post(ana, f"{path}/do/write", **form)["Location"] == path
    assert "Look whether it was done" in get(ana, path).content.decode()
    assert written() == 0


def test_no_words_and_no_fragment_are_kept_of_a_press(world, ana, rosa):
    path = f"/requests/{world.request().number}"
    need = re.search(r"need-([0-9a-f-]{36})", get(ana, "/").content.decode())[1]
    post(ana, f"/needs/{need}/claim", back=f"/#need-{need}", csrfmiddlewaretoken=token(ana, "/"))
    post(ana, f"{path}/do/write", words="Secret words.", csrfmiddlewaretoken=token(ana, path))
    kept = list(Press.objects.values_list("key", "answer"))
    assert {answer for _, answer in kept} == {"/", path}
    assert all(re.fullmatch(r"[0-9a-f]{64}", key) for key, _ in kept)
