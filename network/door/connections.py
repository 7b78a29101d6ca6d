"""One client's connection: how long a head may take, how large it may be, and how long a client may not read.

A connection that waits costs no thread, but it costs a file and memory. Every wait has a limit here, so
that a client which is slow, silent or gone is let go of by itself.
"""

import asyncio
import logging
import resource
from collections import OrderedDict
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

HEAD_S = 10.0  # for a whole head, from its first byte or from the connection's beginning
PIECE_S = 30.0  # for 48 kB of an answer: a phone on a bad line takes 10
MOST_HEAD = 64 * 1024  # bytes
MOST_CONNECTIONS = 8000
OTHER_FILES = 256  # of the database, the program and its log

log = logging.getLogger("porchlight")


class Connection(HttpToolsProtocol):
    """The web server's own protocol, with limits. `waiting` holds those without a request, oldest first."""

    waiting: OrderedDict["Connection", None] = OrderedDict()
    head_s, piece_s, most = HEAD_S, PIECE_S, MOST_CONNECTIONS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.head_bytes = 0
        self.in_head = True
        self.head_timer: asyncio.TimerHandle | None = None
        self.piece_timer: asyncio.TimerHandle | None = None
        self.closing_timer: asyncio.TimerHandle | None = None
        self.running: RequestResponseCycle | None = None

    # What the transport tells.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begin_head()
        if len(self.connections) > self.most:
            oldest = next(iter(self.waiting))
            oldest.transport.abort()  # whoever sends a request at once is never the oldest

    def connection_lost(self, exc: Exception | None) -> None:
        self.waiting.pop(self, None)
        self._stop_timers()
        queued = [cycle for cycle, _ in self.pipeline]
        self.pipeline.clear()
        for cycle in (self.running, *queued):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        began_in_head = self.in_head
        super().data_received(data)
        if began_in_head and self.in_head:
            self.head_bytes += len(data)
            if self.head_bytes > MOST_HEAD:
                self._refuse(431)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self.piece_timer is None:
            self.piece_timer = self.loop.call_later(self.piece_s, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.piece_timer is not None:
            self.piece_timer.cancel()
            self.piece_timer = None

    # What the parser tells.

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._begin_head()

    def on_headers_complete(self) -> None:
        self.in_head, self.head_bytes = False, 0
        self._stop_head_timer()
        self.waiting.pop(self, None)
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        self._stop_timers()
        self.waiting.pop(self, None)
        super().handle_websocket_upgrade()

    # What the request's own life tells.

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self.running = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._close_in_time()
        elif not self.pipeline and not self.in_head:
            self.waiting[self] = None

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._close_in_time()

    def shutdown(self) -> None:
        super().shutdown()
        if self.transport.is_closing():
            self._close_in_time()

    # Our own.

    def _begin_head(self) -> None:
        self.in_head = True
        self.waiting[self] = None
        if self.head_timer is None:
            self.head_timer = self.loop.call_later(self.head_s, self._refuse, 408)

    def _refuse(self, status: int) -> None:
        """An answer to a head that isn't whole, and the end of the connection."""
        if self.transport.is_closing():
            return
        if (
            self.running is None or self.running.response_complete
        ):  # else its words would stand within an answer
            head = STATUS_LINE[status] + b"content-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write(head)
        self.transport.close()
        self._close_in_time()

    def _close_in_time(self) -> None:
        """Closing waits until what was written is read; a client that doesn't read waits for ever."""
        if self.closing_timer is None:
            self.closing_timer = self.loop.call_later(self.piece_s, self.transport.abort)

    def _stop_head_timer(self) -> None:
        if self.head_timer is not None:
            self.head_timer.cancel()
            self.head_timer = None

    def _stop_timers(self) -> None:
        self._stop_head_timer()
        for timer in (self.piece_timer, self.closing_timer):
            if timer is not None:
                timer.cancel()
        self.piece_timer = None


def open_as_many_files_as_allowed() -> None:
    """Each connection is a file; the usual first limit is 1,024. Never takes more connections than files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft != resource.RLIM_INFINITY:
        Connection.most = max(64, min(MOST_CONNECTIONS, soft - OTHER_FILES))
