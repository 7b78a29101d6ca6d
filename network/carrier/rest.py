"""Twilio's REST: messages, their media, the number, the service, the account."""

import asyncio
import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from network.carrier import rules, shown
from network.carrier.delivery import Delivery
from network.carrier.faults import HANGS_S, Fault, Faults
from network.carrier.http import CUT, Answer, Request
from network.carrier.line import NUMBER_SID, OPTIONS, SERVICE_OPTIONS, Line
from network.carrier.rules import Problem
from network.carrier.settings import Settings
from network.carrier.store import Store

BASE = f"/carrier/{shown.VERSION}/Accounts"
MESSAGE = re.compile(rf"{BASE}/(\w+)/Messages/(\w+)\.json")
MESSAGES = re.compile(rf"{BASE}/(\w+)/Messages\.json")
MEDIA_LIST = re.compile(rf"{BASE}/(\w+)/Messages/(\w+)/Media\.json")
MEDIA = re.compile(rf"{BASE}/(\w+)/Messages/(\w+)/Media/(\w+?)(\.json)?")
NUMBERS = re.compile(rf"{BASE}/(\w+)/IncomingPhoneNumbers\.json")
NUMBER = re.compile(rf"{BASE}/(\w+)/IncomingPhoneNumbers/(\w+)\.json")
ACCOUNT = re.compile(rf"{BASE}/(\w+)\.json")
SERVICE = re.compile(r"/carrier/v1/Services/(\w+)")
MOST_ROWS = 1000
FINAL = frozenset({"delivered", "undelivered", "failed", "received", "canceled", "sent"})


class Rest:
    def __init__(
        self, settings: Settings, store: Store, line: Line, delivery: Delivery, faults: Faults
    ) -> None:
        self.settings, self.store, self.line = settings, store, line
        self.delivery, self.faults = delivery, faults

    async def answer(self, request: Request) -> Answer:
        """What is asked for, or what the faults make of it."""
        creates = request.method == "POST" and MESSAGES.fullmatch(request.path) is not None
        before, after = self.faults.slowness(creates=creates)
        await asyncio.sleep(self.faults.slow_s + before)
        answer = await self._with_its_troubles(request, creates=creates)
        await asyncio.sleep(after)
        return answer

    async def _with_its_troubles(self, request: Request, *, creates: bool) -> Answer:
        match self.faults.of_call(creates=creates):
            case Fault.CUT:
                return CUT
            case Fault.ERROR:
                return Answer(500, b"<html>Internal Server Error</html>", "text/html")
            case Fault.SLOW_DOWN:
                return _refused(Problem(20429, 429))
            case Fault.HANG:
                await asyncio.sleep(HANGS_S)
                return CUT
            case Fault.LOST:
                await self._answer(request)
                return CUT
            case Fault.ERROR_TAKEN:
                await self._answer(request)
                return Answer(503, b"upstream", "text/plain")
            case None:
                return await self._answer(request)

    async def _answer(self, request: Request) -> Answer:
        if not self._allowed(request):
            return _refused(Problem(20003, 401))
        if SERVICE.fullmatch(request.path):
            return self._service(request)
        for pattern, doing in (
            (MESSAGES, self._messages), (MESSAGE, self._message), (MEDIA_LIST, self._media_list),
            (MEDIA, self._media), (NUMBERS, self._numbers), (NUMBER, self._number), (ACCOUNT, self._account),
        ):  # fmt: skip
            match = pattern.fullmatch(request.path)
            if match and match[1] == self._sid:
                answer = doing(request, *match.groups()[1:])
                return answer if isinstance(answer, Answer) else await answer
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

    async def _messages(self, request: Request) -> Answer:
        return await self._create(request) if request.method == "POST" else self._list(request)

    async def _create(self, request: Request) -> Answer:
        form = request.form()
        to = form.get("To", "")
        problem = rules.refuse(form, number=self.settings.number, opted_out=self.store.opted_out(to))
        if not problem and self.delivery.queue_s() > rules.LONGEST_QUEUE_S:
            problem = Problem(21611)
        if problem:
            return _refused(problem)
        service = form.get("MessagingServiceSid", "")
        now = self.delivery.clock.now()
        valid = timedelta(seconds=int(form.get("ValidityPeriod") or rules.LONGEST_VALIDITY_S))
        row = self.store.add(
            now=now, direction="outbound-api", sender=form.get("From") or self.settings.number, receiver=to,
            body=form.get("Body", ""), status="accepted" if service else "queued",
            segments=rules.segments(form.get("Body", "")), service=service,
            callback=form.get("StatusCallback", ""), expires=(now + valid).isoformat(),
        )  # fmt: skip
        answer = Answer.of_json(shown.message(row, account=self._sid), 201)
        under_way = self.delivery.begin(row)
        if self.faults.hits(self.faults.receipts_early):
            await under_way
            await asyncio.sleep(0.05)
        return answer

    def _message(self, request: Request, sid: str) -> Answer:
        row = self.store.get(sid)
        if row is None:
            return _not_found()
        if request.method == "DELETE":
            if row["status"] not in FINAL:
                return _refused(Problem(20009))
            self.store.delete(sid)
            return Answer(204, b"")
        if request.method == "POST" and request.form().get("Body") == "":
            if row["status"] not in FINAL:
                return _refused(Problem(20009))
            self.store.set(sid, now=self.delivery.clock.now(), erased=1)
            row = self.store.get(sid) or row
        return Answer.of_json(shown.message(row, account=self._sid))

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
        uri = f"/{shown.VERSION}/Accounts/{self._sid}/Messages.json"
        here = {**query, "PageSize": str(size), "Page": str(page)}
        more = {**here, "Page": str(page + 1)}
        return Answer.of_json({
            "messages": [shown.message(row, account=self._sid) for row in rows[:size]],
            "page": page, "page_size": size, "start": page * size,
            "end": page * size + max(len(rows[:size]) - 1, 0), "uri": f"{uri}?{urlencode(here)}",
            "first_page_uri": f"{uri}?{urlencode({**here, 'Page': '0'})}",
            "previous_page_uri": f"{uri}?{urlencode({**here, 'Page': str(page - 1)})}" if page else None,
            "next_page_uri": f"{uri}?{urlencode(more)}" if len(rows) > size else None,
        })  # fmt: skip

    def _media_list(self, request: Request, sid: str) -> Answer:
        row = self.store.get(sid)
        if row is None:
            return _not_found()
        rows = [shown.media(one, account=self._sid, at=row["made"]) for one in self.store.media_of(sid)]
        return Answer.of_json(shown.page("media_list", rows, request.path.removeprefix("/carrier")))

    def _media(self, request: Request, sid: str, media_sid: str, json_: str | None) -> Answer:
        row = self.store.get(sid)
        one = next((one for one in self.store.media_of(sid) if one["sid"] == media_sid), None)
        if row is None or one is None:
            return _not_found()
        if request.method == "DELETE":
            self.store.delete_media(media_sid)
            return Answer(204, b"")
        if json_:
            return Answer.of_json(shown.media(one, account=self._sid, at=row["made"]))
        return Answer(200, bytes(one["content"]), one["kind"])

    def _numbers(self, request: Request) -> Answer:
        asked = request.query.get("PhoneNumber", self.settings.number)
        rows = [shown.number(self.line, account=self._sid)] if asked in self.settings.number else []
        return Answer.of_json(
            shown.page("incoming_phone_numbers", rows, request.path.removeprefix("/carrier"))
        )

    def _number(self, request: Request, sid: str) -> Answer:
        if sid != NUMBER_SID:
            return _not_found()
        if request.method == "POST":
            for name, value in request.form().items():
                option = _snake(name)
                if option in OPTIONS:
                    self.store.configure(option, value)
        return Answer.of_json(shown.number(self.line, account=self._sid))

    def _service(self, request: Request) -> Answer:
        if not request.path.endswith(self.line.service_sid):
            return _not_found()
        if request.method == "POST":
            for name, value in request.form().items():
                option = _snake(name)
                if option in SERVICE_OPTIONS:
                    self.store.configure(f"service.{option}", value)
        return Answer.of_json(shown.service(self.line, account=self._sid))

    def _account(self, request: Request) -> Answer:
        return Answer.of_json(
            {"sid": self._sid, "status": "active", "type": "Full", "friendly_name": "simulated"}
        )


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


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
