"""The measures of a small world, worked out by hand."""

from datetime import timedelta

import pytest
from django.db import transaction

from network.audit.actions import record
from network.audit.rules import ENGINE
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.dispatch.models import Offer, Search
from network.messaging.models import Contact
from network.reports.measures import measures
from network.reports.rules.small_counts import HELD, UNDER, Figure, Shown
from network.reports.shown import UNITS, lines
from network.support.models import Drill, SupportRequest
from network.visits.models import Visit


class Town:
    """Writes requests as they came to be, in minutes from their opening; each is of a member of its own."""

    def __init__(self, world):
        self.world = world
        self.codes = 0

    def asked(
        self,
        kind="accompaniment",
        *,
        language="en",
        days=1,
        full=None,
        there=None,
        offers=(),
        searched=True,
        outcome="",
        **more,
    ):
        member = self.world.member(language=language).person.member
        opened = self.world.now - timedelta(days=days)
        ended = {"state": "closed", "outcome": outcome, "closed_at": self.world.now} if outcome else {}
        request = SupportRequest.objects.create(
            member=member,
            key_id=member.key_id,
            kind=kind,
            source="text",
            at_home=True,
            opened_at=opened,
            **{"state": "searching", **ended, **more},
        )
        if not searched:
            return request
        search = Search.objects.create(support_request=request, started_at=opened)
        for person, state, minutes in offers:
            self.offer(search, person, state, opened, minutes)
        if full is not None:
            at = opened + timedelta(minutes=full)
            with transaction.atomic():
                record("request.cover", f"request:{request.pk}", by=ENGINE, now=at, request_id=request.pk)
        if there is not None:
            offer = Offer.objects.filter(search=search, state="accepted").first()
            Visit.objects.create(
                support_request=request,
                offer=offer,
                person=offer.person,
                stage="there",
                began_at=opened,
                there_at=opened + timedelta(minutes=there),
            )
        return request

    def offer(self, search, person, state, opened, minutes):
        self.codes += 1
        at = None if minutes is None else opened + timedelta(minutes=minutes)
        late = {"late_yes_at": at} if state == "late" else {}
        Offer.objects.create(
            search=search,
            person=person,
            key_id=person.key_id,
            code=10 + self.codes % 90,
            wave=1,
            miles=2,
            state="withdrawn" if late else state,
            asked_at=opened,
            open_until=opened + timedelta(hours=1),
            answered_at=at,
            released_at=opened if state == "accepted" else None,
            drill=search.support_request.drill_id is not None,
            **late,
        )


@pytest.fixture
def town(world):
    return Town(world)


def test_times_fill_rate_asks_and_stand_downs_are_those_worked_out_by_hand(town, world):
    ana, beto, cruz = (world.responder(name).person for name in ("Ana", "Beto", "Cruz"))
    yes_in = [2, 4, 6, 8, 10]
    for n, minutes in enumerate(yes_in):
        town.asked(
            language="es",
            full=minutes + 1,
            there=30 + 10 * n,
            offers=[(ana, "accepted", minutes), (beto, "withdrawn", None), (cruz, "late", 20)],
        )
    town.asked(offers=[(ana, "declined", 3)])  # still searching
    town.asked(outcome="unfilled")
    town.asked(outcome="not_needed", offers=[(beto, "expired", None)])  # no longer wanted: not unfilled
    town.asked("", searched=False, state="asking")

    week = measures(7, now=world.now)

    every = week.everything
    assert (every.requests, every.searched, every.filled) == (9, 7, 5)
    assert (every.asks, every.yeses, every.late_yeses, every.stood_down) == (17, 10, 5, 5)
    assert (every.first_yes.of, every.first_yes.median) == (5, 6)
    assert every.first_yes.ninetieth == pytest.approx(9.2)  # between 8 and 10, six tenths of the way
    assert (every.full_team.of, every.full_team.median) == (5, 7)
    assert (every.arrival.of, every.arrival.median) == (5, 50)
    assert {kind: measured.requests for kind, measured in week.kinds.items()} == {"accompaniment": 8, "": 1}
    assert {code: language.requests for code, language in week.languages.items()} == {"es": 5, "en": 4}
    assert week.languages["en"].first_yes.median is None


def test_a_team_of_two_is_full_when_the_second_says_yes_and_there_when_the_first_arrives(town, world):
    ana, beto = world.responder("Ana").person, world.responder("Beto").person
    town.asked(
        "childcare",
        children=2,
        full=12,
        there=40,
        offers=[(ana, "accepted", 5), (beto, "accepted", 12)],
    )

    every = measures(7, now=world.now).everything

    assert (every.first_yes.median, every.full_team.median, every.arrival.median) == (5, 12, 40)


def test_a_place_that_came_free_does_not_make_the_team_full_later(town, world):
    request = town.asked(full=5)
    again = request.opened_at + timedelta(minutes=50)
    with transaction.atomic():
        record("request.cover", f"request:{request.pk}", by=ENGINE, now=again, request_id=request.pk)

    assert measures(7, now=world.now).everything.full_team.median == 5


def test_drills_duress_mistakes_and_older_requests_do_not_count(town, world):
    drill = Drill.objects.create(
        started_by=world.azul.pk, started_at=world.now, ends_at=world.now, ended_at=world.now, ended="over"
    )
    ana = world.responder("Ana").person
    town.asked(drill=drill, full=1, offers=[(ana, "accepted", 1)])
    town.asked(duress=True, full=1)
    town.asked(outcome="mistake")
    town.asked(days=8)

    week, month = measures(7, now=world.now), measures(30, now=world.now)

    assert (week.everything.requests, month.everything.requests) == (0, 1)
    assert week.load.asks == week.everything.asks == 0


def test_set_times_are_measured_apart_and_against_their_time(town, world):
    ana = world.responder("Ana").person
    set_for = world.now - timedelta(hours=1)
    more = {"time_right_at": world.now, "starts_at": set_for}
    town.asked(**more, full=60, there=22 * 60, offers=[(ana, "accepted", 60)])  # there an hour before
    town.asked(**more, full=60, there=23 * 60 + 10, offers=[(ana, "accepted", 9)])
    town.asked(**more, full=23 * 60 + 5)
    town.asked(**more)
    town.asked(**{**more, "starts_at": world.now + timedelta(hours=9)})  # not yet

    measured = measures(7, now=world.now)

    at = measured.at_set_times
    assert measured.everything.requests == 0
    assert (at.requests, at.searched, at.filled, at.in_time) == (4, 4, 3, 2)
    assert (at.arrived, at.on_time, at.asks, at.yeses) == (2, 1, 2, 2)


def test_who_did_not_come_is_counted_once_among_those_who_said_how_it_went(town, world):
    answered, bad, quiet = town.asked(), town.asked(), town.asked()
    SupportRequest.objects.filter(pk__in=[answered.pk, bad.pk]).update(came_answered_at=world.now)
    for about in ("request", "visit"):
        raise_need(
            Reason.DID_NOT_COME, about=About(about, str(bad.pk)), now=world.now, by=ENGINE, request_id=bad.pk
        )

    every = measures(7, now=world.now).everything

    assert quiet.came_answered_at is None
    assert (every.said_how, every.not_come) == (2, 1)


def test_the_load_is_spread_over_all_who_may_be_asked_and_who_left_is_counted(town, world):
    ana, *others = [world.responder(f"Name {n}").person for n in range(10)]
    for _ in range(3):
        town.asked(offers=[(ana, "declined", 1)])
    town.asked(offers=[(others[0], "declined", 1)])
    for person, days in ((ana, 1), (others[0], 9)):
        Contact.objects.create(
            fingerprint=person.fingerprint,
            key_id=person.key_id,
            phone=person.phone,
            channel="sms",
            opted_out_at=world.now - timedelta(days=days),
        )

    measured = measures(7, now=world.now)

    load = measured.load
    assert (load.able, load.asked, load.asks, load.most_asked_tenth) == (10, 2, 4, 3)
    assert load.gini == pytest.approx(0.85)  # (7 * 1 + 9 * 3) / (10 * 4)
    assert measured.opt_outs == 1


def test_what_is_shown_holds_back_small_counts_and_what_would_tell_them(town, world):
    ana = world.responder("Ana").person
    for n in range(12):
        town.asked(language="es", full=n, offers=[(ana, "accepted", n)])
    for _ in range(6):
        town.asked("legal", language="en")
    town.asked("childcare", children=1, language="en")

    shown = {(line.group, line.of, line.name): line.figure for line in lines(measures(7, now=world.now))}

    assert shown["all", "", "requests"] == Figure(19)
    assert shown["kind", "accompaniment", "requests"] == Figure(12)
    assert shown["kind", "childcare", "requests"] == UNDER
    assert shown["kind", "legal", "requests"] == HELD
    assert shown["language", "es", "requests"] == Figure(12)
    assert shown["language", "en", "requests"] == Figure(7)
    assert shown["all", "", "fill_rate"] == Figure(63)
    assert shown["language", "es", "fill_rate"] == Figure(66, Shown.AT_LEAST)
    assert shown["kind", "accompaniment", "first_yes_median"] == Figure(6)
    assert shown["kind", "legal", "first_yes_median"] == UNDER
    assert shown["all", "", "asks_per_yes"] == Figure(1.0)
    assert shown["people", "", "opt_outs"] == UNDER
    assert {name for group, _, name in shown if group == "all"} == set(UNITS)


def test_the_measures_are_read_in_few_queries(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        measures(90, now=world.now)
