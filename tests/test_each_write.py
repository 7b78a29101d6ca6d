"""Any write may fail, and nothing owed is lost or done twice: each step of the engine, each of the carrier's posts."""

import os
import random
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from network import engine
from network.audit import chain
from network.audit import rules as audit
from network.audit.models import Head
from network.audit.rules import COMMAND_LINE
from network.backups import nightly
from network.conversations.handling import calls
from network.conversations.models import Call, Conversation
from network.desk.actions import claim, raise_need, show_life
from network.desk.models import Need
from network.desk.rules import PARTS, About, Reason
from network.dispatch.actions.surge import declare_surge
from network.dispatch.models import Learning, Offer, Search
from network.duty.actions import calling, shifts
from network.duty.models import AlarmCall
from network.enrollment.models import Export
from network.messaging.gateway.protocol import Received
from network.messaging.models import Canary, Inbound, Outbound, Watch
from network.organizations.models import Backups
from network.people.models import Member, Person
from network.privacy.models import ErasingRun
from network.support.models import Drill, SupportRequest
from network.support.rules.requests import Kind
from network.trust.actions import proposals
from network.trust.models import Vouch
from network.trust.rules.proposals import ProposalKind
from network.visits.actions import drills
from network.visits.models import Visit
from tests import history
from tests.faults import (
    Act,
    lost_or_doubled,
    one_transaction_town,
    step,
    undone,
    webhook,
    writes_of,
)
from tests.world import World

DAY = timedelta(days=1)
BY_CHANCE = 2  # of the writes, in each test of the gate
type Scene = Callable[[World], Act | None]  # None: the step named by the scene


@pytest.fixture
def town(db, now, monkeypatch, settings):
    monkeypatch.setattr(nightly, "begin", lambda: None)
    with one_transaction_town(now, monkeypatch) as world:
        world.settings = settings
        world.lead = world.coordinator()
        shifts.start_shift(world.lead.pk, hours=8, by=audit.staff(world.lead.pk), now=world.now)
        world.rosa, world.ana = world.member("Rosa"), world.responder("Ana")
        yield world


def form(world, number, body="", **extra):
    return {
        "MessageSid": f"SM{next(world.messages):032x}", "AccountSid": "AC" + "0" * 32, "From": number,
        "To": "+13125550100", "Body": body, "NumMedia": "0", **extra,
    }  # fmt: skip


# In a town in which nothing happens


def text_of_a_member(world):
    world.deliver(world.rosa.number, "tocan la puerta")


def text_of_a_stranger(world):
    world.deliver(world.stranger().number, "help me please")


def text_of_an_invited(world):
    world.deliver(world.member("Luz", standing="invited").number, "ayuda")


def lapse_claims(world):
    need = raise_need(Reason.CALL_MEMBER, about=About("text", "1"), by=COMMAND_LINE, now=world.now)
    claim(need.pk, staff_id=world.lead.pk, by=COMMAND_LINE, now=world.now)
    world.now += timedelta(minutes=11)


def suspend_unvouched(world):
    Person.objects.filter(pk=world.ana.person.pk).update(unvouched_at=world.now)


def settle_proposals_over(world):
    about = Vouch.objects.first().pk
    proposal = proposals.propose(
        ProposalKind.WITHDRAW_VOUCH, about, why="not met", staff_id=world.lead.pk, now=world.now
    )
    world.now = proposal.ends_at + timedelta(minutes=1)


def remind_renewals(world):
    Vouch.objects.filter(person=world.ana.person).update(ends_at=world.now + 3 * DAY)


def end_exports(world):
    proposal = proposals.propose(
        ProposalKind.WITHDRAW_VOUCH, Vouch.objects.first().pk, why="x", staff_id=world.lead.pk, now=world.now
    )
    Export.objects.create(
        proposal=proposal,
        organization=world.azul,
        made_for=world.lead,
        made_at=world.now - 2 * DAY,
        ends_at=world.now - DAY,
        sealed=b"x",
    )


def forget_slowly(world):
    Learning.objects.update_or_create(pk=1, defaults={"kappa": 0.7, "decayed_on": world.now.date() - 2 * DAY})


def end_surges(world):
    declare_surge(staff_id=world.lead.pk, now=world.now - 2 * DAY)


def follow_up_invitations_reminds(world):
    _asked_to_join(world)


def follow_up_invitations_calls(world):
    _asked_to_join(world, flagged_at=world.now - 2 * DAY)


def _asked_to_join(world, **more):
    luz = world.member("Luz", standing="invited")
    Conversation.objects.create(person=luz.person, question="join", asked_at=world.now - 3 * DAY, **more)


def check_phones_asks(world):
    Member.objects.update(attested_at=world.now - 100 * DAY)


def check_phones_freezes(world):
    Member.objects.update(attested_at=world.now - 100 * DAY, phone_asked_at=world.now - 5 * DAY)


def page(world):
    raise_need(Reason.CRY, about=About("text", "1"), by=COMMAND_LINE, now=world.now)
    world.now += timedelta(minutes=2)


def backfill_finds_what_no_webhook_brought(world):
    Watch.objects.update_or_create(
        pk=1,
        defaults={"read_at": world.now - timedelta(minutes=3), "tried_at": world.now - timedelta(minutes=3)},
    )
    at = world.now - timedelta(minutes=2)
    for phone in (world.rosa, world.ana):
        world.carrier.inbound.append(Received(form(world, phone.number, "ayuda"), at))


def check_for_silent_line(world):
    long_ago = world.now - timedelta(minutes=20)
    world.carrier.answers = False
    then = {"read_at": long_ago, "tried_at": long_ago, "wanted_at": long_ago}
    Watch.objects.update_or_create(pk=1, defaults=then)


def forget_strangers(world):
    world.deliver(world.stranger().number, "hello")
    world.settle()
    Need.objects.filter(reason=Reason.UNKNOWN_SENDER).update(closed_at=world.now, closed_by="x")
    world.now += 3 * DAY


def make_nightly_backup_sets_the_night(world):
    world.settings.BACKUP_TO = Path("/nowhere")


def make_nightly_backup_begins(world):
    make_nightly_backup_sets_the_night(world)
    Backups.objects.update_or_create(pk=1, defaults={"next_at": world.now})


def send_canary(world):
    world.settings.CANARY_NUMBER = "+13125550177"
    Canary.objects.create(next_at=world.now)


def send_canary_tells_of_a_lost_one(world):
    world.settings.CANARY_NUMBER = "+13125550177"
    then = world.now - timedelta(minutes=5)
    Canary.objects.create(next_at=world.now + DAY, code="BCDFGHJK", sent_at=then, lost_at=then)


def wake_heartbeat(world):
    world.settings.HEARTBEAT_URL = "https://watch.example.org"


def seal_lines(world):
    history.write("a.b", at=world.now)


def publish_head(world):
    history.write("a.b", at=world.now)
    chain.seal_lines(now=world.now)
    Head.objects.update_or_create(pk=1, defaults={"next_at": world.now})


def erased_until(world, then):
    """Time passes, in which the carrier let go of its texts, and rounds of erasing went on and left these rows."""
    Outbound.objects.update(state="delivered", final_at=world.now, ask_at=None, erase_at=None)
    Inbound.objects.update(erase_at=None)
    world.now = then
    ErasingRun.objects.all().delete()
    before = then - timedelta(hours=2)
    ErasingRun.objects.create(started_at=before, finished_at=before, next_at=then)


def erase_what_is_over_texts(world):
    world.deliver(world.rosa.number, "tocan la puerta")
    world.settle()
    Need.objects.filter(closed_at=None).update(closed_at=world.now, closed_by="x")
    erased_until(world, world.now + 100 * DAY)


def check_for_stopped_erasing(world):
    ErasingRun.objects.all().delete()
    long_ago = world.now - 2 * DAY
    ErasingRun.objects.create(started_at=long_ago, finished_at=long_ago, next_at=world.now + DAY)


def a_call(world):
    return webhook(world, "/twilio/voice", form(world, world.rosa.number, CallSid="CA1"))


def a_key_that_asks(world):
    a_call(world)()
    said = form(world, world.rosa.number, CallSid="CA1", Digits="1")
    return webhook(world, "/twilio/voice/key?s=menu&l=en&a=0", said)


def a_caller_whom_nobody_answers(world):
    a_call(world)()
    leg = calls.ring_first(Call.objects.get().pk, now=world.now).leg
    said = form(world, world.rosa.number, CallSid="CA1", DialCallStatus="busy")
    return webhook(world, f"/twilio/voice/rang?leg={leg.pk}&l=en", said)


def a_caller_whom_somebody_answers(world):
    a_call(world)()
    leg = calls.ring_first(Call.objects.get().pk, now=world.now).leg
    said = form(world, world.rosa.number, CallSid="CA2", Digits="1")
    return webhook(world, f"/twilio/voice/taken?leg={leg.pk}", said)


def ring_coordinators(world):
    need = raise_need(Reason.CALL_MEMBER, about=About("text", "1"), by=COMMAND_LINE, now=world.now)
    calling.owe(need.pk, world.lead.pk, began_at=world.now, now=world.now)


def a_coordinator_who_takes_an_alarm(world):
    ring_coordinators(world)
    world.ring_coordinators()
    said = form(world, world.lead.phone, CallSid="CA3", Digits="1")
    return webhook(world, f"/twilio/alarm/taken?call={AlarmCall.objects.get().pk}", said)


def a_text_of_a_member(world):
    return webhook(world, "/twilio/sms", form(world, world.rosa.number, "necesito ayuda"))


def a_text_of_a_stranger(world):
    return webhook(world, "/twilio/sms", form(world, world.stranger().number, "hola"))


def watch_workers(world):
    show_life("one:1", dict.fromkeys(PARTS, world.now) | {"outbox": world.now - timedelta(minutes=1)})


QUIET = {
    "watch_workers": (watch_workers,),
    "handle_waiting_texts": (text_of_a_member, text_of_a_stranger, text_of_an_invited),
    "lapse_claims": (lapse_claims,),
    "suspend_unvouched": (suspend_unvouched,),
    "settle_proposals": (settle_proposals_over,),
    "remind_renewals": (remind_renewals,),
    "end_exports": (end_exports,),
    "forget_slowly": (forget_slowly,),
    "end_surges": (end_surges,),
    "follow_up_invitations": (follow_up_invitations_reminds, follow_up_invitations_calls),
    "check_phones": (check_phones_asks, check_phones_freezes),
    "page": (page,),
    "read_the_carriers_list": (backfill_finds_what_no_webhook_brought,),
    "check_for_silent_line": (check_for_silent_line,),
    "forget_strangers": (forget_strangers,),
    "erase_what_is_over": (erase_what_is_over_texts,),
    "check_for_stopped_erasing": (check_for_stopped_erasing,),
    "make_nightly_backup": (make_nightly_backup_sets_the_night, make_nightly_backup_begins),
    "ring_coordinators": (ring_coordinators,),
    "send_canary": (send_canary, send_canary_tells_of_a_lost_one),
    "wake_heartbeat": (wake_heartbeat,),
    "seal_lines": (seal_lines,),
    "publish_head": (publish_head,),
    "webhooks": (
        a_call,
        a_key_that_asks,
        a_caller_whom_nobody_answers,
        a_caller_whom_somebody_answers,
        a_coordinator_who_takes_an_alarm,
        a_text_of_a_member,
        a_text_of_a_stranger,
    ),
}


# While somebody is sought for Rosa, and Ana was asked


def text_that_accepts(world):
    world.deliver(world.ana.number, f"{world.ana.code()} 10 min")


def text_that_stops(world):
    world.deliver(world.ana.number, "STOP")


def release_suspended_offers(world):
    Person.objects.filter(pk=world.ana.person.pk).update(suspended_at=world.now)


def release_moved_offers(world):
    Member.objects.filter(person=world.rosa.person).update(moved_at=world.now + timedelta(seconds=1))


def offer_not_delivered(world):
    Outbound.objects.filter(offer_id__isnull=False).update(state="undelivered", error=30005)


def answer_not_delivered(world):
    last = Outbound.objects.filter(text="searching").last()
    Outbound.objects.filter(pk=last.pk).update(state="undelivered", error=30005)


def answer_sent_again(world):
    last = Outbound.objects.filter(text="searching").last()
    Outbound.objects.filter(pk=last.pk).update(state="undelivered", error=30008)


def expire_offers(world):
    Offer.objects.update(open_until=world.now)


def release_holds(world):
    Offer.objects.update(holds_until=world.now)


def settle_offers(world):
    Offer.objects.update(asked_at=world.now - timedelta(hours=2))


def last_calls(world):
    world.now += timedelta(minutes=1)
    SupportRequest.objects.update(starts_at=world.now + timedelta(hours=1), time_right_at=world.now)
    Search.objects.update(last_call_at=None)


def plan_due_searches(world):
    world.responder("Luis")
    world.responder("Marta")
    Search.objects.update(due_at=world.now)
    Offer.objects.update(state="declined", answered_at=world.now, holding=False)


def plan_finds_nobody(world):
    Search.objects.update(due_at=world.now)
    Offer.objects.update(state="declined", answered_at=world.now, holding=False)


def keep_promises(world):
    Search.objects.update(answer_by=world.now)


def flag_unanswered_times(world):
    SupportRequest.objects.update(time_asked_at=world.now - timedelta(hours=1))


def escalate_half_requests_flags(world):
    _half_asked(world, timedelta(minutes=4))


def escalate_half_requests_calls(world):
    _half_asked(world, timedelta(minutes=12))


def _half_asked(world, ago):
    SupportRequest.objects.update(state="asking", kind="")
    Conversation.objects.filter(person=world.rosa.person).update(
        question="kind", asked_at=world.now - ago, request_id=world.request().pk
    )


def expire_texts(world):
    Outbound.objects.filter(offer_id__isnull=False).update(state="owed", expires_at=world.now)


def send_owed_texts(world):
    Outbound.objects.filter(text="searching").update(state="owed", sid="", attempts=0)
    world.carrier.log.clear()


def send_refused_by_number(world):
    send_owed_texts(world)
    world.carrier.refuses = {world.rosa.number: 21211}


def send_refused_account(world):
    send_owed_texts(world)
    world.carrier.refuses = {world.rosa.number: 20003}


def receipts_asked_for(world):
    Outbound.objects.filter(text="searching").update(state="sent", ask_at=world.now)
    world.carrier.knows = "undelivered"


def media_lost(world):
    Inbound.objects.update(media=1, media_due_at=world.now, erase_at=None)


def end_drills(world):
    people_in = [world.responder("Luis").person.pk]
    drills.start_drill(
        [Kind.ACCOMPANIMENT],
        people_in,
        organization_id=world.azul.pk,
        language="en",
        lasts=timedelta(minutes=30),
        staff_id=world.lead.pk,
        now=world.now,
    )
    world.settle()
    Drill.objects.update(wanted_at=world.now)


def receipt_of_an_offer(world):
    row = Outbound.objects.filter(offer_id__isnull=False).first()
    told = {"MessageSid": row.sid, "MessageStatus": "undelivered", "ErrorCode": "30005"}
    return webhook(world, f"/twilio/status?o={row.pk}", told)


def receipt_that_they_opted_out(world):
    row = Outbound.objects.filter(text="searching").first()
    told = {"MessageSid": row.sid, "MessageStatus": "failed", "ErrorCode": "21610"}
    return webhook(world, f"/twilio/status?o={row.pk}", told)


def erase_what_is_over_requests(world):
    closed = {"state": "closed", "outcome": "helped", "closed_at": world.now, "notes": None}
    SupportRequest.objects.update(**closed)
    Search.objects.update(due_at=None, answer_by=None)
    Offer.objects.update(state="withdrawn", holding=False, settled_at=world.now)
    Need.objects.filter(closed_at=None).update(closed_at=world.now, closed_by="x")
    erased_until(world, world.now + 15 * DAY)


SEARCHING = {
    "erase_what_is_over": (erase_what_is_over_requests,),
    "handle_waiting_texts": (text_that_accepts, text_that_stops),
    "release_suspended": (release_suspended_offers,),
    "release_moved": (release_moved_offers,),
    "end_drills": (end_drills,),
    "act_on_undelivered_texts": (offer_not_delivered, answer_not_delivered, answer_sent_again),
    "expire_offers": (expire_offers,),
    "release_holds": (release_holds,),
    "settle_offers": (settle_offers,),
    "last_calls": (last_calls,),
    "plan_due_searches": (plan_due_searches, plan_finds_nobody),
    "keep_promises": (keep_promises,),
    "flag_unanswered_times": (flag_unanswered_times,),
    "escalate_half_requests": (escalate_half_requests_flags, escalate_half_requests_calls),
    "expire_texts": (expire_texts,),
    "send_owed_texts": (send_owed_texts, send_refused_by_number, send_refused_account),
    "ask_the_carrier": (receipts_asked_for, media_lost),
    "webhooks": (receipt_of_an_offer, receipt_that_they_opted_out),
}


# While Ana is on the way


def text_that_gives_up(world):
    world.deliver(world.ana.number, "5")


def text_that_arrives(world):
    world.deliver(world.ana.number, "3")


def release_suspended_visits(world):
    Person.objects.filter(pk=world.ana.person.pk).update(suspended_at=world.now)


def release_moved_visits(world):
    release_moved_offers(world)


def ask_the_silent_on_the_way(world):
    Visit.objects.update(there_by=world.now)


def ask_the_silent_there(world):
    Visit.objects.update(stage="there", there_at=world.now, done_by=world.now)


def flag_the_silent(world):
    Visit.objects.update(asked_at=world.now - timedelta(hours=1))


def flag_no_word_after(world):
    SupportRequest.objects.update(came_asked_at=world.now - 2 * DAY)


def ask_to_confirm(world):
    _accepted_for_a_time(world, confirm_at=world.now)


def flag_unconfirmed(world):
    _accepted_for_a_time(world, confirm_at=None, confirm_asked_at=world.now - timedelta(hours=1))


def _accepted_for_a_time(world, **more):
    starts = world.now + timedelta(hours=2)
    SupportRequest.objects.update(starts_at=starts, time_right_at=world.now)
    Offer.objects.filter(state="accepted").update(starts_at=starts)
    Visit.objects.update(stage="held", token_hash=None, there_by=None, **more)


COMING = {
    "handle_waiting_texts": (text_that_gives_up, text_that_arrives),
    "release_suspended": (release_suspended_visits,),
    "release_moved": (release_moved_visits,),
    "ask_to_confirm": (ask_to_confirm,),
    "flag_unconfirmed": (flag_unconfirmed,),
    "ask_the_silent": (ask_the_silent_on_the_way, ask_the_silent_there),
    "flag_the_silent": (flag_the_silent, flag_no_word_after),
}


def play(world, scenes, pytestconfig):
    """Each scene, with every write failing in turn (--long); else those that follow a marked row that was
    committed, and a few by chance."""
    plays = [(name, scene) for name, several in scenes.items() for scene in several]
    writes = []
    for name, scene in plays:
        with staged(world, name, scene) as act:
            writes.append(writes_of(world, act))
        assert writes[-1].seen, f"{scene.__name__} shows nothing: nothing is written"
    every = [(n, number) for n, write in enumerate(writes) for number in range(len(write.seen))]
    seed = int(os.environ.get("WRITES_SEED") or random.SystemRandom().randrange(10**6))
    fails = {(n, number) for n, write in enumerate(writes) for number in write.after_marks()}
    fails |= set(every if pytestconfig.getoption("long") else random.Random(seed).sample(every, BY_CHANCE))
    wrong = []
    for n, (name, scene) in enumerate(plays):
        numbers = sorted(number for which, number in fails if which == n)
        if numbers:
            with staged(world, name, scene) as act:
                wrong += lost_or_doubled(world, f"{name} ({scene.__name__})", act, numbers)
    assert not wrong, f"WRITES_SEED={seed} plays the same again:\n" + "\n".join(wrong)


@contextmanager
def staged(world, name, scene):
    """The scene is set, and what is to be tried in it is given; then it is as if it had not been."""
    carrier = world.carrier
    kept = carrier.answers, carrier.refuses, carrier.knows
    with undone(world):
        yield scene(world) or step(world, name)
    carrier.answers, carrier.refuses, carrier.knows = kept


def test_in_a_quiet_town(town, pytestconfig):
    play(town, QUIET, pytestconfig)


def test_while_somebody_is_sought(town, pytestconfig):
    town.rosa.asks()
    town.settle()
    play(town, SEARCHING, pytestconfig)


def test_while_somebody_is_on_the_way(town, pytestconfig):
    town.rosa.asks()
    town.ana.accepts(" 10 min")
    town.settle()
    play(town, COMING, pytestconfig)


def test_every_step_of_the_engine_has_a_scene():
    played = {name for scenes in (QUIET, SEARCHING, COMING) for name in scenes} - {"webhooks"}
    assert played == {step.name for step in engine.STEPS}
