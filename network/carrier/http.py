"""The little HTTP that the carrier needs on ASGI."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MOST_BYTES = 6 * 1024 * 1024  # a picture, in base64


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> dict[str, Any]:
        try:
            found = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    kind: str = "application/json"

    @classmethod
    def of_json(cls, value: object, status: int = 200) -> "Answer":
        return cls(status, json.dumps(value).encode())


CUT = Answer(0, b"")  # no answer: the line is cut


SAFE = (
    (b"content-security-policy",
     b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
     b"img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
)  # fmt: skip


async def read(scope: Scope, receive: Receive) -> Request:
    body = b""
    while True:
        part = await receive()
        body = (body + part.get("body", b""))[:MOST_BYTES]
        if not part.get("more_body"):
            break
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True)),
        headers={k.decode("latin1").lower(): v.decode("latin1") for k, v in scope["headers"]},
        body=body,
    )


async def write(send: Send, answer: Answer) -> None:
    """An answer; or for CUT, less of a body than was announced, at which the server drops the line."""
    if answer is CUT:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"64")]})
        raise ConnectionResetError
    headers = [(b"content-type", answer.kind.encode()), *SAFE]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
