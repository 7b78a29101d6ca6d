"""Django, given a whole request in a thread; it gives back a whole answer, or a file to be sent in pieces."""

import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO

from django.core import signals
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.db import close_old_connections, connection
from django.dispatch import receiver
from django.http import HttpResponseBase, StreamingHttpResponse
from django.urls import set_script_prefix

from network.audit.rules import error_of
from network.database.lost import LossWatch, watched
from network.door.bodies import Scope

PIECE = 64 * 1024  # bytes

log = logging.getLogger("porchlight")


@dataclass(frozen=True, slots=True)
class Answer:
    """`rest` is what follows `content`, where there is more; `close` belongs to it."""

    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] = lambda: None


class Requests(BaseHandler):
    """Django with all its middleware, for people."""

    repeats = False  # whether to do the same post twice has the effect of once

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()

    def answer(self, scope: Scope, body: bytes) -> Answer:
        """Called in a thread, which waits for nothing but the database."""
        signals.request_started.send(sender=self.__class__, scope=scope)
        response, again = self._tried(scope, body)
        if again:
            response.close()
            connection.close()
            response, _ = self._tried(scope, body)
        return _answer_of(response)

    def refuse(self, scope: Scope, status: int) -> Answer:
        """The page that says why the body wasn't taken; the connection ends with it."""
        request = _request(scope, b"")
        request.refused = status
        answer = _answer_of(self.get_response(request))
        return replace(answer, headers=[*answer.headers, (b"connection", b"close")])

    def _tried(self, scope: Scope, body: bytes) -> tuple[HttpResponseBase, bool]:
        """The response, and whether it may be made once more: the database was lost, and nothing written."""
        request = _request(scope, body)
        with watched() as watch:
            request.watch = watch
            response = self.get_response(request)
        lost = response.status_code >= 500 and watch.lost
        return response, lost and (self.repeats or not watch.wrote)


class CarriersRequests(Requests):
    """The carrier's calls need no session, language, cookie or policy: each view checks a signature.

    Middleware took half of the time of a webhook. The carrier itself posts again what it got no answer to.
    """

    repeats = True

    def load_middleware(self, is_async: bool = False) -> None:
        self._view_middleware: list[object] = []
        self._template_response_middleware: list[object] = []
        self._exception_middleware: list[object] = []
        self._middleware_chain = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]

    def refuse(self, scope: Scope, status: int) -> Answer:
        headers = [(b"content-length", b"0"), (b"connection", b"close")]
        return Answer(status, headers, b"")


class Request(ASGIRequest):
    """Django's, and what became of the database meanwhile."""

    watch: LossWatch | None = None
    refused = 0  # the status that the door refuses its body with


def _request(scope: Scope, body: bytes) -> Request:
    set_script_prefix("/")
    try:
        return Request(scope, BytesIO(body))
    except UnicodeDecodeError:  # read as what it must be refused for
        return Request({**scope, "query_string": b"%00"}, BytesIO(body))


@receiver(signals.got_request_exception)
def _failed(request: object = None, **about: object) -> None:
    if isinstance(request, Request) and request.watch:
        request.watch.failed_by(sys.exception())


def _answer_of(response: HttpResponseBase) -> Answer:
    headers = [(name.lower().encode("ascii"), value.encode("latin1")) for name, value in response.items()]
    headers += [
        (b"set-cookie", morsel.OutputString().encode("ascii")) for morsel in response.cookies.values()
    ]
    if not isinstance(response, StreamingHttpResponse):
        content: bytes = response.content  # type: ignore[attr-defined]
        if not response.has_header("Content-Length") and response.status_code not in (204, 304):
            headers.append((b"content-length", b"%d" % len(content)))
        response.close()
        return Answer(response.status_code, headers, content)
    pieces = iter(response)
    first, ended = next_piece(pieces)
    if ended:
        response.close()
        return Answer(response.status_code, headers, first)
    close_old_connections()  # what follows comes from a file
    return Answer(response.status_code, headers, first, pieces, response.close)


def next_piece(pieces: Iterator[bytes]) -> tuple[bytes, bool]:
    """So much of what is streamed as is sent at once, and whether that was the end."""
    found, size = [], 0
    for piece in pieces:
        found.append(piece)
        size += len(piece)
        if size >= PIECE:
            return b"".join(found), False
    return b"".join(found), True


def failed(error: Exception) -> Answer:
    """What Django itself could not make an answer of. Its words may be private: only its kind is said."""
    log.error("a request failed: %s", error_of(error))
    content = b"Server Error"
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(content))]
    return Answer(500, headers, content)
