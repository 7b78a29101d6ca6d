"""The live console's socket: hints only; the page fetches what changed by ordinary HTTP.

It lives as long as the session, also while the desk is locked: the alarm must ring. It is asked
about before every word either way and once a second, so that whoever was signed out hears nothing
more, whichever process or person ended the session.
"""

import asyncio
import json
import time
from contextlib import suppress
from typing import Any, ClassVar
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.utils import timezone

from network.audit.queries import last_seq
from network.console import looks
from network.console.access import who_in
from network.duty.actions import be_present
from network.people.models import Staff
from network.people.rules_access import Action, Refusal, refusal
from network.people.sessions import SessionStore

LOOK_S = 1.0
PRESENT_EVERY = 30  # looks
NOT_ALLOWED = 4401


class Live(AsyncWebsocketConsumer):
    """One console. Being connected counts as being on duty."""

    open_here: ClassVar[set["Live"]] = set()  # of this process
    watch: asyncio.Task[None] | None = None
    session_id: UUID | None = None

    async def connect(self) -> None:
        if not await self._opens():
            await self.accept()  # only then does the page learn the code
            await self.close(code=NOT_ALLOWED)
            return
        await self.channel_layer.group_add("consoles", self.channel_name)
        await self.accept()
        self.open_here.add(self)
        self.watch = asyncio.create_task(self._watch())

    async def disconnect(self, code: int) -> None:
        self.open_here.discard(self)
        if self.watch:
            self.watch.cancel()
            with suppress(asyncio.CancelledError):
                await self.watch
        await self.channel_layer.group_discard("consoles", self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """The page says nothing that matters; "ping" is answered with the number of the newest change,
        and with how many consoles share this process, by which they spread their fetches.
        """
        if await self._may_go_on() and text_data == "ping":
            pong = {"about": "pong", "seq": await self._seq(), "consoles": len(self.open_here)}
            await self.send(text_data=json.dumps(pong))

    async def hint(self, event: dict[str, Any]) -> None:
        if await self._may_go_on():
            await self.send(text_data=event["hint"])

    async def _may_go_on(self) -> bool:
        allowed = await self._looks()
        if not allowed:
            await self.close(code=NOT_ALLOWED)
        return allowed

    async def _watch(self) -> None:
        looked = 0
        while True:
            await asyncio.sleep(LOOK_S - time.monotonic() % LOOK_S)  # all at once: they share one look
            looked += 1
            allowed = await (self._opens() if looked % PRESENT_EVERY == 0 else self._looks())
            if not allowed:
                await self.close(code=NOT_ALLOWED)
                return

    @database_sync_to_async
    def _seq(self) -> int:
        return last_seq()

    async def _looks(self) -> bool:
        return self.session_id is not None and await looks.may_listen(self.session_id)

    @database_sync_to_async
    def _opens(self) -> bool:
        """Read all of it afresh, as a page would be opened; but for the lock of an idle desk."""
        request, now = HttpRequest(), timezone.now()
        session = request.session = SessionStore(self.scope["session"].session_key)
        staff = get_user(request)
        if not isinstance(staff, Staff) or session.row is None:
            return False
        if refusal(who_in(session, staff, now=now), Action.LISTEN, None, now) not in (None, Refusal.LOCKED):
            return False
        self.session_id = session.row.pk
        be_present(staff.pk, now=now)
        return True
