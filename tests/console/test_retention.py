"""What is kept how long, as a steward reads it, and doctor beside it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network import forgetting
from network.checks import examining, upkeep
from network.checks.result import CheckResult
from network.console.measures.retention import WHAT, retention
from network.console.shell.forgetting import ERASERS
from network.privacy.keep import FOR_EVER, Keep
from network.privacy.models import ErasingRun
from network.support.models import SupportRequest
from tests.console.signing_in import by_link, get, staff_of
from tests.messaging.test_retention import close_needs
from tests.reading import words_of

OWN_STATEMENTS = 4  # what waits, the last rounds, the last whole one, and since when where there is none


@pytest.fixture
def steward(world):
    return by_link(world, staff_of(world, "steward"))


def a_day_of_a_stranger(world):
    world.stranger().sends("hola")
    close_needs(world)
    world.now += timedelta(hours=25)


def of(keep, now):
    rows = dict(zip(WHAT, retention(now=now).rows, strict=True))
    return rows[keep]


def test_it_counts_what_is_due_and_then_what_the_round_erased(world):
    a_day_of_a_stranger(world)
    before = of(Keep.DAY, world.now)
    assert (before.waiting, before.erased) == (2, 0)  # a phone and a text

    forgetting.forget(now=world.now, erasers=ERASERS)

    after = of(Keep.DAY, world.now)
    assert after.waiting == 0
    assert after.erased >= 1
    assert after.until == world.now - timedelta(hours=24)


def test_each_class_that_has_a_time_is_told():
    assert set(WHAT) == set(Keep) - FOR_EVER


@pytest.mark.parametrize(
    ("language", "kept", "heading"),
    [
        ("en", ("72 hours", "14 days", "24 hours", "90 days"), "The last rounds"),
        ("es", ("72 horas", "14 días", "24 horas", "90 días"), "Las últimas rondas"),
    ],
)
def test_a_steward_reads_it_in_their_language(world, steward, language, kept, heading):
    forgetting.forget(now=world.now, erasers=ERASERS)
    steward.cookies["django_language"] = language
    page = words_of(get(steward, "/retention"))
    assert heading in page
    assert all(span in page for span in kept)


def test_a_limit_that_the_network_set_is_told(world, steward, settings):
    settings.KEEP_CASES_DAYS = 30
    assert "30 days" in words_of(get(steward, "/retention"))


def test_rounds_that_stopped_are_told_at_the_top(world, steward):
    forgetting.forget(now=world.now, erasers=ERASERS)
    assert "Nothing was erased to the end" not in words_of(get(steward, "/retention"))
    long_ago = world.now - timedelta(hours=25)
    ErasingRun.objects.update(started_at=long_ago, finished_at=long_ago, failed=["notes"])
    page = words_of(get(steward, "/retention"))
    assert "Nothing was erased to the end for a day" in page
    assert "notes" in page


def test_the_page_asks_few_questions(world):
    for hour in range(30):
        forgetting.forget(now=world.now + timedelta(hours=hour), erasers=ERASERS)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        retention(now=world.now)
    assert len(asked) <= OWN_STATEMENTS


def verdict(world):
    result = upkeep.retention(world.now)
    return result.verdict, result.mend


def test_doctor_fails_when_nothing_was_erased_for_a_day(world):
    assert verdict(world) == ("warn", "Nothing was erased yet: a worker does it each hour.")
    a_day_of_a_stranger(world)
    forgetting.forget(now=world.now, erasers=ERASERS)
    how, told = verdict(world)
    assert how == "pass"
    assert f"history until {world.now - timedelta(days=90):%Y-%m-%d} is gone" in told
    world.now += timedelta(hours=23, minutes=59)
    assert verdict(world)[0] == "pass"
    world.now += timedelta(minutes=1)
    assert verdict(world) == ("fail", "Nothing was erased to the end for a day: is a worker at work?")
    ErasingRun.objects.update(failed=["notes"])
    assert "these fail, and the log says where: notes." in verdict(world)[1]


def test_doctor_names_what_failed_before_the_day_is_over(world):
    forgetting.forget(now=world.now, erasers=ERASERS)
    ErasingRun.objects.update(failed=["notes"])
    assert verdict(world) == ("warn", "These erasers failed the last time: notes.")


def test_doctor_looks_at_it(world, monkeypatch):
    monkeypatch.setattr(examining, "carrier", lambda now: CheckResult("carrier", "skip"))
    assert "retention" in [result.what for result in examining.examine(now=world.now)]


def test_a_request_whose_words_are_gone_says_so(world):
    lead = staff_of(world, "steward")
    rosa = world.member("Rosa")
    rosa.asks("tocan la puerta")
    number = world.request().number
    close_needs(world)
    SupportRequest.objects.update(state="closed", outcome="helped", closed_at=world.now)
    world.now += timedelta(hours=73)
    forgetting.forget(now=world.now, erasers=ERASERS)

    page = words_of(get(by_link(world, lead), f"/requests/{number}"))

    assert "tocan la puerta" not in page
    assert "(erased: words are kept for a few days)" in page
    assert "(empty)" not in page
