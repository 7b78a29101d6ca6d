"""The page of phones: several handsets side by side, to type on and to read, and the carrier's weather."""

import base64
import binascii
import html
import re
import secrets
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from network.carrier import rules
from network.carrier.calls import Calls
from network.carrier.delivery import VERSION, Delivery
from network.carrier.http import ANY, json_of
from network.carrier.line import SimulatedNumber
from network.carrier.posts import Posts
from network.carrier.settings import Handset

STATIC = Path(__file__).parent / "static"
KINDS = {"phones.css": "text/css; charset=utf-8", "phones.js": "text/javascript; charset=utf-8"}
PHONE = re.compile(r"\+[1-9]\d{6,14}")
type Posted = dict[str, Any]
COUNTRIES = ("FromCity", "FromState", "FromZip", "ToCity", "ToState", "ToZip")


class Phones:
    def __init__(self, line: SimulatedNumber, posts: Posts, delivery: Delivery, calls: Calls) -> None:
        self.line, self.settings, self.store = line, line.settings, line.store
        self.calls = calls
        self.posts, self.delivery, self.clock, self.faults = posts, delivery, posts.clock, posts.faults

    def routes(self) -> list[Route]:
        """Whatever else is asked for is not here; what is posted is of the page's own origin, or refused."""
        return [
            self._post("/phones/api/faults", self._set_faults),
            self._post("/phones/api/clock", self._advance),
            self._post("/phones/api/texts", self._of_phone(self._write)),
            self._post("/phones/api/phones", self._of_phone(self._add)),
            self._post("/phones/api/switch", self._of_phone(self._switch)),
            self._post("/phones/api/call", self._of_phone(self._ring)),
            self._post("/phones/api/keys", self._of_phone(self._press)),
            self._post("/phones/api/answer", self._of_phone(self._answer)),
            self._post("/phones/api/hang-up", self._of_phone(self._hang_up)),
            self._post("/phones/api/answers", self._of_phone(self._set_answers)),
            self._post("/{rest:path}", self._of_phone(self._nothing_to_do)),
            Route("/phones", self._page, methods=ANY),
            Route("/phones/", self._page, methods=ANY),
            Route("/phones/api/state", self._shown, methods=ANY),
            Route("/phones/static/{name}", self._static, methods=ANY),
            Route("/{rest:path}", self._nothing, methods=ANY),
        ]

    async def _page(self, _request: Request) -> Response:
        return Response((STATIC / "phones.html").read_bytes(), media_type="text/html")

    async def _shown(self, request: Request) -> Response:
        since = request.query_params.get("since", "0")
        return JSONResponse(self._state(int(since) if since.isdecimal() else 0))

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in KINDS:
            return _not_here()
        return Response((STATIC / name).read_bytes(), media_type=KINDS[name])

    async def _nothing(self, _request: Request) -> Response:
        return _not_here()

    def _state(self, since: int) -> dict[str, object]:
        rows = {row["phone"]: row for row in self.store.handsets()}
        ours = {handset.phone for handset in self.settings.phones}
        added = [
            Handset(row["phone"], row["name"] or row["phone"], "stranger", "", "")
            for phone, row in rows.items()
            if phone not in ours
        ]
        return {
            "change": self.store.change,
            "number": self.settings.number,
            "states": list(rules.HANDSETS),
            "answering": list(rules.ANSWERING),
            "calls": [
                {"sid": call.sid, "phone": self._on_page(rules.handset(call.phone)), "waits": call.waits}
                for call in self.calls.live.values()
            ],
            "faults": self.faults.shown(),
            "now": self.clock.now().isoformat(),
            "queue_s": round(self.delivery.queue_s(), 1),
            "problems": [{"at": row["at"], "code": row["code"]} for row in self.store.problems(5)],
            "phones": [
                {
                    **asdict(handset),
                    "state": rows[handset.phone]["state"] if handset.phone in rows else "on",
                    "answers": rows[handset.phone]["answers"] if handset.phone in rows else "rings",
                }
                for handset in (*self.settings.phones, *added)
            ],
            "texts": [self._text(row) for row in self.store.changed(since)],
        }

    def _text(self, row: sqlite3.Row) -> dict[str, object]:
        is_inbound = row["direction"] == "inbound"  # inbound to the customer is what the handset wrote
        address = row["sender"] if is_inbound else row["receiver"]
        return {
            "id": row["number"],
            "phone": self._on_page(rules.handset(address)),
            "app": address.startswith("whatsapp:"),
            "mine": is_inbound,
            "note": row["direction"] == "note",
            "body": row["body"],
            "segments": row["segments"],
            "status": row["status"],
            "error": row["error"],
            "arrived": is_inbound or row["direction"] == "note" or row["status"] == "delivered",
            "at": row["made"],
        }

    def _on_page(self, handset: str) -> str:
        """The handset as the page has it."""
        shown = [phone.phone for phone in self.settings.phones] + [
            row["phone"] for row in self.store.handsets()
        ]
        return next((phone for phone in shown if rules.handset(phone) == handset), handset)

    def _post(self, path: str, doing: Callable[[Posted], Awaitable[Response]]) -> Route:
        async def answer(request: Request) -> Response:
            if not self._same_origin(request):
                return JSONResponse({"error": "posted from another page"}, 403)
            return await doing(await json_of(request))

        return Route(path, answer, methods=["POST"])

    def _of_phone(
        self, doing: Callable[[str, Posted], Awaitable[Response]]
    ) -> Callable[[Posted], Awaitable[Response]]:
        async def answer(posted: Posted) -> Response:
            phone = str(posted.get("phone", ""))
            if not PHONE.fullmatch(phone):
                return JSONResponse({"error": "A phone looks like +13125550199."}, 400)
            return await doing(phone, posted)

        return answer

    async def _advance(self, posted: Posted) -> Response:
        self.clock.advance(float(str(posted.get("advance", 0))))
        return JSONResponse({"now": self.clock.now().isoformat()})

    async def _write(self, phone: str, posted: Posted) -> Response:
        media = _media(str(posted.get("media", "")))
        body = str(posted.get("body", ""))[: rules.MOST]
        return self.text(phone, body, media=media, app=bool(posted.get("app")))

    async def _add(self, phone: str, posted: Posted) -> Response:
        self.store.add_phone(phone, html.escape(str(posted.get("name", ""))[:40]) or phone)
        return JSONResponse({"ok": True})

    async def _switch(self, phone: str, posted: Posted) -> Response:
        if posted.get("state") not in rules.HANDSETS:
            return _not_here()
        self.store.switch(phone, str(posted["state"]))
        return JSONResponse({"ok": True})

    async def _ring(self, phone: str, _posted: Posted) -> Response:
        """The handset calls our number; one that is in a call already can't."""
        if not self.line.option("voice_url") or self.calls.of_phone(phone):
            return _not_here()
        return JSONResponse({"sid": self.calls.ring_us(phone)})

    async def _press(self, phone: str, posted: Posted) -> Response:
        digits = re.sub(r"[^0-9*#]", "", str(posted.get("digits", "")))
        return JSONResponse({"ok": True}) if self.calls.press(phone, digits) else _not_here()

    async def _answer(self, phone: str, posted: Posted) -> Response:
        how = str(posted.get("how", ""))
        done = how in rules.ANSWERS and self.calls.pick_up(phone, how)
        return JSONResponse({"ok": True}) if done else _not_here()

    async def _hang_up(self, phone: str, _posted: Posted) -> Response:
        call = self.calls.of_phone(phone)
        done = call is not None and self.calls.hang_up(call.sid, declined=True)
        return JSONResponse({"ok": True}) if done else _not_here()

    async def _set_answers(self, phone: str, posted: Posted) -> Response:
        if posted.get("answers") not in rules.ANSWERING:
            return _not_here()
        self.store.set_answers(phone, str(posted["answers"]))
        return JSONResponse({"ok": True})

    async def _nothing_to_do(self, _phone: str, _posted: Posted) -> Response:
        return _not_here()

    async def _set_faults(self, posted: Posted) -> Response:
        try:
            self.faults.set(posted)
        except ValueError as wrong:
            return JSONResponse({"error": str(wrong)}, 400)
        return JSONResponse(self.faults.shown())

    def _same_origin(self, request: Request) -> bool:
        kind = request.headers.get("content-type", "").split(";")[0]
        site = request.headers.get("sec-fetch-site", "same-origin")
        origin = request.headers.get("origin")
        same = origin is None or urlsplit(origin).netloc == request.headers.get("host")
        return kind == "application/json" and site == "same-origin" and same

    def text(
        self, phone: str, body: str, *, media: tuple[str, bytes] | None = None, app: bool = False
    ) -> Response:
        """A handset sends a text: kept for ever, forwarded with a signature, opt-outs heeded."""
        sender, ours = phone, self.settings.number
        if app:
            sender, ours = rules.by_app(phone), f"whatsapp:{ours}"
        row = self.store.add(
            now=self.clock.now(),
            direction="inbound",
            sender=sender,
            receiver=ours,
            body=body,
            status="received",
            segments=rules.segments(body),
            media=media is not None,
            sent=True,
        )
        form = self._form(row)
        if media:
            sid = self.store.add_media(row["sid"], *media)
            base = f"https://api.twilio.com/{VERSION}/Accounts/{self.settings.account_sid}"
            form |= {
                "NumMedia": "1",
                "MediaContentType0": media[0],
                "MediaUrl0": f"{base}/Messages/{row['sid']}/Media/{sid}",
            }
        self._answer_opt_out_words(phone, body.strip().upper())
        self._forward(phone, form)
        return JSONResponse({"sid": row["sid"]})

    def _form(self, row: sqlite3.Row) -> dict[str, str]:
        """The webhook's parameters: empty ones are signed too, and one is new every time."""
        form = {
            "SmsMessageSid": row["sid"], "SmsSid": row["sid"], "MessageSid": row["sid"],
            "AccountSid": self.settings.account_sid, "From": row["sender"], "To": row["receiver"],
            "Body": row["body"], "NumMedia": "0", "NumSegments": str(row["segments"]),
            "SmsStatus": "received", "ApiVersion": VERSION, "FromCountry": "US", "ToCountry": "US",
            **dict.fromkeys(COUNTRIES, ""), "FromState": "IL", f"X{secrets.token_hex(3)}": "",
        }  # fmt: skip
        if self.settings.service_sid:
            form["MessagingServiceSid"] = self.settings.service_sid
            word = row["body"].strip().upper()
            kind = "STOP" if word in rules.STOP else "START" if word in rules.START else ""
            form |= {"OptOutType": kind or "HELP"} if kind or word in rules.HELP else {}
        return form

    def _forward(self, phone: str, form: dict[str, str]) -> None:
        url = self.line.option("sms_url")
        if self.settings.service_sid and self.line.of_service("use_inbound_webhook_on_number") != "true":
            url = self.line.of_service("inbound_request_url")
        if not url or self.faults.hits(self.faults.texts_lost):
            return
        lane = f"phone:{phone}"
        if self.faults.texts_shuffled:
            lane = f"phone:{phone}:{form['MessageSid']}"
        for _ in range(1 + self.faults.hits(self.faults.texts_doubled)):
            self.store.owe(lane, url, form)
        self.posts.look(lane)

    def _answer_opt_out_words(self, phone: str, word: str) -> None:
        """The carrier's own answers reach the handset only; the text is forwarded all the same."""
        if rules.stops(word, number=self.settings.number):
            self.store.opt(phone, out=True)
            self._note(phone, "You have successfully been unsubscribed. Reply START to resubscribe.")
        elif rules.starts(word, number=self.settings.number) and self.store.opted_out(phone):
            self.store.opt(phone, out=False)
            self._note(phone, "You have successfully been re-subscribed to messages from this number.")
        elif word in rules.HELP and not self.store.opted_out(phone):
            self._note(phone, "Reply STOP to unsubscribe. Msg&Data Rates May Apply.")

    def _note(self, phone: str, body: str) -> None:
        self.store.add(
            now=self.clock.now(),
            direction="note",
            sender=self.settings.number,
            receiver=phone,
            body=body,
            status="delivered",
            segments=rules.segments(body),
        )


def _not_here() -> Response:
    return PlainTextResponse("not here", 404)


def _media(data_url: str) -> tuple[str, bytes] | None:
    """A picture or sound out of data:image/png;base64,..."""
    match = re.fullmatch(r"data:([\w.+-]+/[\w.+-]+);base64,([A-Za-z0-9+/=]+)", data_url)
    if not match:
        return None
    try:
        return match[1], base64.b64decode(match[2])
    except binascii.Error:
        return None
