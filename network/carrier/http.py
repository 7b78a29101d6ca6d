"""What the carrier's routes share: how a request is read, and an answer that never comes."""

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 6 * 1024 * 1024  # a picture, in base64
ANY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]  # no route of the carrier's answers 405
SAFE = [
    (b"content-security-policy",
     b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
     b"img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
]  # fmt: skip


async def body_of(request: Request) -> bytes:
    """What was posted, as far as a picture may be large; read once."""
    if not hasattr(request.state, "body"):
        body = b""
        async for part in request.stream():
            body = (body + part)[:MOST_BYTES]
        request.state.body = body
    return bytes(request.state.body)


async def form_of(request: Request) -> dict[str, str]:
    body = await body_of(request)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


async def json_of(request: Request) -> dict[str, Any]:
    """The object that was posted; empty where it was anything else."""
    try:
        posted = json.loads(await body_of(request) or b"{}")
    except ValueError:
        return {}
    return posted if isinstance(posted, dict) else {}


class Cut(Response):
    """No answer: less of a body than was announced, at which the server drops the line."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"64")]})
        raise ConnectionResetError


class SafeHeaders:
    """Middleware: the carrier's pages load nothing from elsewhere, and nothing of it is stored."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *SAFE]
            await send(message)

        await self.app(scope, receive, send_safely)
