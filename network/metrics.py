"""What this network can be watched by, in the form that Prometheus reads: counts and ages, ids of nobody."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from network.console.shell.consumers import open_sockets
from network.desk.models import Heartbeat
from network.desk.queries import open_needs, signs_of_life
from network.desk.rules import PARTS, Severity, severity, silent_parts
from network.dispatch.models import Calibration, Offer
from network.dispatch.rules.case import OfferState
from network.messaging.models import Canary, Inbound, Outbound
from network.messaging.quiet import is_quiet
from network.messaging.rules.refusals import Meaning, policy
from network.messaging.rules.states import InState, Lane, OutState
from network.organizations.models import Backups
from network.privacy import keyring, runs
from network.reports.queries import OWED, counted
from network.support.models import SupportRequest
from network.support.rules.requests import State

LAST_HOUR, LAST_DAY, LAST_WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


class NetworkCollector(Collector):
    """Read from the rows when asked for: each web process tells the same, but for its sockets and keys."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        yield from self._desk()
        yield from self._texts()
        yield from self._asking()
        yield from self._machine()

    def _desk(self) -> Iterator[Metric]:
        states = Counter(
            SupportRequest.objects.filter(drill=None)
            .exclude(state=State.CLOSED)
            .values_list("state", flat=True)
        )
        yield gauge("requests_open", "Open requests", sum(states.values()))
        yield gauge("searches_open", "Requests for which people are being asked", states[State.SEARCHING])
        open_states = {state: states[state] for state in State if state is not State.CLOSED}
        yield labeled("requests", "Open requests, by state", "state", open_states)
        needs = list(open_needs())
        worst = Counter(severity(need, now=self.now).name.lower() for need in needs)
        yield gauge("needs_open", "What waits for a person", len(needs))
        urgencies = {urgency: worst[urgency] for urgency in (s.name.lower() for s in Severity)}
        yield labeled("needs", "What waits for a person, by urgency", "urgency", urgencies)
        late = [need for need in needs if need.due_at < self.now]
        yield gauge("needs_late", "Needs past their time", len(late))
        yield gauge("promises_late", "Promises past their time", sum(need.promise for need in late))

    def _texts(self) -> Iterator[Metric]:
        came = counted(Inbound.objects.all(), "state")
        yield labeled("texts_in", "Texts in that are kept", "state", {s: came[s] for s in InState})
        waits = Inbound.objects.filter(state=InState.WAITING, contact__isnull=False)
        oldest = waits.aggregate(at=Min("received_at"))["at"]
        yield gauge("text_in_oldest_seconds", "Age of the oldest text not handled", self._waits(oldest))
        went = counted(Outbound.objects.all(), "state")
        yield labeled("texts_out", "Texts out that are kept", "state", {s: went[s] for s in OutState})
        owed = Outbound.objects.filter(state__in=OWED).order_by("lane").values_list("lane")
        lanes = dict(owed.annotate(at=Min("owed_at")))
        oldest = min(lanes.values(), default=None)
        yield gauge("oldest_owed_seconds", "Age of the oldest text owed", self._waits(oldest))
        ages = {lane.name.lower(): self._waits(lanes.get(lane)) for lane in Lane}
        yield labeled("text_out_oldest_seconds", "Age of the oldest text owed, by lane", "lane", ages)
        lost = Outbound.objects.filter(final_at__gt=self.now - LAST_HOUR, error__isnull=False)
        errors: Counter[Meaning] = Counter()
        for error, n in counted(lost, "error").items():
            errors[policy(error).meaning] += n
        meanings = {meaning: errors[meaning] for meaning in Meaning}
        yield labeled(
            "carrier_errors", "Texts of the last hour that were refused or lost", "meaning", meanings
        )
        if canary := Canary.objects.first():
            took = canary.took.total_seconds() if canary.took else math.inf
            yield gauge("canary_seconds", "How long our last text to ourselves took", took)
            yield gauge("canary_age_seconds", "Since one last came back", self._since(canary.seen_at))

    def _asking(self) -> Iterator[Metric]:
        asked = Offer.objects.filter(asked_at__gt=self.now - LAST_DAY, drill=False)
        outcomes = counted(asked, "state")
        yield labeled("offers", "Offers of the last day", "outcome", {s: outcomes[s] for s in OfferState})
        days = list(Calibration.objects.filter(day__gt=timezone.localdate(self.now) - LAST_WEEK))
        foretold, came = sum(day.foretold for day in days), sum(day.came for day in days)
        yield gauge("yeses_foretold", "Yeses that the last week's offers were thought to bring", foretold)
        yield gauge("yeses_came", "Yeses that they brought", came)

    def _machine(self) -> Iterator[Metric]:
        said = "Since a part of a worker was last at work"
        alive = GaugeMetricFamily("porchlight_sign_of_life_seconds", said, labels=["worker", "part"])
        signs = signs_of_life()
        for sign in signs:
            alive.add_metric([sign.worker, sign.part], self._since(sign.at))
        yield alive
        quiet = silent_parts(signs, now=self.now)
        yield labeled(
            "part_silent", "Whether nobody does a part of the work", "part", {p: p in quiet for p in PARTS}
        )
        yield gauge("sockets", "Consoles connected to this web process", open_sockets())
        yield gauge("keys_open", "Keys held open by this web process", keyring.held())
        yield gauge("restored_copy", "Whether this is a restored copy, which sends nothing", is_quiet())
        backup = Backups.objects.first()
        yield gauge(
            "backup_age_seconds", "Since the last backup", self._since(backup.made_at if backup else None)
        )
        whole = runs.last_finished()
        erased = self._since(whole.finished_at if whole else None)
        yield gauge("erased_age_seconds", "Since the last whole round of erasing", erased)
        if beat := Heartbeat.objects.first():
            told = self._since(beat.told_at)
            yield gauge("heartbeat_age_seconds", "Since the address outside was last told", told)

    def _waits(self, since: datetime | None) -> float:
        """For how many seconds something has waited; 0 where nothing does."""
        return max(0.0, (self.now - since).total_seconds()) if since else 0.0

    def _since(self, at: datetime | None) -> float:
        """Seconds since something that is meant to happen; infinite if it never has."""
        return max(0.0, (self.now - at).total_seconds()) if at else math.inf


def gauge(name: str, said: str, value: float) -> Metric:
    return GaugeMetricFamily(f"porchlight_{name}", said, value=value)


def labeled(name: str, said: str, label: str, values: Mapping[Any, float]) -> Metric:
    """One line for each value of a label, also where it is 0: an alert must not miss what isn't there."""
    family = GaugeMetricFamily(f"porchlight_{name}", said, labels=[label])
    for value, number in values.items():
        family.add_metric([str(value)], number)
    return family


def text(*, now: datetime) -> str:
    """All of it, as Prometheus reads it."""
    registry = CollectorRegistry()
    registry.register(NetworkCollector(now))
    return generate_latest(registry).decode()
