"""A light carrier: takes texts at once and keeps them in memory, sends two receipts each, posts texts in.

The simulated carrier (network/carrier) keeps its books in SQLite, and takes 3.2 ms of the processor for a
text with its receipts; this one takes 0.7 ms, has no weather and no page, and forgets.
"""

import asyncio
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urldefrag, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from network.bench.forms import form
from network.bench.lines import NoAnswer, PostLines
from network.carrier.http import form_of
from network.carrier.rules import signature
from network.carrier.settings import Settings

AT_ONCE = 64  # posts to us, as the simulated carrier
MESSAGES = re.compile(r"/carrier/2010-04-01/Accounts/\w+/Messages\.json")
EMPTY = {"messages": [], "page": 0, "page_size": 50, "next_page_uri": None, "uri": ""}


@dataclass(frozen=True, slots=True)
class Handed:
    """A text that was handed to the carrier: when, by the machine's monotonic clock, and our own id of it."""

    at: float
    to: str
    body: str
    id: str


class Light:
    """`start`, `stop`, `asgi` and `text` as the simulated carrier has them, all in one event loop."""

    def __init__(self, settings: Settings) -> None:
        self.account, self.token, self.number = settings.account_sid, settings.auth_token, settings.number
        self.url = urldefrag(settings.webhook_url)[0]  # where texts in go; may be pointed elsewhere
        self.handed: list[Handed] = []
        self.heard: Callable[[Handed], None] = lambda _: None
        self.failed = 0  # posts to us that were not taken
        self.running: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self.lines = PostLines(AT_ONCE)

    async def stop(self) -> None:
        for task in list(self.running):
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)
        self.lines.close()

    async def asgi(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(Request(scope, receive))
        await answer(scope, receive, send)

    def text(self, phone: str, body: str) -> None:
        """A handset sends a text. In the loop's own thread."""
        self._begin([(self.url, form(phone, body))])

    async def _answer(self, request: Request) -> Response:
        if not MESSAGES.fullmatch(request.url.path):
            deletes = request.method == "DELETE"
            return Response(status_code=204) if deletes else JSONResponse({"code": 20404}, 404)
        if request.method != "POST":
            return JSONResponse(EMPTY)
        asked, sid = await form_of(request), "SM" + secrets.token_hex(16)
        callback = asked.get("StatusCallback", "")
        ours = parse_qs(urlsplit(callback).query).get("o", [""])[0]
        handed = Handed(time.monotonic(), asked["To"], asked["Body"], ours)
        self.handed.append(handed)
        if callback:
            self._begin([(callback, self._receipt(sid, asked["To"], word)) for word in ("sent", "delivered")])
        self.heard(handed)
        return JSONResponse({
            "sid": sid, "account_sid": self.account, "to": asked["To"], "from": self.number,
            "body": asked["Body"], "status": "queued", "direction": "outbound-api", "num_segments": "1",
            "num_media": "0", "error_code": None, "error_message": None, "date_created": None,
        }, 201)  # fmt: skip

    def _receipt(self, sid: str, to: str, word: str) -> dict[str, str]:
        return {
            "MessageSid": sid, "SmsSid": sid, "MessageStatus": word, "SmsStatus": word, "To": to,
            "From": self.number, "AccountSid": self.account, "ApiVersion": "2010-04-01",
        }  # fmt: skip

    def _begin(self, posts: list[tuple[str, dict[str, str]]]) -> None:
        task = asyncio.get_running_loop().create_task(self._post(posts))
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    async def _post(self, posts: list[tuple[str, dict[str, str]]]) -> None:
        """One after the other."""
        for url, fields in posts:
            signed = {"X-Twilio-Signature": signature(self.token, url, fields)}
            try:
                status = await self.lines.post(url, fields, signed)
            except NoAnswer:
                status = 0
            self.failed += status != 200
