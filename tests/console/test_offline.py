"""The console on a home screen, and what a browser may keep of it."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, RequestFactory

from network.console.shell.reauthentication import is_fetched
from network.duty.models import Presence
from tests.console.signing_in import HOST, by_link, get, staff_of


@pytest.fixture
def console(world):
    return by_link(world, staff_of(world, "coordinator"))


def test_what_waits_is_told_in_codes_numbers_and_times(world, console):
    world.member("Rosa Sentinel").sends("help sentinelbody")
    world.stranger().sends("sentinelbody from nowhere")
    said = get(console, "/last").json()
    assert [(need["number"] is not None, need["reason"]) for need in said["needs"]] == [
        (True, "new_request"),
        (False, "unknown_sender"),
    ]
    assert said["more"] == 0
    assert "entinel" not in json.dumps(said)
    assert "+1312" not in json.dumps(said)


def test_it_holds_until_the_desk_locks_and_is_not_told_at_a_locked_one(world, console):
    assert (
        get(console, "/last").json()["until"].startswith((world.now + timedelta(minutes=20)).strftime("%Y"))
    )
    world.now += timedelta(minutes=15)
    told = get(console, "/last", **{"X-Panel": "1"}).json()["until"]
    world.now += timedelta(minutes=4)
    assert get(console, "/last", **{"X-Panel": "1"}).json()["until"] == told  # asking is no act
    world.now += timedelta(minutes=2)
    locked = get(console, "/last", **{"X-Panel": "1"})
    assert (locked.status_code, locked.content) == (423, b"")


def test_off_shift_it_tells_codes_and_other_roles_nothing(world, console):
    Presence.objects.all().delete()
    assert get(console, "/last").status_code == 200
    for role in ("verifier", "auditor", "lawyer"):
        assert get(by_link(world, staff_of(world, role, organization=world.azul)), "/last").status_code == 404


def test_the_manifest_names_the_network_to_who_is_signed_in(world, console, settings):
    settings.NETWORK_NAME = "Red de Apoyo del Sur"
    answer = get(console, "/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    said = answer.json()
    assert said["name"] == "Red de Apoyo del Sur"
    assert len(said["short_name"]) <= 12
    for icon in said["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon
    assert "/accounts/login/" in get(Client(SERVER_NAME=HOST), "/manifest.webmanifest")["Location"]
    assert 'rel="manifest"' in get(console, "/").content.decode()


def test_the_worker_keeps_files_that_are_there_and_one_page(db):
    answer = get(Client(SERVER_NAME=HOST), "/sw.js")
    assert answer["Content-Type"] == "text/javascript"
    kept = json.loads(
        re.search(r"const FILES = (\[.*?),?\s*\];", answer.content.decode(), re.DOTALL)[1] + "]"
    )
    assert kept[0] == "/offline"
    for path in kept[1:]:
        assert finders.find(path.removeprefix("/static/")), path


def test_the_page_for_offline_times_is_the_same_for_everybody(world, console):
    world.member("Rosa Sentinel").sends("help")
    mine, nobodys = get(console, "/offline"), get(Client(SERVER_NAME=HOST), "/offline")
    assert mine.content == nobodys.content
    assert b"csrf" not in mine.content
    assert b"Sentinel" not in mine.content
    assert mine.cookies == {}


def test_pages_are_never_stored_and_workers_are_ours_alone(world, console):
    for path in ("/", "/find", "/offline", "/last"):
        answer = get(console, path)
        assert answer["Cache-Control"] == "no-store"
        assert "worker-src 'self'" in answer["Content-Security-Policy"]
        assert "manifest-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("headers", "fetched"),
    [
        ({}, False),
        ({"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}, False),
        ({"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "navigate"}, False),  # passed on by the worker
        ({"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors"}, True),
        ({"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors"}, True),
        ({"X-Panel": "1", "Sec-Fetch-Mode": "navigate"}, True),
    ],
)
def test_a_page_is_told_from_a_fetch_also_through_the_worker(headers, fetched):
    assert is_fetched(RequestFactory().get("/", headers=headers)) is fetched
