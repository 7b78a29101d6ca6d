"""The live console's socket: hints only; the page fetches what changed by ordinary HTTP."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.utils import timezone

from network.audit.queries import last_seq
from network.console.access import may_open_board
from network.duty.actions import be_present
from network.people.models import Staff

CHECK_S = 30
NOT_ALLOWED = 4401


class Live(AsyncWebsocketConsumer):
    """One console. Being connected counts as being on duty; access is checked again as it goes."""

    watch: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        if not await self._allowed():
            await self.accept()
            await self.close(code=NOT_ALLOWED)
            return
        await self.channel_layer.group_add("consoles", self.channel_name)
        await self.accept()
        self.watch = asyncio.create_task(self._watch())

    async def disconnect(self, code: int) -> None:
        if self.watch:
            self.watch.cancel()
            with suppress(asyncio.CancelledError):
                await self.watch
        await self.channel_layer.group_discard("consoles", self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """The page says nothing that matters; "ping" is answered with the number of the newest change."""
        if text_data == "ping":
            await self.send(text_data=json.dumps({"about": "pong", "seq": await self._seq()}))

    async def hint(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["hint"])

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(CHECK_S)
            if not await self._allowed():
                await self.close(code=NOT_ALLOWED)
                return

    @database_sync_to_async
    def _seq(self) -> int:
        return last_seq()

    @database_sync_to_async
    def _allowed(self) -> bool:
        """Read the session afresh: signing out elsewhere closes this socket too."""
        request = HttpRequest()
        request.session = self.scope["session"].__class__(self.scope["session"].session_key)
        staff = get_user(request)
        if not isinstance(staff, Staff) or not may_open_board(staff, request.session):
            return False
        be_present(staff.pk, now=timezone.now())
        return True
