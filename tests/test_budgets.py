"""How many statements each act may take. Whoever adds one says so here, and why."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network import engine
from network.conversations.handling.texts import handle_waiting
from network.dispatch.actions.searching import plan_due_searches
from network.dispatch.models import Offer
from network.messaging.models import Outbound
from network.messaging.outbox import sending

AROUND = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")

# What it takes today; the aims are in docs/adr/0011.
BUDGET = {
    "a phone's first text comes in": 4,
    "another comes in": 3,
    "a first text is handled": 31,
    "'at home' is handled": 22,
    "the kind is handled, and a search begins": 31,
    "a wave": 40,
    "an acceptance is handled": 71,
    "a receipt comes in": 1,
    "an idle step": 9,
}


def statements(work):
    with CaptureQueriesContext(connection) as ran:
        work()
    return [query["sql"] for query in ran.captured_queries if not query["sql"].lstrip().startswith(AROUND)]


def handle(world):
    return statements(lambda: handle_waiting(now=world.now))


def texts_in(world, phone, body):
    return statements(lambda: world.deliver(phone.number, body))


def played(world, responders):
    """One request from its first text to an acceptance, each step with what it took."""
    phones = [world.responder(f"Ana {n}") for n in range(responders)]
    rosa = world.member("Rosa")
    world.coordinator()
    took = {}
    took["a phone's first text comes in"] = texts_in(world, rosa, "help")
    took["a first text is handled"] = handle(world)
    sending.drain()
    took["another comes in"] = texts_in(world, rosa, "1")
    took["'at home' is handled"] = handle(world)
    sending.drain()
    world.deliver(rosa.number, "1")
    took["the kind is handled, and a search begins"] = handle(world)
    sending.drain()
    took["a wave"] = statements(lambda: plan_due_searches(now=world.now))
    world.settle()
    text = Outbound.objects.filter(sid__gt="").last()
    receipt = {"MessageSid": text.sid, "MessageStatus": "delivered", "AccountSid": "AC" + "0" * 32}
    took["a receipt comes in"] = statements(lambda: world.post(f"/twilio/status?o={text.pk}", receipt))
    world.settle()
    first = next(phone for phone in phones if phone.texts)
    world.deliver(first.number, first.code())
    took["an acceptance is handled"] = handle(world)
    world.settle()
    took["an idle step"] = statements(lambda: engine.next_due(world.now))
    return took


def test_no_act_takes_more_statements_than_it_may(world):
    took = {name: len(ran) for name, ran in played(world, 10).items()}
    assert set(took) == set(BUDGET)
    over = {name: (n, BUDGET[name]) for name, n in took.items() if n > BUDGET[name]}
    assert not over, over


def test_the_table_says_what_it_takes_and_not_much_more(world):
    """Else it holds nobody back."""
    took = {name: len(ran) for name, ran in played(world, 10).items()}
    loose = {
        name: (n, BUDGET[name]) for name, n in took.items() if n < BUDGET[name] - 4
    }  # wordings are read once a second
    assert not loose, loose


def wave(world, responders):
    for n in range(responders):
        world.responder(f"Ana {n}")
    rosa = world.member("Rosa")
    for body in ("help", "1", "1"):
        world.deliver(rosa.number, body)
        handle(world)
    return len(statements(lambda: plan_due_searches(now=world.now))), Offer.objects.count()


@pytest.mark.parametrize("responders", [1, 3, 25])
def test_a_wave_takes_the_same_however_many_are_asked(world, responders):
    took, asked = wave(world, responders)
    assert asked >= min(responders, 3)
    assert took <= BUDGET["a wave"] + 1
