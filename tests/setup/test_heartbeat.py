"""An address outside is called each minute while all is well."""

from datetime import timedelta

import pytest
import requests

from network import engine, heartbeat
from network.audit.rules import ENGINE
from network.configuration import Misconfigured, read
from network.desk.actions import raise_need, settle, show_life
from network.desk.models import Heartbeat
from network.desk.rules import PARTS, About, Reason
from network.messaging.models import Inbound

URL = "https://watch.example.org/ping/a-secret"


@pytest.fixture
def calls(db, now, settings, monkeypatch):
    settings.HEARTBEAT_URL = URL
    made = []

    def answered(url, timeout):
        made.append(url)
        answer = requests.Response()
        answer.status_code = 200
        return answer

    monkeypatch.setattr(requests, "get", answered)
    alive(now)
    return made


def alive(now):
    show_life("one:1", dict.fromkeys(PARTS, now))


def beat(now):
    engine.wake_heartbeat(now=now)
    heartbeat.send_heartbeat(now=now)


def test_it_is_called_once_a_minute_whoever_is_woken(calls, now):
    for seconds in (0, 0, 30, 59, 60, 61):
        at = now + timedelta(seconds=seconds)
        alive(at)
        beat(at)
    assert calls == [URL, URL]
    row = Heartbeat.objects.get()
    assert (row.told_at, row.next_at) == (now + timedelta(seconds=60), now + timedelta(seconds=120))
    assert engine.next_due(now)["wake_heartbeat"] == row.next_at


@pytest.mark.parametrize("reason", heartbeat.LINE_DOWN)
def test_what_keeps_texts_from_coming_or_going_keeps_it_silent(calls, now, reason):
    about = About("carrier", "test")
    raise_need(reason, about=about, by=ENGINE, now=now)
    beat(now)
    assert calls == []
    settle(reason, about=about, by=ENGINE, now=now)
    beat(now + timedelta(minutes=1) - timedelta(seconds=1))
    assert calls == []
    at = now + timedelta(minutes=1)
    alive(at)
    beat(at)
    assert calls == [URL]


def test_a_need_of_people_does_not(calls, now):
    raise_need(Reason.NEW_REQUEST, about=About("request", "x"), by=ENGINE, now=now)
    beat(now)
    assert calls == [URL]


def test_a_silent_part_of_the_workers_and_a_wrong_key_do(calls, now, monkeypatch):
    at = now + timedelta(minutes=5)
    assert heartbeat.unwell(now=at) == [f"queue:{part}" for part in PARTS]
    alive(at)
    monkeypatch.setattr(heartbeat, "key_is_right", lambda: False)
    assert heartbeat.unwell(now=at) == ["key"]


def test_a_text_that_nobody_has_handled_for_two_minutes_does(world):
    rosa = world.member("Rosa")
    assert world.deliver(rosa.number, "ayuda") == 200
    assert Inbound.objects.filter(state="waiting").count() == 1
    alive(world.now + timedelta(minutes=3))
    assert heartbeat.unwell(now=world.now + timedelta(minutes=1)) == []
    assert "texts_wait" in heartbeat.unwell(now=world.now + timedelta(minutes=3))


@pytest.mark.parametrize(
    "fails", [requests.ConnectionError(URL), requests.Timeout(URL), requests.exceptions.InvalidURL(URL)]
)
def test_an_address_that_does_not_answer_is_kept_and_not_repeated(calls, now, monkeypatch, caplog, fails):
    def refused(url, timeout):
        raise fails

    monkeypatch.setattr(requests, "get", refused)
    beat(now)
    assert Heartbeat.objects.get().failed_at == now
    assert "heartbeat" in caplog.text
    assert "secret" not in caplog.text


def test_a_refusal_counts_as_no_answer(calls, now, monkeypatch):
    def refused(url, timeout):
        answer = requests.Response()
        answer.status_code = 404
        return answer

    monkeypatch.setattr(requests, "get", refused)
    beat(now)
    row = Heartbeat.objects.get()
    assert (row.failed_at, row.told_at) == (now, None)


def test_without_an_address_nobody_is_called_and_nothing_is_owed(calls, now, settings):
    beat(now)
    settings.HEARTBEAT_URL = ""
    beat(now + timedelta(minutes=2))
    assert calls == [URL]
    assert "wake_heartbeat" not in engine.next_due(now)


@pytest.mark.parametrize("url", ["watch.example.org", "ftp://watch.example.org/x", "https:///secret"])
def test_what_is_no_address_is_refused_without_repeating_it(url, tmp_path):
    with pytest.raises(Misconfigured, match="HEARTBEAT_URL must be") as refused:
        read({"DATA_DIR": str(tmp_path), "HEARTBEAT_URL": url}, demo=False, port=None)
    assert url not in str(refused.value)
