"""The door: bytes come and go on the event loop, and a thread is only taken for a whole request.

A thread that reads from a client, or writes to one, is held for as long as that client likes. Here
none does: a phone that lost its signal in the middle of a page costs a connection until its time is
over, and nothing else.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from network.door import bodies
from network.door.bodies import Limit, Receive, Scope, Send
from network.door.requests import PIECE, Answer, Requests, failed, next_piece

READS_ONLY = ("GET", "HEAD", "OPTIONS")


class Door:
    """One way in, with threads of its own; what another door's callers do takes none of them."""

    def __init__(
        self,
        handler: Requests,
        *,
        name: str,
        threads: int,
        limit: Callable[[Scope], Awaitable[Limit]],
        gives_up: bool,
    ) -> None:
        """`gives_up`: a look whose client has left isn't begun. A post that came whole always is."""
        self.handler, self.limit, self.gives_up = handler, limit, gives_up
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self.files = ThreadPoolExecutor(2, thread_name_prefix=f"{name}-files")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await bodies.read(scope, receive, await self.limit(scope))
        except bodies.ClientGone:
            return
        except bodies.BodyRefused as refused:
            refusal = await self.in_thread(self.handler.refuse, scope, refused.status)
            await self._send(refusal, send, None)
            return
        gone = asyncio.create_task(_left(receive)) if self.gives_up else None
        try:
            answer = await self._answer(scope, body, gone)
            if answer is not None:
                await self._send(answer, send, gone)
        finally:
            if gone is not None:
                gone.cancel()

    async def in_thread[*Given, Got](self, work: Callable[[*Given], Got], *given: *Given) -> Got:
        return await asyncio.get_running_loop().run_in_executor(self.threads, work, *given)

    async def _answer(self, scope: Scope, body: bytes, gone: asyncio.Task[None] | None) -> Answer | None:
        work = self.threads.submit(self.handler.answer, scope, body)
        answer = asyncio.wrap_future(work)
        if gone is not None and scope["method"] in READS_ONLY:
            await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
            if not answer.done() and work.cancel():
                with suppress(asyncio.CancelledError):
                    await answer
                return None
        try:
            return await answer
        except Exception as error:
            return failed(error)

    async def _send(self, answer: Answer, send: Send, gone: asyncio.Task[None] | None) -> None:
        """In pieces; each waits until the client has read enough of those before it, or is let go of."""
        try:
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            content, rest = answer.content, answer.rest
            for at in range(0, len(content) - PIECE, PIECE):
                await _piece(send, content[at : at + PIECE], more=True)
            last = content[(len(content) - 1) // PIECE * PIECE :] if content else b""
            await _piece(send, last, more=rest is not None)
            while rest is not None and not (gone is not None and gone.done()):
                piece, ended = await asyncio.get_running_loop().run_in_executor(self.files, next_piece, rest)
                await _piece(send, piece, more=not ended)
                rest = None if ended else rest
        finally:
            if answer.rest is not None:
                await asyncio.shield(asyncio.get_running_loop().run_in_executor(self.files, answer.close))


async def _left(receive: Receive) -> None:
    """Until the client has left, or has its answer."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _piece(send: Send, piece: bytes, *, more: bool) -> None:
    await send({"type": "http.response.body", "body": piece, "more_body": more})
