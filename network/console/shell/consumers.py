"""The live console's socket: hints only; the page fetches what changed by ordinary HTTP.

It lives as long as the session, also while the desk is locked: the alarm must ring. It is asked
about before every word either way and once a second, so that whoever was signed out hears nothing
more, whichever process or person ended the session.
"""

import asyncio
import json
import logging
import random
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.utils import timezone

from network.audit.queries import last_seq
from network.audit.rules import error_of
from network.console.shell import session_checks
from network.console.shell.access import who_in
from network.console.shell.live import in_ms
from network.duty.actions.paging import be_present, stay_present
from network.staff.models import Staff
from network.staff.rules.access import AccessRefusal, Action, refusal
from network.staff.sessions import SessionStore

LOOK_S = 1.0
PRESENT_EVERY = 30  # looks
OPEN_EVERY = 300  # looks
NOT_ALLOWED, BROKEN = 4401, 1011
MOST_HINTS = 100  # that wait for one console; the pong's number tells its page of those it missed

log = logging.getLogger("porchlight")


class ConsoleRoom:
    """The consoles of one process, looked after together: one look at all their sessions a second."""

    def __init__(self) -> None:
        self.here: set[Live] = set()
        self.listening: set[Live] = set()  # from before a socket is accepted until it is gone
        self.watch: asyncio.Task[None] | None = None
        self.looks = 0

    def enter(self, live: "Live") -> None:
        self.here.add(live)
        if self.watch is None or self.watch.done():
            self.watch = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while self.here:
            await asyncio.sleep(LOOK_S)
            try:
                await self._look()
            except Exception as error:
                await self._close(list(self.here), BROKEN)
                log.warning("sockets closed: %s", error_of(error))

    async def _look(self) -> None:
        here = list(self.here)
        allowed = await session_checks.allowed()
        await self._close([socket for socket in here if socket.session_id not in allowed], NOT_ALLOWED)
        for socket in here:
            socket.looked += 1
            if socket.looked % OPEN_EVERY == 0 and not await socket.opens():
                await self._close([socket], NOT_ALLOWED)
        self.looks += 1
        if self.looks % PRESENT_EVERY == 0:
            await _present([socket.staff_id for socket in here if socket.staff_id])

    async def _close(self, some: Sequence["Live"], code: int) -> None:
        for socket in some:
            self.here.discard(socket)
            with suppress(Exception):  # it may have gone meanwhile
                await socket.close(code=code)


_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, ConsoleRoom] = WeakKeyDictionary()


def _room() -> ConsoleRoom:
    return _rooms.setdefault(asyncio.get_running_loop(), ConsoleRoom())


def open_sockets() -> int:
    """How many consoles are connected to this process."""
    return sum(len(room.here) for room in list(_rooms.values()))


@database_sync_to_async
def _present(staff_ids: Sequence[UUID]) -> None:
    stay_present(staff_ids, now=timezone.now())


def relay(hint: str) -> None:
    """Hand a hint to each console of this process; each is told in its own time, in the order they came."""
    for console in _room().listening:
        with suppress(asyncio.QueueFull):
            console.hints.put_nowait(hint)


class Live(AsyncWebsocketConsumer):
    """One console. Being connected counts as being on duty."""

    session_id: UUID | None = None
    staff_id: UUID | None = None
    looked = 0
    telling: asyncio.Task[None] | None = None

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.hints: asyncio.Queue[str] = asyncio.Queue(MOST_HINTS)

    async def connect(self) -> None:
        if not await self.opens():
            await self.accept()  # only then does the page learn the code
            await self.close(code=NOT_ALLOWED)
            return
        _room().listening.add(self)
        await self.accept()
        self.telling = asyncio.create_task(self._tell())
        self.looked = random.randrange(OPEN_EVERY)  # noqa: S311  so that not all are read in one moment
        _room().enter(self)

    async def disconnect(self, code: int) -> None:
        _room().here.discard(self)
        _room().listening.discard(self)
        if self.telling:
            self.telling.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """The page says nothing that matters; "ping" is answered with the number of the newest change,
        and with how many consoles share this process, by which they spread their fetches.
        """
        if await self._may_go_on() and text_data == "ping":
            pong = {"about": "pong", "seq": await self._seq(), "consoles": len(_room().here)}
            pong["now"] = in_ms(timezone.now())
            await self.send(text_data=json.dumps(pong))

    async def _tell(self) -> None:
        try:
            while True:
                hint = await self.hints.get()
                if not await self._may_go_on():
                    return
                await self.send(text_data=hint)
        except Exception as error:
            log.warning("a socket closed: %s", error_of(error))
            with suppress(Exception):  # it may have gone meanwhile
                await self.close(code=BROKEN)

    async def _may_go_on(self) -> bool:
        allowed = await self._looks()
        if not allowed:
            await self.close(code=NOT_ALLOWED)
        return allowed

    @database_sync_to_async
    def _seq(self) -> int:
        return last_seq()

    async def _looks(self) -> bool:
        return self.session_id in await session_checks.allowed()

    @database_sync_to_async
    def opens(self) -> bool:
        """Read all of it afresh, as a page would be opened; but for the lock of an idle desk."""
        request, now = HttpRequest(), timezone.now()
        session = request.session = SessionStore(self.scope["session"].session_key)
        staff = get_user(request)
        if not isinstance(staff, Staff) or session.row is None:
            return False
        if refusal(who_in(session, staff, now=now), Action.LISTEN, None, now) not in (
            None,
            AccessRefusal.LOCKED,
        ):
            return False
        self.session_id, self.staff_id = session.row.pk, staff.pk
        be_present(staff.pk, now=now)
        return True
