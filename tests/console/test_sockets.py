"""The live socket of somebody who is signed out, taken off, or on another site."""

import asyncio
import json
import time
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator

from network import asgi
from network.audit import rules as audit
from network.audit.actions import announce
from network.console.shell import consumers
from network.enrollment.actions import approvals
from network.organizations.models import Organization
from network.staff.actions import accounts, factors, sessions
from network.staff.actions.accounts import add_staff
from network.staff.models import Staff, StaffSession
from network.trust.rules.proposals import ProposalKind
from network.visits.actions import trust
from tests.console.signing_in import by_link, by_password, get, post, staff_of, with_code

HINT = '{"about": "request:1"}'


def scope_of(client, origin="https://red.example.org"):
    headers = [(b"cookie", f"__Host-session={client.cookies['__Host-session'].value}".encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    return {"type": "websocket", "path": "/live", "headers": headers, "query_string": b"", "subprotocols": []}


async def connected(client, **changes):
    """By the whole door that a browser comes through."""
    socket = ApplicationCommunicator(asgi.application.socket, scope_of(client, **changes))
    await socket.send_input({"type": "websocket.connect"})
    return socket, (await socket.receive_output(5))["type"]


async def closed_within(socket, seconds=2.0):
    """After how many seconds it was closed with 4401; anything else that comes before is a failure."""
    began = time.monotonic()
    answer = await socket.receive_output(seconds + 3)
    took = time.monotonic() - began
    assert answer == {"type": "websocket.close", "code": 4401}
    assert took < seconds
    return took


async def tell():
    consumers.relay(HINT)


async def leave(socket):
    await socket.send_input({"type": "websocket.disconnect", "code": 1000})
    await socket.wait(5)


def _take(world, ana):
    accounts.take_access(ana.pk, by=staff_of(world, "steward"), now=world.now)


def _role(world, ana):
    noor = staff_of(world, "steward")
    accounts.change_role(ana.pk, role=Staff.Role.STEWARD, organization_id=None, by=noor, now=world.now)


def _restore(world, ana):
    asked = factors.ask_restoring(ana.pk, by=staff_of(world, "steward"), now=world.now)
    factors.confirm_restoring(asked.pk, by=staff_of(world, "steward"), now=world.now)


def _suspend_organization(world, ana):
    """Two people of two other organizations do."""
    Staff.objects.filter(pk=ana.pk).update(organization=world.azul)
    phones = ("+13125550171", "+13125550172")
    first, second = (
        add_staff(
            f"{phone[-3:]}@example.org",
            role=Staff.Role.STEWARD,
            organization=house,
            phone=phone,
            by=audit.COMMAND_LINE,
            now=world.now,
        )
        for phone, house in zip(phones, (world.roja, None), strict=True)
    )
    proposed = trust.take_back(
        ProposalKind.SUSPEND_ORGANIZATION,
        world.azul.pk,
        why="it sold its list",
        staff_id=first.pk,
        now=world.now,
    )
    assert approvals.agree(proposed.pk, staff_id=second.pk, now=world.now)


WAYS = {
    "signed out": lambda world, ana, client: post(client, "/accounts/logout/"),
    "signed out everywhere": lambda world, ana, client: post(client, "/account/sign-out/everywhere"),
    "by another": lambda world, ana, client: post(
        by_link(world, staff_of(world, "coordinator")), f"/staff/{ana.pk}/sign-out/all"
    ),
    "access taken": lambda world, ana, client: _take(world, ana),
    "another role": lambda world, ana, client: _role(world, ana),
    "organization suspended": lambda world, ana, client: _suspend_organization(world, ana),
    "factor restored": lambda world, ana, client: _restore(world, ana),
    "in the database": lambda world, ana, client: Staff.objects.filter(pk=ana.pk).update(is_active=False),
    "a shift is over": lambda world, ana, client: setattr(world, "now", world.now + timedelta(hours=12)),
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_socket_is_closed_with_4401_within_two_seconds_and_the_page_too(world, way):
    ana = await sync_to_async(staff_of)(world, "coordinator")
    client = await sync_to_async(by_link)(world, ana)
    socket, said = await connected(client)
    assert said == "websocket.accept"
    await tell()
    assert (await socket.receive_output(5))["text"] == HINT
    await sync_to_async(WAYS[way])(world, ana, client)
    took = await closed_within(socket)
    print(f"revoked, {way}: socket closed after {took:.2f} s")
    answer = await sync_to_async(get)(client, "/board/needs")
    assert answer.status_code == 302
    again, _ = await connected(client)
    assert (await again.receive_output(5))["code"] == 4401


@pytest.mark.parametrize("asks", ["hint", "ping"])
async def test_who_was_signed_out_hears_not_one_word_more(world, monkeypatch, asks):
    monkeypatch.setattr(consumers, "LOOK_S", 3600)
    ana = await sync_to_async(staff_of)(world, "coordinator")
    client = await sync_to_async(by_link)(world, ana)
    socket, _ = await connected(client)
    await sync_to_async(StaffSession.objects.all().delete)()
    if asks == "hint":
        await tell()
    else:
        await socket.send_input({"type": "websocket.receive", "text": "ping"})
    await closed_within(socket)


async def test_the_line_of_history_is_the_notice_that_other_processes_hear(world, monkeypatch):
    monkeypatch.setattr(consumers, "LOOK_S", 3600)
    ana = await sync_to_async(staff_of)(world, "coordinator")
    client = await sync_to_async(by_link)(world, ana)
    socket, _ = await connected(client)
    monkeypatch.setattr(asgi.settings, "DATABASE_URL", await sync_to_async(_this_database)())
    listening = asyncio.create_task(asgi.listen())
    try:
        await _heard(socket)
        await sync_to_async(sessions.end_sessions)(ana.pk, by=audit.COMMAND_LINE, now=world.now)
        took = await closed_within(socket)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    print(f"revoked elsewhere: socket closed after {took:.2f} s")


def _this_database():
    from django.db import connection

    found = connection.settings_dict
    return f"postgresql://{found['USER']}@/{found['NAME']}?host={found['HOST']}"


async def _heard(socket):
    """Until the listener has its line open."""
    for _ in range(50):
        await sync_to_async(announce)("request:1")
        await asyncio.sleep(0.1)
        if not socket.output_queue.empty():
            break
    while not socket.output_queue.empty():
        assert json.loads((await socket.receive_output(1))["text"])["about"] == "request:1"
        await asyncio.sleep(0.2)
        if socket.output_queue.empty():
            return
    raise AssertionError("the listener heard nothing")


async def test_at_a_locked_desk_the_hints_go_on_and_carry_ids_only(world):
    ana = await sync_to_async(lambda: with_code(staff_of(world, "coordinator")))()
    client = await sync_to_async(by_password)(ana)
    socket, _ = await connected(client)
    world.now += timedelta(minutes=40)
    assert (await sync_to_async(get)(client, "/board/needs")).status_code == 423
    await tell()
    assert (await socket.receive_output(5))["text"] == HINT
    await socket.send_input({"type": "websocket.receive", "text": "ping"})
    assert json.loads((await socket.receive_output(5))["text"])["about"] == "pong"
    assert (await sync_to_async(get)(client, "/board/needs")).status_code == 423
    again, said = await connected(client)
    assert said == "websocket.accept"
    for live in (socket, again):
        await leave(live)


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://red.example.org", "https://red.example.org:8443", "http://localhost:8000",
     "https://a.red.example.org", "null", "", None],
)  # fmt: skip
async def test_another_origin_gets_no_socket(world, origin):
    client = await sync_to_async(by_link)(world, await sync_to_async(staff_of)(world, "coordinator"))
    _, said = await connected(client, origin=origin)
    assert said == "websocket.close"


@pytest.mark.parametrize("role", ["verifier", "auditor", "lawyer", "no factor"])
async def test_no_other_role_gets_a_socket(world, role):
    plain = role == "no factor"
    staff = await sync_to_async(staff_of)(world, "coordinator" if plain else role, organization=world.azul)
    client = await sync_to_async(by_link)(world, staff, opens_board=not plain)
    socket, said = await connected(client)
    assert said == "websocket.accept"  # so that the page learns the code
    assert (await socket.receive_output(5))["code"] == 4401


@pytest.mark.parametrize("state", [{"suspended_at": "now"}, {"admitted_at": None}])
async def test_nobody_of_an_organization_that_does_not_stand_gets_a_socket(world, state):
    staff = await sync_to_async(staff_of)(world, "steward", organization=world.azul)
    values = {name: world.now if value else None for name, value in state.items()}
    await Organization.objects.filter(pk=world.azul.pk).aupdate(**values)
    client = await sync_to_async(by_link)(world, staff)
    socket, _ = await connected(client)
    assert (await socket.receive_output(5))["code"] == 4401
    await Organization.objects.filter(pk=world.azul.pk).aupdate(admitted_at=world.now, suspended_at=None)
    again, said = await connected(client)
    assert said == "websocket.accept"
    await leave(again)


async def test_where_sessions_can_not_be_looked_at_nobody_listens_on(world, monkeypatch):
    monkeypatch.setattr(consumers, "LOOK_S", 0.2)
    client = await sync_to_async(by_link)(world, await sync_to_async(staff_of)(world, "coordinator"))
    socket, _ = await connected(client)

    async def broken():
        raise RuntimeError("no database")

    monkeypatch.setattr(consumers.session_checks, "allowed", broken)
    assert await socket.receive_output(5) == {"type": "websocket.close", "code": 1011}


async def test_many_sockets_that_one_hint_wakes_share_one_look(world, monkeypatch):
    monkeypatch.setattr(consumers, "LOOK_S", 3600)
    client = await sync_to_async(by_link)(world, await sync_to_async(staff_of)(world, "coordinator"))
    sockets = [(await connected(client))[0] for _ in range(20)]
    asked, real = [], consumers.session_checks._read

    async def read():
        asked.append(1)
        return await real()

    monkeypatch.setattr(consumers.session_checks, "_read", read)
    await tell()
    for socket in sockets:
        assert (await socket.receive_output(5))["text"] == HINT
    assert 1 <= len(asked) <= 3
    for socket in sockets:
        await leave(socket)


async def test_hints_that_had_to_wait_are_told_in_the_order_they_came(world, monkeypatch):
    monkeypatch.setattr(consumers, "LOOK_S", 3600)
    client = await sync_to_async(by_link)(world, await sync_to_async(staff_of)(world, "coordinator"))
    socket, _ = await connected(client)
    answered, real = asyncio.Event(), consumers.session_checks.allowed

    async def slow():
        await answered.wait()
        return await real()

    monkeypatch.setattr(consumers.session_checks, "allowed", slow)
    hints = [f'{{"about": "request:{n}"}}' for n in range(consumers.MOST_HINTS)]
    for hint in hints:
        consumers.relay(hint)
    await asyncio.sleep(0.05)
    consumers.relay('{"about": "request:last"}')  # one is being told by now: there is room for it
    consumers.relay('{"about": "lost"}')
    answered.set()
    for hint in [*hints, '{"about": "request:last"}']:
        assert (await socket.receive_output(5))["text"] == hint
    assert await socket.receive_nothing()
    await leave(socket)
