"""/metrics in Prometheus's own form, and the alert rules and the board that read it."""

import json
import math
import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from network import metrics
from network.audit.rules import ENGINE
from network.desk.actions import raise_need, show_life
from network.desk.models import Heartbeat
from network.desk.rules import PARTS, About, Reason
from network.messaging.models import Canary, Outbound
from network.messaging.rules.states import Lane, OutState
from network.organizations.models import Backups

WATCHING = Path(__file__).parents[2] / "docs" / "watching"
OURS = re.compile(r"porchlight_\w+")


def read(now):
    """Each line's value by its name and labels."""
    found = {}
    for family in text_string_to_metric_families(metrics.text(now=now)):
        assert family.documentation
        for line in family.samples:
            found[line.name, *line.labels.values()] = line.value
    return found


@pytest.fixture
def everything(world, settings):
    """A town in which each metric has something to tell."""
    settings.CANARY_NUMBER, settings.HEARTBEAT_URL = "+13125550177", "https://watch.example.org"
    show_life("one:1", dict.fromkeys(PARTS, world.now))
    Canary.objects.create(
        next_at=world.now + timedelta(hours=1), seen_at=world.now, took=timedelta(seconds=3)
    )
    Heartbeat.objects.create(next_at=world.now, told_at=world.now)
    Backups.objects.create(made_at=world.now - timedelta(hours=3))
    return world


def test_what_waits_is_told_with_its_age_by_urgency_and_by_lane(everything):
    town = everything
    rosa = town.member("Rosa")
    town.responder("Ana")
    rosa.asks()
    raise_need(
        Reason.ANSWER_PROMISED,
        about=About("test", "x"),
        by=ENGINE,
        now=town.now - timedelta(hours=1),
        promise=True,
    )
    assert town.deliver(rosa.number, "hola") == 200
    Outbound.objects.filter(lane=Lane.OFFER).update(
        state=OutState.OWED, owed_at=town.now - timedelta(seconds=9)
    )
    seen = read(town.now + timedelta(seconds=30))
    assert seen["porchlight_requests_open",] == seen["porchlight_requests", "searching"] == 1
    assert seen["porchlight_searches_open",] == 1
    assert seen["porchlight_needs", "now"] == 1
    assert seen["porchlight_promises_late",] == 1
    assert seen["porchlight_text_in_oldest_seconds",] == 30
    assert (
        seen["porchlight_text_out_oldest_seconds", "offer"] == seen["porchlight_oldest_owed_seconds",] == 39
    )
    assert seen["porchlight_text_out_oldest_seconds", "answer"] == 0
    assert seen["porchlight_offers", "open"] == 1
    assert seen["porchlight_canary_seconds",] == 3
    assert seen["porchlight_backup_age_seconds",] == 3 * 3600 + 30


def test_what_the_carrier_said_no_to_is_counted_by_what_it_means_for_an_hour(everything):
    town = everything
    town.member("Rosa").asks()
    row = Outbound.objects.first()
    Outbound.objects.filter(pk=row.pk).update(state="refused", error=21610, final_at=town.now)
    assert read(town.now)["porchlight_carrier_errors", "opted_out"] == 1
    assert read(town.now)["porchlight_carrier_errors", "configuration"] == 0
    assert read(town.now + timedelta(hours=1))["porchlight_carrier_errors", "opted_out"] == 0


def test_what_should_have_happened_and_never_did_is_infinitely_old(world):
    seen = read(world.now)
    assert seen["porchlight_backup_age_seconds",] == math.inf
    assert seen["porchlight_erased_age_seconds",] == math.inf
    assert seen["porchlight_text_in_oldest_seconds",] == 0  # nothing waits
    assert ("porchlight_canary_age_seconds",) not in seen  # no second number: no alert


def test_it_names_nobody(everything):
    town = everything
    rosa, ana = town.member("Rosa"), town.responder("Ana")
    rosa.asks()
    said = metrics.text(now=town.now)
    for word in ("Rosa", "Ana", rosa.number[2:], ana.number[2:], str(rosa.person.pk), str(town.request().pk)):
        assert word not in said


def test_it_costs_a_fixed_number_of_statements(everything, django_assert_max_num_queries):
    for n in range(3):
        everything.member(f"Rosa{n}").asks()
    with django_assert_max_num_queries(20):
        metrics.text(now=everything.now)


def test_alert_rules_and_board_read_what_is_there_and_all_of_it(everything):
    rules = yaml.safe_load((WATCHING / "alerts.yml").read_text())["groups"][0]["rules"]
    board = json.loads((WATCHING / "board.json").read_text())
    told = {name for name, *_ in read(everything.now)}
    asked_by_rules = {name for rule in rules for name in OURS.findall(rule["expr"])}
    shown = {
        name
        for panel in board["panels"]
        for target in panel["targets"]
        for name in OURS.findall(target["expr"])
    }
    assert asked_by_rules <= told
    assert shown == told


def test_a_label_that_an_alert_asks_for_is_one_that_we_tell(everything):
    rules = yaml.safe_load((WATCHING / "alerts.yml").read_text())["groups"][0]["rules"]
    told = read(everything.now)
    for rule in rules:
        for name, wanted in re.findall(r'(porchlight_\w+)\{\w+=~?"([^"]+)"', rule["expr"]):
            for value in wanted.split("|"):
                assert (name, value) in told, rule["alert"]


def test_each_alert_is_explained_where_somebody_woken_by_it_would_look():
    rules = yaml.safe_load((WATCHING / "alerts.yml").read_text())["groups"][0]["rules"]
    explained = (WATCHING.parent / "watching.md").read_text()
    assert len(rules) == len({rule["alert"] for rule in rules}) == 14
    for rule in rules:
        assert f"`{rule['alert']}`" in explained
        assert rule["labels"]["severity"] in ("page", "warn")
        assert rule["annotations"]["summary"].endswith(".")


@pytest.mark.django_db
def test_whoever_has_no_token_is_told_that_there_is_no_such_page(settings):
    settings.METRICS_TOKEN = "of-the-tests"
    assert Client().get("/metrics").status_code == 404
    answer = Client().get("/metrics", headers={"Authorization": "Bearer of-the-tests"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
