"""Twilio's REST for messages: create, fetch, list, update, delete."""

import base64
import binascii
import re
import sqlite3
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from network.carrier import rules
from network.carrier.http import Answer, Request
from network.carrier.posts import Posts
from network.carrier.rules import Problem
from network.carrier.settings import Settings
from network.carrier.store import Store

VERSION = "2010-04-01"
BASE = "/carrier/2010-04-01/Accounts"
ONE = re.compile(rf"{BASE}/(\w+)/Messages/(\w+)\.json")
ALL = re.compile(rf"{BASE}/(\w+)/Messages\.json")
NUMBERS = re.compile(rf"{BASE}/(\w+)/IncomingPhoneNumbers\.json")
ACCOUNT = re.compile(rf"{BASE}/(\w+)\.json")
MOST_ROWS = 1000


class Rest:
    def __init__(self, settings: Settings, store: Store, posts: Posts) -> None:
        self.settings, self.store, self.posts = settings, store, posts

    def answer(self, request: Request) -> Answer:
        if not self._allowed(request):
            return _refused(Problem(20003, 401))
        if match := ONE.fullmatch(request.path):
            return self._one(request, match[2]) if match[1] == self._sid else _not_found()
        if (match := ALL.fullmatch(request.path)) and match[1] == self._sid:
            return self._create(request) if request.method == "POST" else self._list(request)
        if (match := ACCOUNT.fullmatch(request.path)) and match[1] == self._sid:
            return Answer.of_json(
                {"sid": self._sid, "status": "active", "type": "Full", "friendly_name": "simulated"}
            )
        if (match := NUMBERS.fullmatch(request.path)) and match[1] == self._sid:
            number = {"phone_number": self.settings.number, "sms_url": self.settings.webhook_url,
                      "sms_method": "POST"}  # fmt: skip
            return Answer.of_json({"incoming_phone_numbers": [number], "next_page_uri": None})
        return _not_found()

    @property
    def _sid(self) -> str:
        return self.settings.account_sid

    def _allowed(self, request: Request) -> bool:
        kind, _, coded = request.headers.get("authorization", "").partition(" ")
        try:
            user, _, secret = base64.b64decode(coded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        known = {(self._sid, self.settings.auth_token)}
        if self.settings.api_key and self.settings.api_secret:
            known.add((self.settings.api_key, self.settings.api_secret))
        return kind.lower() == "basic" and (user, secret) in known

    def _create(self, request: Request) -> Answer:
        form = request.form()
        to = form.get("To", "")
        problem = rules.refuse(form, number=self.settings.number, opted_out=self.store.opted_out(to))
        if problem:
            return _refused(problem)
        row = self.store.add(
            direction="outbound-api", sender=form.get("From") or self.settings.number, receiver=to,
            body=form["Body"], status="queued", segments=rules.segments(form["Body"]),
            service=form.get("MessagingServiceSid", ""),
        )  # fmt: skip
        self._deliver(row, form.get("StatusCallback", ""))
        return Answer.of_json(self._shown(row), 201)

    def _deliver(self, row: sqlite3.Row, callback: str) -> None:
        """The handset has it at once; the receipts follow in order, after this answer."""
        self.store.set(row["sid"], status="delivered")
        if not callback:
            return
        for word in ("sent", "delivered"):
            form = {
                "MessageSid": row["sid"], "SmsSid": row["sid"], "MessageStatus": word,
                "SmsStatus": word, "To": row["receiver"], "From": row["sender"],
                "AccountSid": self._sid, "ApiVersion": VERSION,
            }  # fmt: skip
            self.store.owe(f"receipt:{row['sid']}", callback, form)
        self.posts.look(f"receipt:{row['sid']}")

    def _one(self, request: Request, sid: str) -> Answer:
        row = self.store.get(sid)
        if row is None:
            return _not_found()
        if request.method == "DELETE":
            self.store.delete(sid)
            return Answer(204, b"")
        if request.method == "POST" and request.form().get("Body") == "":
            self.store.set(sid, body="")
            row = self.store.get(sid) or row
        return Answer.of_json(self._shown(row))

    def _list(self, request: Request) -> Answer:
        query = request.query
        try:
            size, page = int(query.get("PageSize", "50")), int(query.get("Page", "0"))
        except ValueError:
            return _refused(Problem(20001))
        if not 1 <= size <= MOST_ROWS:
            return _refused(Problem(20001))
        since, before = query.get("DateSent>", ""), query.get("DateSent<", "")
        rows = self.store.listing(
            to=query.get("To", ""), sender=query.get("From", ""), since=_iso(since),
            before=_iso(before), limit=size + 1, offset=page * size,
        )  # fmt: skip
        uri = f"/{VERSION}/Accounts/{self._sid}/Messages.json"
        more = {**query, "PageSize": str(size), "Page": str(page + 1)}
        return Answer.of_json({
            "messages": [self._shown(row) for row in rows[:size]],
            "page": page, "page_size": size, "start": page * size,
            "end": page * size + len(rows[:size]), "uri": uri, "first_page_uri": uri,
            "previous_page_uri": None,
            "next_page_uri": f"{uri}?{urlencode(more)}" if len(rows) > size else None,
        })  # fmt: skip

    def _shown(self, row: sqlite3.Row) -> dict[str, object]:
        """The twenty keys of Twilio's Message."""
        sid = row["sid"]
        uri = f"/{VERSION}/Accounts/{self._sid}/Messages/{sid}"
        return {
            "body": row["body"], "num_segments": str(row["segments"]),
            "direction": row["direction"], "from": row["sender"], "to": row["receiver"],
            "date_updated": _rfc(row["updated"]), "price": None, "error_message": None,
            "uri": f"{uri}.json", "account_sid": self._sid, "num_media": "0",
            "status": row["status"], "messaging_service_sid": row["service"] or None, "sid": sid,
            "date_sent": _rfc(row["sent"]), "date_created": _rfc(row["made"]), "error_code": None,
            "price_unit": "USD", "api_version": VERSION,
            "subresource_uris": {"media": f"{uri}/Media.json", "feedback": f"{uri}/Feedback.json"},
        }  # fmt: skip


def _rfc(iso: str) -> str:
    return format_datetime(datetime.fromisoformat(iso))


def _iso(asked: str) -> str:
    """Twilio takes 2026-10-31 and 2026-10-31T09:30:00Z."""
    try:
        found = datetime.fromisoformat(asked.replace("Z", "+00:00")) if asked else None
    except ValueError:
        return ""
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat() if found else ""


def _refused(problem: Problem) -> Answer:
    return Answer.of_json(problem.body(), problem.status)


def _not_found() -> Answer:
    return _refused(Problem(20404, 404))
