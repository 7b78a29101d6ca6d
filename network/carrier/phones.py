"""The page of phones: several handsets side by side, to type on and to read."""

import html
import re
import secrets
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from network.carrier import rules
from network.carrier.http import Answer, Request
from network.carrier.posts import Posts
from network.carrier.settings import Handset, Settings
from network.carrier.store import Store

STATIC = Path(__file__).parent / "static"
KINDS = {"phones.css": "text/css; charset=utf-8", "phones.js": "text/javascript; charset=utf-8"}
PHONE = re.compile(r"\+[1-9]\d{6,14}")


class Phones:
    def __init__(self, settings: Settings, store: Store, posts: Posts) -> None:
        self.settings, self.store, self.posts = settings, store, posts

    async def answer(self, request: Request) -> Answer:
        if request.method == "POST":
            return await self._post(request)
        if request.path in ("/phones", "/phones/"):
            page = (STATIC / "phones.html").read_text(encoding="utf-8")
            return Answer(200, page.encode(), "text/html; charset=utf-8")
        if request.path == "/phones/api/state":
            since = request.query.get("since", "0")
            return Answer.of_json(self._state(int(since) if since.isdigit() else 0))
        name = request.path.removeprefix("/phones/static/")
        if name in KINDS:
            return Answer(200, (STATIC / name).read_bytes(), KINDS[name])
        return Answer(404, b"not here", "text/plain")

    def _state(self, since: int) -> dict[str, object]:
        extra = [Handset(row["phone"], row["name"], "stranger", "", "") for row in self.store.extra_phones()]
        return {
            "change": self.store.change,
            "number": self.settings.number,
            "phones": [
                {"phone": h.phone, "name": h.name, "role": h.role, "language": h.language, "note": h.note}
                for h in (*self.settings.phones, *extra)
            ],
            "texts": [self._text(row) for row in self.store.changed(since)],
        }  # fmt: skip

    def _text(self, row: sqlite3.Row) -> dict[str, object]:
        mine = row["direction"] == "inbound"  # inbound to the customer is what the handset wrote
        return {
            "id": row["number"],
            "phone": row["sender"] if mine else row["receiver"],
            "mine": mine,
            "note": row["direction"] == "note",
            "body": row["body"],
            "segments": row["segments"],
            "status": row["status"],
            "at": row["made"],
        }

    async def _post(self, request: Request) -> Answer:
        if not self._same_origin(request):
            return Answer.of_json({"error": "posted from another page"}, 403)
        said = request.json()
        phone = str(said.get("phone", ""))
        if not PHONE.fullmatch(phone):
            return Answer.of_json({"error": "A phone looks like +13125550199."}, 400)
        if request.path == "/phones/api/texts":
            return self.text(phone, str(said.get("body", ""))[: rules.MOST])
        if request.path == "/phones/api/phones":
            self.store.add_phone(phone, html.escape(str(said.get("name", ""))[:40]) or phone)
            return Answer.of_json({"ok": True})
        if request.path == "/phones/api/call" and self.settings.voice_url:
            return await self._call(phone)
        return Answer(404, b"not here", "text/plain")

    def _same_origin(self, request: Request) -> bool:
        kind = request.headers.get("content-type", "").split(";")[0]
        site = request.headers.get("sec-fetch-site", "same-origin")
        origin = request.headers.get("origin")
        same = origin is None or urlsplit(origin).netloc == request.headers.get("host")
        return kind == "application/json" and site == "same-origin" and same

    def text(self, phone: str, body: str) -> Answer:
        """A handset sends a text: kept, forwarded with a signature, opt-outs minded."""
        row = self.store.add(
            direction="inbound", sender=phone, receiver=self.settings.number, body=body,
            status="received", segments=rules.segments(body),
        )  # fmt: skip
        self._mind_words(phone, body.strip().upper())
        form = {
            "ToCountry": "US", "ToState": "IL", "SmsMessageSid": row["sid"], "NumMedia": "0",
            "ToCity": "", "FromZip": "", "SmsSid": row["sid"], "FromState": "IL",
            "SmsStatus": "received", "FromCity": "", "Body": body, "FromCountry": "US",
            "To": self.settings.number, "ToZip": "", "NumSegments": str(row["segments"]),
            "MessageSid": row["sid"], "AccountSid": self.settings.account_sid, "From": phone,
            "ApiVersion": "2010-04-01", f"X{secrets.token_hex(3)}": "",
        }  # fmt: skip
        self.store.owe(f"phone:{phone}", self.settings.webhook_url, form)
        self.posts.look(f"phone:{phone}")
        return Answer.of_json({"sid": row["sid"]})

    def _mind_words(self, phone: str, word: str) -> None:
        """The carrier's own answers reach the handset only; the text is forwarded all the same."""
        if word in rules.STOP:
            self.store.opt(phone, out=True)
            self._note(phone, "You have successfully been unsubscribed. Reply START to resubscribe.")
        elif word in rules.START and self.store.opted_out(phone):
            self.store.opt(phone, out=False)
            self._note(phone, "You have successfully been re-subscribed to messages from this number.")
        elif word in rules.HELP:
            self._note(phone, "Reply STOP to unsubscribe. Msg&Data Rates May Apply.")

    def _note(self, phone: str, body: str) -> None:
        self.store.add(
            direction="note", sender=self.settings.number, receiver=phone, body=body,
            status="delivered", segments=rules.segments(body),
        )  # fmt: skip

    async def _call(self, phone: str) -> Answer:
        form = {
            "CallSid": "CA" + secrets.token_hex(16), "AccountSid": self.settings.account_sid,
            "From": phone, "To": self.settings.number, "CallStatus": "ringing",
            "Direction": "inbound", "ApiVersion": "2010-04-01",
        }  # fmt: skip
        spoken = await self.posts.post(self.settings.voice_url or "", form)
        try:
            said = [say.text or "" for say in ElementTree.fromstring(spoken or "").iter("Say")]  # noqa: S314  our own customer's answer
        except ElementTree.ParseError:
            said = ["We are sorry, an application error has occurred. Goodbye."]
        for sentence in said:
            self._note(phone, f"☎ {sentence}")
        return Answer.of_json({"ok": True})
