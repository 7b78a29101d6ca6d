"""A restored copy is quiet: it sends nothing and takes nothing from the carrier, until somebody says `awake`."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from network import engine
from network.audit.models import Entry
from network.audit.rules import COMMAND_LINE
from network.backups.awakening import FRESH, NotACopy, end_quiet
from network.checks.examining import examine
from network.desk.models import Need
from network.desk.rules import Reason
from network.dispatch.models import Offer, Search
from network.messaging.gateway import account, chosen, erasing
from network.messaging.gateway.protocol import NotReached, Received
from network.messaging.gateway.quiet import Quiet
from network.messaging.inbox import backfill, media
from network.messaging.models import Inbound, Outbound, RestoredCopy, Watch
from network.messaging.outbox import sending
from network.messaging.receipts import asking
from network.messaging.rules.states import InState, Lane, OutState
from network.support.models import SupportRequest
from network.tasks import queues
from tests.console.signing_in import by_link, get, staff_of

OWED = (OutState.OWED, OutState.SENDING, OutState.UNKNOWN)


@pytest.fixture
def copy(world, monkeypatch):
    """Hours ago, in the middle of a search: texts owed, a wave due, a text that nobody handled, and more at the
    carrier. It comes back as a copy now, and its carrier is behind the house's own gate."""
    monkeypatch.setattr(chosen, "_chosen", lambda address: world.carrier)
    for module in (sending, backfill, asking, erasing, media):
        monkeypatch.setattr(module, "carrier", chosen.carrier)
    world.ana, world.beto, world.rosa = world.responder("Ana"), world.responder("Beto"), world.member("Rosa")
    world.coordinator()
    world.rosa.asks()
    world.rosa.sends("1")
    Outbound.objects.filter(text="searching").update(state=OutState.OWED, sid="", owed_at=world.now)
    Search.objects.update(due_at=world.now)
    world.deliver(world.ana.number, "can somebody call me")
    Outbound.objects.filter(state=OutState.SENT).update(ask_at=world.now)
    world.carrier.inbound.append(Received(form(world, world.rosa.number, "hola?"), world.now))
    world.carrier.log.clear()
    made = world.now
    world.now += timedelta(hours=6)
    RestoredCopy.objects.create(made_at=made, restored_at=world.now)
    return world


def form(world, number, body):
    return {
        "MessageSid": f"SM{next(world.messages):032x}", "AccountSid": "AC" + "0" * 32, "From": number,
        "To": "+13125550100", "Body": body, "NumMedia": "0",
    }  # fmt: skip


def work(monkeypatch, world):
    """As a worker would: every step of the engine, and every job of every queue."""
    monkeypatch.setattr(engine, "_last_full_round", None)
    assert engine.step(world.now)
    for queue in queues():
        for job in queue.jobs.values():
            queue._look(job)
        queue.end()


def as_it_was():
    return (
        list(Outbound.objects.order_by("order").values_list("state", "attempts", "asked", "ask_at")),
        list(Inbound.objects.order_by("arrival").values_list("state", "attempts", "erase_tries")),
        list(Offer.objects.order_by("pk").values_list("state")),
        list(Search.objects.values_list("due_at", "answer_by")),
        list(Need.objects.order_by("number").values_list("reason", "claimed_by", "closed_at")),
        Watch.objects.values_list("read_at", "tried_at").first(),
    )


def test_a_copy_sends_nothing_and_leaves_all_as_it_was(copy, monkeypatch):
    before = as_it_was()

    for _ in range(3):
        work(monkeypatch, copy)
        copy.now += timedelta(minutes=10)

    assert copy.carrier.log == []
    assert copy.carrier.erased == []
    assert as_it_was() == before


def test_a_database_that_is_no_copy_does_send_what_is_due(copy, monkeypatch):
    """The same without the mark: this town has much to say."""
    RestoredCopy.objects.all().delete()
    before = as_it_was()
    work(monkeypatch, copy)
    assert copy.carrier.log
    assert as_it_was() != before


def test_only_steps_that_nobody_outside_notices_run_in_a_copy():
    assert {step.name for step in engine.STEPS if step.in_copy} == {
        "watch_workers", "lapse_claims", "end_exports", "erase_what_is_over", "forget_strangers",
        "seal_lines",
    }  # fmt: skip


@pytest.mark.parametrize(
    "act",
    [
        lambda gateway, now: gateway.send(to="+1", body="x", callback="", valid_for_s=None),
        lambda gateway, now: gateway.sent_to("+1"),
        lambda gateway, now: gateway.status_of("SM1"),
        lambda gateway, now: gateway.received(since=now),
        lambda gateway, now: gateway.attachments("SM1", most_bytes=1),
        lambda gateway, now: gateway.erase("SM1"),
    ],
)
def test_whatever_is_asked_of_the_carrier_is_not_reached_in_a_copy(copy, act):
    gateway = chosen.carrier()
    assert isinstance(gateway, Quiet)
    assert not gateway.account_is_right()
    with pytest.raises(NotReached):
        act(gateway, copy.now)
    with pytest.raises(account.NoAccount, match="awake"):
        account.set_up()


def test_even_a_sender_that_is_told_to_send_sends_nothing(copy):
    sending.drain(limit=20)
    backfill.backfill(now=copy.now)
    assert copy.carrier.log == []
    assert Outbound.objects.filter(text="searching", state=OutState.OWED).exists()
    assert not Inbound.objects.filter(fetched=True).exists()


def test_a_text_that_comes_in_is_stored_and_waits(copy, monkeypatch):
    assert copy.deliver(copy.rosa.number, "ayuda") == 200
    work(monkeypatch, copy)
    assert Inbound.objects.latest("arrival").state == InState.WAITING


# It is said


@pytest.mark.parametrize(
    ("language", "words"), [("en", "This is a restored copy"), ("es", "Esta es una copia recuperada")]
)
def test_every_page_says_that_it_is_a_copy(copy, language, words):
    client = by_link(copy, staff_of(copy, "coordinator"))
    client.cookies["django_language"] = language
    number = SupportRequest.objects.get().number
    for path in ("/", f"/requests/{number}", "/duty", "/handbook"):
        assert words in get(client, path).content.decode(), path
    end_quiet(by=COMMAND_LINE, now=copy.now)
    assert words not in get(client, "/").content.decode()


def test_the_way_in_says_it_too(copy, client):
    assert "This is a restored copy" in client.get("/accounts/login/", secure=True).content.decode()


def test_doctor_says_it_and_asks_the_carrier_nothing(copy, monkeypatch):
    monkeypatch.setattr("network.checks.line.chosen.carrier", lambda: pytest.fail("it asked"))
    told = {check.what: check for check in examine(now=copy.now)}
    assert told["restored copy"].verdict == "warn"
    assert "awake" in told["restored copy"].mend
    assert told["carrier"].verdict == told["texts to us"].verdict == "skip"


# Awake


def test_once_awake_it_goes_on_but_what_was_owed_does_not_leave(copy):
    """The original most likely sent it, and if not it is late by hours: somebody is to be called."""
    owed = set(Outbound.objects.filter(state=OutState.OWED).values_list("pk", flat=True))
    assert owed
    ended = end_quiet(by=COMMAND_LINE, now=copy.now)

    assert ended.expired == len(owed)
    assert not RestoredCopy.objects.exists()
    assert Watch.objects.get().wanted_at == copy.now  # and nothing is handled before that was read
    assert Entry.objects.get(action="copy.awake").detail == {"expired": len(owed), "acted_on": ended.acted_on}
    assert Need.objects.filter(reason=Reason.REFUSED_SEND, person_id=copy.rosa.person.pk).exists()
    copy.settle()
    assert set(Outbound.objects.filter(pk__in=owed).values_list("state", flat=True)) == {OutState.EXPIRED}
    assert Watch.objects.get().read_at == copy.now  # what no webhook brought is here
    assert Inbound.objects.filter(fetched=True, state=InState.HANDLED).exists()
    assert not Inbound.objects.filter(state=InState.WAITING).exists()
    assert Search.objects.get().due_at != copy.now - timedelta(hours=6)
    assert copy.carrier.log  # it speaks again


def test_a_question_that_never_left_is_put_to_the_next_person(copy):
    offer = Offer.objects.filter(state="open").first()
    Outbound.objects.filter(offer_id=offer.pk).update(
        state=OutState.OWED, sid="", expires_at=None, owed_at=copy.now - timedelta(hours=6)
    )
    end_quiet(by=COMMAND_LINE, now=copy.now)
    offer.refresh_from_db()
    assert offer.state == "undeliverable"
    assert Search.objects.get().due_at <= copy.now


def test_a_text_whose_own_time_is_over_and_a_page_to_staff_only_expire(copy):
    rows = Outbound.objects.filter(state=OutState.OWED)
    rows.update(expires_at=copy.now - timedelta(hours=5))
    assert end_quiet(by=COMMAND_LINE, now=copy.now).acted_on == 0
    assert not Need.objects.filter(reason=Reason.REFUSED_SEND).exists()


def test_pages_that_are_owed_to_staff_raise_no_need(copy):
    Outbound.objects.filter(state=OutState.OWED).update(lane=Lane.STAFF)
    ended = end_quiet(by=COMMAND_LINE, now=copy.now)
    assert ended.expired > 0
    assert ended.acted_on == 0


def test_one_that_was_being_sent_is_looked_for_and_never_handed_over_again(copy):
    Outbound.objects.filter(text="searching").update(
        state=OutState.SENDING, leased_until=copy.now - timedelta(hours=6), attempts=1,
        first_attempt_at=copy.now - timedelta(hours=6),
    )  # fmt: skip
    ended = end_quiet(by=COMMAND_LINE, now=copy.now)
    assert ended.acted_on == 1
    copy.settle()
    copy.wait(minutes=2)
    assert set(Outbound.objects.filter(text="searching").values_list("state", flat=True)) == {
        OutState.EXPIRED
    }


def test_what_somebody_wrote_here_a_moment_ago_leaves(copy):
    RestoredCopy.objects.update(restored_at=copy.now - timedelta(hours=1))
    row = Outbound.objects.filter(text="searching")
    row.update(owed_at=copy.now - FRESH + timedelta(minutes=1))
    end_quiet(by=COMMAND_LINE, now=copy.now)
    assert row.get().state == OutState.OWED
    copy.settle()
    assert row.get().state not in OWED


def test_awake_asks_for_a_word(copy, monkeypatch, capsys):
    for typed in ("", "yes\n"):
        monkeypatch.setattr("sys.stdin", StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            call_command("awake")
        assert ended.value.code == 1
        assert RestoredCopy.objects.exists()
    monkeypatch.setattr("sys.stdin", StringIO("Dead\n"))
    call_command("awake")
    assert not RestoredCopy.objects.exists()
    assert "awake:" in capsys.readouterr().out


def test_awake_is_for_a_copy_alone(copy, capsys):
    call_command("awake", "--yes")
    with pytest.raises(SystemExit) as ended:
        call_command("awake", "--yes")
    assert ended.value.code == 1
    assert "isn't a restored copy" in capsys.readouterr().err
    with pytest.raises(NotACopy):
        end_quiet(by=COMMAND_LINE, now=copy.now)
