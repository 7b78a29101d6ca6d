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

from network.people.queries_access import that_may_listen


@dataclass(slots=True)
class _Look:
    """One that hasn't begun, and for which sessions."""

    asked: set[UUID]
    answer: asyncio.Task[set[UUID]]


@dataclass(slots=True)
class _Line:
    """The looks of one event loop, one after the other."""

    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    next: _Look | None = None


_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, _Line] = WeakKeyDictionary()


async def may_listen(session_id: UUID) -> bool:
    """Whether this session still lives and its holder still has the board."""
    line = _lines.setdefault(asyncio.get_running_loop(), _Line())
    if line.next is None:
        line.next = _Look(set(), asyncio.create_task(_begin(line)))
    look = line.next
    look.asked.add(session_id)
    return session_id in await asyncio.shield(look.answer)


async def _begin(line: _Line) -> set[UUID]:
    async with line.one_at_a_time:
        await asyncio.sleep(0)  # all whom the same change woke have asked by then
        look, line.next = line.next, None
        assert look is not None
        allowed: set[UUID] = await _read(frozenset(look.asked))
        return allowed


@database_sync_to_async
def _read(sessions: frozenset[UUID]) -> set[UUID]:
    return that_may_listen(sessions, now=timezone.now())
