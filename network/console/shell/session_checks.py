"""One look at the sessions for all sockets of a process that wait for one.

A change is told to every socket in the same moment, and each must know that its session still lives
before it says a word. Whoever asks before a look begins shares it; nobody is answered by a look that
began before they asked.
"""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.utils import timezone

from network.staff.queries import sessions_that_may_listen


@dataclass(slots=True)
class _Line:
    """The looks of one event loop, one after the other; `next` hasn't begun."""

    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    next: asyncio.Task[set[UUID]] | None = None


_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, _Line] = WeakKeyDictionary()


async def allowed() -> set[UUID]:
    """The sessions that live, and whose holders have the board, by a look that begins from now on."""
    line = _lines.setdefault(asyncio.get_running_loop(), _Line())
    if line.next is None:
        line.next = asyncio.create_task(_begin(line))
    return await asyncio.shield(line.next)


async def _begin(line: _Line) -> set[UUID]:
    async with line.one_at_a_time:
        await asyncio.sleep(0)  # all whom the same change woke have asked by then
        line.next = None
        found: set[UUID] = await _read()
        return found


@database_sync_to_async
def _read() -> set[UUID]:
    return sessions_that_may_listen(now=timezone.now())
