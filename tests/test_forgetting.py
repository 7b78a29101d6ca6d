"""What is past its time is erased, whichever model it is of, and nothing that is still needed goes with it."""

import re
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction

from network import engine, forgetting
from network.audit.actions import record
from network.audit.chain import DROPPED
from network.audit.forgetting import forget_whom
from network.audit.models import Entry, Line
from network.audit.rules import COMMAND_LINE, staff
from network.console.shell.forgetting import ERASERS
from network.console.shell.setting_up import reads as setting_up
from network.desk.actions import close, raise_need
from network.desk.models import Need
from network.desk.rules import About, Reason
from network.dispatch.models import AskCount, Offer
from network.messaging.models import Inbound, Media, Outbound, Receipt
from network.people.models import Responder
from network.privacy import runs
from network.privacy.forgetting import EVERY_FIELD
from network.privacy.keep import FOR_EVER, Keep
from network.privacy.models import ErasingRun
from network.reports.measures import SPANS, measures
from network.reports.models import PastRequest
from network.support.models import Drill, SupportRequest
from network.visits.actions.trust import visits_carried_out
from network.visits.models import Disclosure, Visit, VisitWord
from tests import history
from tests.beside import at_once, held_by_another, waits_for

OURS = [model for model in apps.get_models() if model.__module__.startswith("network.")]
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def erase(world, **after):
    """Time passes, in which nothing else is done, and a round is finished."""
    world.now += timedelta(**after)
    for _ in range(20):
        forgetting.forget(now=world.now, erasers=ERASERS)
        if runs.last_run().finished_at:
            return
    raise AssertionError(runs.last_run().failed or "there is no end of it")


def erased(code):
    return sum(run.erased.get(code, 0) for run in ErasingRun.objects.all())


# Every field


def fields_erased(model, keep):
    named = set()
    for eraser in ERASERS:
        if eraser.keep is keep:
            named |= set(eraser.fields.get(model, ()))
    every = {field.name for field in model._meta.concrete_fields}
    return every if EVERY_FIELD in named else named


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_each_field_that_has_a_time_has_an_eraser(model):
    for keep, fields in model.Retention.keep.items():
        if keep not in FOR_EVER:
            assert set(fields) <= fields_erased(model, keep), keep


def test_each_eraser_has_a_code_of_its_own_and_erases_what_has_a_time():
    codes = [eraser.code for eraser in ERASERS]
    assert len(codes) == len(set(codes))
    assert all(eraser.keep not in FOR_EVER and eraser.fields for eraser in ERASERS)


# A request, from asking to being forgotten


def write(row, **words):
    for name, value in words.items():
        setattr(row, name, value)
    row.save(update_fields=list(words))


@pytest.fixture
def helped(world):
    """Rosa asked, Ana came, Luis was stood down; it was closed and all is said."""
    world.coordinator()
    world.ana, world.luis, world.rosa = world.responder("Ana"), world.responder("Luis"), world.member("Rosa")
    world.rosa.sends("tocan la puerta")
    world.rosa.sends("1")
    world.rosa.sends("1")
    world.ana.accepts(" 10 min")
    visit = Visit.objects.get()
    Disclosure.objects.create(visit=visit, at=world.now, what="address")
    write(SupportRequest.objects.get(), notes="the blue door")
    write(Offer.objects.get(state="accepted"), said="I bring soup")
    Media.objects.create(
        text=Inbound.objects.first(),
        key_id=world.rosa.person.key_id,
        sid="ME1",
        kind="image/png",
        content="eA==",
        fetched_at=world.now,
    )
    Receipt.objects.create(
        outbound_id=Outbound.objects.first().pk, sid="SM1", word="sent", received_at=world.now
    )
    world.ana.sends("3")
    world.ana.sends("4")
    world.rosa.sends("1")
    world.wait(minutes=90)
    for need in Need.objects.filter(closed_at=None):
        close(need.pk, by=COMMAND_LINE, now=world.now)
    assert SupportRequest.objects.get().closed_at
    return world


def words():
    """How many texts, notes, answers and pictures can still be read."""
    return {
        "in": Inbound.objects.filter(body__isnull=False).count(),
        "forms": Inbound.objects.filter(form__isnull=False).count(),
        "out": Outbound.objects.filter(body__isnull=False).count(),
        "notes": SupportRequest.objects.filter(notes__isnull=False).count(),
        "answers": Offer.objects.filter(said__isnull=False).count(),
        "media": Media.objects.count(),
    }


def test_words_go_three_days_after_the_request_closed(helped):
    assert all(words().values())
    kept = words()

    erase(helped, hours=70)
    assert words() == kept

    erase(helped, hours=3)
    assert not any(words().values())
    assert SupportRequest.objects.exists()
    assert Visit.objects.exists()


def test_words_of_an_open_request_stay_however_old(world):
    rosa = world.member("Rosa")
    rosa.asks()
    erase(world, days=30)
    assert Inbound.objects.filter(body__isnull=False).count() == 3


def test_words_of_no_request_stay_as_long_as_somebody_is_to_read_them(world):
    ana, luis = world.responder("Ana"), world.responder("Luis")
    ana.sends("I lost my jacket somewhere")
    luis.sends("is there a training this week")
    about_ana = Need.objects.get(person_id=ana.person.pk)
    close(Need.objects.get(person_id=luis.person.pk).pk, by=COMMAND_LINE, now=world.now)

    erase(world, hours=73)
    assert Inbound.objects.get(body__isnull=False).contact.fingerprint == ana.person.fingerprint

    close(about_ana.pk, by=COMMAND_LINE, now=world.now)
    erase(world, hours=1)
    assert not Inbound.objects.filter(body__isnull=False).exists()


def ids_that_go_together():
    """Of each id, those that stand in one row with it, in any table: what somebody with the rows can follow."""
    beside = defaultdict(set)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                ids = set(ID.findall(row))
                for each in ids:
                    beside[each] |= ids
    return beside


def reached_from(start, beside, hubs):
    seen, waiting = {start}, [start]
    while waiting:
        for other in beside[waiting.pop()] - seen - hubs:
            seen.add(other)
            waiting.append(other)
    return seen


def ways_between_ana_and_rosa(world):
    shared = {
        str(world.azul.pk),
        str(world.roja.pk),
    }  # both are known to the organizations: that isn't a secret
    reached = reached_from(str(world.ana.person.pk), ids_that_go_together(), shared)
    return str(world.rosa.person.pk) in reached


def test_no_rows_lead_from_who_helped_to_whom_two_weeks_after(helped):
    assert ways_between_ana_and_rosa(helped)
    erase(helped, days=13)
    assert ways_between_ana_and_rosa(helped)

    erase(helped, days=2)
    assert not ways_between_ana_and_rosa(helped)
    for model in (SupportRequest, Offer, Visit, VisitWord, Disclosure, Outbound, Receipt):
        assert not model.objects.exists(), model
    assert not Inbound.objects.filter(contact__isnull=False).exists()
    assert Inbound.objects.exists()  # so that a repeated delivery is known


def test_the_history_of_a_forgotten_request_says_what_happened_and_not_to_whom(helped):
    actions = set(Entry.objects.values_list("action", flat=True))
    erase(helped, days=15)
    left = Entry.objects.all()
    assert set(left.values_list("action", flat=True)) == actions
    assert not left.exclude(request_id=None).exists()
    people = {str(phone.person.pk) for phone in (helped.ana, helped.rosa)}
    of_requests = left.filter(action__regex="^(request|visit|offer|need)[.]")
    assert of_requests.exists()
    for line in of_requests:
        assert not people & set(ID.findall(f"{line.actor} {line.about} {line.detail}")), line


def test_a_line_keeps_which_of_staff_did_it(world):
    lead, rosa = world.coordinator(), world.member("Rosa")
    rosa.asks()
    request = world.request()
    with transaction.atomic():
        record(
            "need.claimed",
            f"need:{request.pk}",
            by=staff(lead.pk),
            now=world.now,
            request_id=request.pk,
            staff=lead.pk,
            person=rosa.person.pk,
            count=2,
        )
    forget_whom([request.pk], about=[])
    line = Entry.objects.get(action="need.claimed")
    assert (line.actor, line.about, line.request_id) == (f"staff:{lead.pk}", "need", None)
    assert line.detail == {"staff": str(lead.pk), "count": 2}


@pytest.mark.parametrize("days", SPANS)
def test_the_measures_stay_the_same_when_the_requests_are_gone(helped, days):
    helped.now += 15 * DAY
    before = measures(days, now=helped.now)
    assert days == 7 or (before.everything.requests, before.everything.filled, before.load.asks) == (1, 1, 2)

    erase(helped)

    assert not SupportRequest.objects.exists()
    assert PastRequest.objects.count() == 1
    assert measures(days, now=helped.now) == before


def test_a_drill_leaves_no_figures(helped):
    drill = Drill.objects.create(
        started_by=helped.azul.pk,
        started_at=helped.now,
        ends_at=helped.now,
        ended_at=helped.now,
        ended="done",
    )
    SupportRequest.objects.update(drill=drill)
    Offer.objects.update(drill=True)
    erase(helped, days=15)
    assert not SupportRequest.objects.exists()
    assert not PastRequest.objects.exists()
    assert not AskCount.objects.exists()


def test_counts_of_asks_are_added_up_and_gone_when_no_measure_reads_them(helped):
    erase(helped, days=15)
    assert sorted(AskCount.objects.values_list("asks", flat=True)) == [1, 1]
    forgotten = [phone.person.pk for phone in (helped.ana, helped.luis)]
    assert set(AskCount.objects.values_list("person", flat=True)) == set(forgotten)
    erase(helped, days=91)
    assert not AskCount.objects.exists()
    assert not PastRequest.objects.exists()


def test_probation_counts_visits_of_requests_that_are_gone(helped):
    assert visits_carried_out(helped.ana.person.pk) == 1
    erase(helped, days=15)
    assert not Visit.objects.exists()
    assert visits_carried_out(helped.ana.person.pk) == 1
    assert Responder.objects.get(person=helped.luis.person).visits_before == 0


def test_a_request_that_somebody_is_to_look_at_is_kept(helped):
    request = SupportRequest.objects.get()
    need = raise_need(
        Reason.DID_NOT_COME,
        about=About("request", str(request.pk)),
        request_id=request.pk,
        by=COMMAND_LINE,
        now=helped.now,
    )
    erase(helped, days=15)
    assert SupportRequest.objects.exists()

    close(need.pk, by=COMMAND_LINE, now=helped.now)
    erase(helped, hours=1)
    assert not SupportRequest.objects.exists()


def test_that_a_phone_was_not_reached_is_known_for_longer_than_for_which_request(helped):
    request = SupportRequest.objects.get()
    need = raise_need(
        Reason.REFUSED_SEND,
        about=About("text", "1"),
        request_id=request.pk,
        person_id=helped.rosa.person.pk,
        by=COMMAND_LINE,
        now=helped.now,
    )
    close(need.pk, by=COMMAND_LINE, now=helped.now)
    erase(helped, days=15)
    left = Need.objects.get()
    assert (left.reason, left.request_id, left.person_id) == ("refused_send", None, helped.rosa.person.pk)
    assert left.subject == f"person:{helped.rosa.person.pk}"
    erase(helped, days=91)
    assert not Need.objects.exists()


def test_history_goes_by_whole_days_of_the_networks_clock(world):
    old = [history.write("a.b", at=world.now.replace(hour=hour) - 91 * DAY) for hour in (0, 23)]
    history.seal_and_publish(now=world.now)
    kept = history.write("a.b", at=old[1].at + HOUR)
    history.seal_and_publish(now=world.now)
    world.now = world.now.replace(hour=9)
    erase(world)
    assert list(Line.objects.filter(action="a.b")) == [kept]
    assert Line.objects.get(action=DROPPED).detail == {"block": 1, "lines": 2}
    assert runs.last_run().until["ledger"][:10] == f"{(world.now - 90 * DAY):%Y-%m-%d}"


def test_lines_of_a_request_that_is_still_kept_stay_however_old(world):
    rosa = world.member("Rosa")
    rosa.asks()
    number = Entry.objects.filter(request_id=world.request().pk).count()
    assert number
    erase(world, days=100)
    assert Entry.objects.filter(request_id=world.request().pk).count() == number


# Rounds


def test_a_round_is_due_each_hour_and_says_what_it_erased(helped):
    helped.settle()
    last = runs.last_run()
    assert engine.next_due(helped.now)["erase_what_is_over"] == last.started_at + HOUR
    helped.now += 15 * DAY
    helped.settle()
    run = runs.last_run()
    assert run.finished_at
    assert run.erased["requests"] == 1
    assert set(run.until) == {keep.value for keep in Keep if keep not in FOR_EVER}
    assert not ID.search(f"{run.until} {run.erased} {run.failed}")


def test_a_round_that_was_done_does_nothing_more(helped):
    erase(helped, days=15)
    done = ErasingRun.objects.values().get(pk=runs.last_run().pk)
    forgetting.forget(now=helped.now)
    forgetting.forget(now=helped.now + timedelta(minutes=59))
    assert ErasingRun.objects.values().get(pk=runs.last_run().pk) == done


def test_much_is_erased_some_at_a_time_and_goes_on_where_it_was(world):
    many = forgetting.PARTS * 2 + 3
    whom = next(e for e in ERASERS if e.code == "whom")
    slow = replace(whom, at_once=1)
    for _ in range(many):
        history.write("a.b", f"person:{uuid4()}", at=world.now - 100 * DAY)

    assert forgetting.forget(now=world.now, erasers=[slow]) == forgetting.PARTS
    run = ErasingRun.objects.get()
    assert run.finished_at is None
    assert engine.next_due(world.now)["erase_what_is_over"] <= world.now
    assert forgetting.forget(now=world.now, erasers=[slow]) == forgetting.PARTS
    assert forgetting.forget(now=world.now, erasers=[slow]) == 3
    run = ErasingRun.objects.get()
    assert run.finished_at
    assert run.erased == {"whom": many}


def broken(*given):
    raise RuntimeError("of this test")


def test_an_eraser_that_fails_is_tried_again_and_keeps_no_other(helped, monkeypatch):
    erasers = [replace(eraser, erase=broken) if eraser.code == "words_in" else eraser for eraser in ERASERS]
    helped.now, helped.tolerant = helped.now + 4 * DAY, True
    forgetting.forget(now=helped.now, erasers=erasers)
    run = runs.last_run()
    assert (run.finished_at, run.failed, run.next_at) == (None, ["words_in"], helped.now + runs.RETRY_IN)
    assert words()["in"]
    assert not words()["out"]

    forgetting.forget(now=helped.now + HOUR, erasers=ERASERS)
    run = runs.last_run()
    assert run.finished_at
    assert run.failed == []
    assert not words()["in"]


def test_what_is_erased_and_its_count_are_one_transaction(helped, monkeypatch):
    monkeypatch.setattr(runs, "count", broken)
    kept = words()
    helped.now, helped.tolerant = helped.now + 4 * DAY, True
    forgetting.forget(now=helped.now)
    assert words() == kept


@pytest.mark.server
def test_what_another_is_at_is_left_to_it(helped):
    """A coordinator opens the closed request again while its rows would go."""
    helped.now += 15 * DAY
    with held_by_another(lambda: SupportRequest.objects.select_for_update(no_key=True).get()):
        forgetting.forget(now=helped.now)
    assert SupportRequest.objects.exists()
    assert erased("requests") == 0
    erase(helped, hours=1)
    assert not SupportRequest.objects.exists()


@pytest.mark.server
def test_two_workers_at_once_count_each_row_once(helped):
    helped.now += 4 * DAY
    texts, before = words(), ErasingRun.objects.count()
    rounds = at_once([lambda: forgetting.forget(now=helped.now) for _ in range(4)])
    assert sum(bool(rows) for rows in rounds) == 1
    assert erased("words_in") == texts["in"]
    assert ErasingRun.objects.count() == before + 1


@pytest.mark.server
def test_a_round_that_was_cut_off_is_taken_up_by_one_worker(world):
    long_ago = world.now - HOUR
    ErasingRun.objects.create(started_at=long_ago, next_at=long_ago)
    second = []
    waits_for(lambda: runs.begin(now=world.now), lambda: second.append(runs.begin(now=world.now)))
    assert second == [None]
    assert runs.begin(now=world.now) is None
    assert runs.begin(now=world.now + runs.RETRY_IN) is not None  # that one died, too
    assert ErasingRun.objects.count() == 1


def test_what_waits_is_counted_in_one_statement(helped, django_assert_num_queries):
    helped.now += 4 * DAY
    with django_assert_num_queries(1):
        counted = forgetting.waiting(now=helped.now, erasers=ERASERS)
    assert counted["words_in"] == words()["in"]
    assert counted["notes"] == 1
    erase(helped)
    assert forgetting.waiting(now=helped.now, erasers=ERASERS) == {}


def test_a_round_with_nothing_to_erase_costs_few_statements(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(3 * len(ERASERS) + 6):  # a look each, in its transaction
        forgetting.forget(now=world.now, erasers=ERASERS)


# The alarm


def test_erasing_that_stopped_is_on_the_board_until_it_goes_on(world, monkeypatch):
    world.settle()
    begin = runs.begin
    monkeypatch.setattr(runs, "begin", lambda *, now: None)
    world.now += timedelta(hours=24, minutes=1)
    assert engine.next_due(world.now)["check_for_stopped_erasing"] <= world.now
    forgetting.check_for_stopped_erasing(now=world.now)
    forgetting.check_for_stopped_erasing(now=world.now)
    assert Need.objects.filter(reason=Reason.ERASING_STOPPED, closed_at=None).count() == 1

    monkeypatch.setattr(runs, "begin", begin)
    world.settle()
    assert not Need.objects.filter(reason=Reason.ERASING_STOPPED, closed_at=None).exists()


def test_erasing_that_fails_from_the_first_round_on_is_told_too(world):
    history.write("a.b", f"person:{uuid4()}", at=world.now - 100 * DAY)
    world.tolerant = True
    whom = next(e for e in ERASERS if e.code == "whom")
    for _ in range(25):
        forgetting.forget(now=world.now, erasers=[replace(whom, erase=broken)])
        forgetting.check_for_stopped_erasing(now=world.now)
        world.now += HOUR
    assert ErasingRun.objects.count() == 1
    assert Need.objects.filter(reason=Reason.ERASING_STOPPED).count() == 1


def test_a_network_that_has_helped_goes_on_having_been_tried(helped):
    assert setting_up._trials() == 1
    erase(helped, days=15)
    assert setting_up._trials() == 1
