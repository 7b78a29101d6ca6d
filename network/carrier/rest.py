"""Twilio's REST: messages, their media, the number, the service, the account."""

import asyncio
import base64
import binascii
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from network.carrier import rules, shown
from network.carrier.calls import Calls
from network.carrier.delivery import Delivery
from network.carrier.faults import HANGS_S, Fault, Faults
from network.carrier.http import ANY, Cut, body_of, form_of
from network.carrier.line import NUMBER_SID, OPTIONS, SERVICE_OPTIONS, SimulatedNumber
from network.carrier.rules import CarrierProblem
from network.carrier.settings import Settings
from network.carrier.store import Store

ACCOUNT = f"/carrier/{shown.VERSION}/Accounts/{{account}}"
MOST_ROWS = 1000
FINAL = frozenset({"delivered", "undelivered", "failed", "received", "canceled", "sent"})

type Endpoint = Callable[[Request], Awaitable[Response]]


class Rest:
    def __init__(
        self,
        settings: Settings,
        store: Store,
        line: SimulatedNumber,
        delivery: Delivery,
        calls: Calls,
        faults: Faults,
    ) -> None:
        self.settings, self.store, self.line = settings, store, line
        self.delivery, self.calls, self.faults = delivery, calls, faults

    def routes(self) -> list[Route]:
        """Whatever else is asked for under /carrier is not found, in the same weather."""
        return [
            self._route(f"{ACCOUNT}/Messages.json", self._messages, creates=True),
            self._route(f"{ACCOUNT}/Messages/{{sid}}.json", self._message),
            self._route(f"{ACCOUNT}/Messages/{{sid}}/Media.json", self._media_list),
            self._route(f"{ACCOUNT}/Messages/{{sid}}/Media/{{media}}.json", self._media_shown),
            self._route(f"{ACCOUNT}/Messages/{{sid}}/Media/{{media}}", self._media),
            self._route(f"{ACCOUNT}/Calls.json", self._calls, creates=True),
            self._route(f"{ACCOUNT}/Calls/{{sid}}.json", self._call),
            self._route(f"{ACCOUNT}/IncomingPhoneNumbers.json", self._numbers),
            self._route(f"{ACCOUNT}/IncomingPhoneNumbers/{{sid}}.json", self._number),
            self._route(f"{ACCOUNT}.json", self._account),
            self._route("/carrier/v1/Services/{sid}", self._service),
            self._route("/carrier{rest:path}", self._nothing),
        ]

    def _route(self, path: str, doing: Endpoint, *, creates: bool = False) -> Route:
        """A route whose answer is what is asked for, or what the faults make of it."""

        async def answer(request: Request) -> Response:
            await body_of(request)  # what came whole is taken, though its sender waits no longer
            making = creates and request.method == "POST"
            before, after = self.faults.slowness(creates=making)
            await asyncio.sleep(self.faults.slow_s + before)
            response = await self._with_its_troubles(request, doing, creates=making)
            await asyncio.sleep(after)
            return response

        return Route(path, answer, methods=ANY)

    async def _with_its_troubles(self, request: Request, doing: Endpoint, *, creates: bool) -> Response:
        match self.faults.of_call(creates=creates):
            case Fault.CUT:
                return Cut()
            case Fault.ERROR:
                return Response("<html>Internal Server Error</html>", 500, media_type="text/html")
            case Fault.SLOW_DOWN:
                return _refused(CarrierProblem(20429, 429))
            case Fault.HANG:
                await asyncio.sleep(HANGS_S)
                return Cut()
            case Fault.LOST:
                await self._answer(request, doing)
                return Cut()
            case Fault.ERROR_TAKEN:
                await self._answer(request, doing)
                return Response("upstream", 503, media_type="text/plain")
            case None:
                return await self._answer(request, doing)

    async def _answer(self, request: Request, doing: Endpoint) -> Response:
        if not self._allowed(request):
            return _refused(CarrierProblem(20003, 401))
        if request.path_params.get("account", self._sid) != self._sid:
            return _not_found()
        return await doing(request)

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

    async def _nothing(self, _request: Request) -> Response:
        return _not_found()

    async def _messages(self, request: Request) -> Response:
        return await self._create(request) if request.method == "POST" else self._list(request)

    async def _create(self, request: Request) -> Response:
        form = await form_of(request)
        to = form.get("To", "")
        problem = rules.refuse(form, number=self.settings.number, opted_out=self.store.opted_out(to))
        if not problem and self.delivery.queue_s() > rules.LONGEST_QUEUE_S:
            problem = CarrierProblem(21611)
        if problem:
            return _refused(problem)
        service = form.get("MessagingServiceSid", "")
        now = self.delivery.clock.now()
        valid = timedelta(seconds=int(form.get("ValidityPeriod") or rules.LONGEST_VALIDITY_S))
        row = self.store.add(
            now=now,
            direction="outbound-api",
            sender=form.get("From") or self.settings.number,
            receiver=to,
            body=form.get("Body", ""),
            status="accepted" if service else "queued",
            segments=rules.segments(form.get("Body", "")),
            service=service,
            callback=form.get("StatusCallback", ""),
            expires=(now + valid).isoformat(),
        )
        answer = JSONResponse(shown.message(row, account=self._sid), 201)
        under_way = self.delivery.begin(row)
        if self.faults.hits(self.faults.receipts_early):
            await under_way
            await asyncio.sleep(0.05)
        return answer

    async def _message(self, request: Request) -> Response:
        sid = request.path_params["sid"]
        row = self.store.get(sid)
        if row is None:
            return _not_found()
        if request.method == "DELETE":
            if row["status"] not in FINAL:
                return _refused(CarrierProblem(20009))
            self.store.delete(sid)
            return Response(status_code=204)
        if request.method == "POST" and (await form_of(request)).get("Body") == "":
            if row["status"] not in FINAL:
                return _refused(CarrierProblem(20009))
            self.store.set(sid, now=self.delivery.clock.now(), erased=1)
            row = self.store.get(sid) or row
        return JSONResponse(shown.message(row, account=self._sid))

    def _list(self, request: Request) -> Response:
        query = dict(request.query_params)
        try:
            size, page = int(query.get("PageSize", "50")), int(query.get("Page", "0"))
        except ValueError:
            return _refused(CarrierProblem(20001))
        if not 1 <= size <= MOST_ROWS:
            return _refused(CarrierProblem(20001))
        since, before = query.get("DateSent>", ""), query.get("DateSent<", "")
        rows = self.store.listing(
            to=query.get("To", ""),
            sender=query.get("From", ""),
            since=_iso(since),
            before=_iso(before),
            limit=size + 1,
            offset=page * size,
        )
        uri = f"/{shown.VERSION}/Accounts/{self._sid}/Messages.json"
        here = {**query, "PageSize": str(size), "Page": str(page)}
        more = {**here, "Page": str(page + 1)}
        return JSONResponse({
            "messages": [shown.message(row, account=self._sid) for row in rows[:size]],
            "page": page, "page_size": size, "start": page * size,
            "end": page * size + max(len(rows[:size]) - 1, 0), "uri": f"{uri}?{urlencode(here)}",
            "first_page_uri": f"{uri}?{urlencode({**here, 'Page': '0'})}",
            "previous_page_uri": f"{uri}?{urlencode({**here, 'Page': str(page - 1)})}" if page else None,
            "next_page_uri": f"{uri}?{urlencode(more)}" if len(rows) > size else None,
        })  # fmt: skip

    async def _media_list(self, request: Request) -> Response:
        sid = request.path_params["sid"]
        row = self.store.get(sid)
        if row is None:
            return _not_found()
        rows = [shown.media(media, account=self._sid, at=row["made"]) for media in self.store.media_of(sid)]
        return JSONResponse(shown.page("media_list", rows, request.url.path.removeprefix("/carrier")))

    async def _media(self, request: Request) -> Response:
        return self._one_of_media(request, as_json=False)

    async def _media_shown(self, request: Request) -> Response:
        return self._one_of_media(request, as_json=True)

    def _one_of_media(self, request: Request, *, as_json: bool) -> Response:
        sid, media_sid = request.path_params["sid"], request.path_params["media"]
        row = self.store.get(sid)
        media = next((media for media in self.store.media_of(sid) if media["sid"] == media_sid), None)
        if row is None or media is None:
            return _not_found()
        if request.method == "DELETE":
            self.store.delete_media(media_sid)
            return Response(status_code=204)
        if as_json:
            return JSONResponse(shown.media(media, account=self._sid, at=row["made"]))
        return Response(bytes(media["content"]), media_type=media["kind"])

    async def _calls(self, request: Request) -> Response:
        if request.method != "POST":
            query = request.query_params
            rows = self.store.calls(to=query.get("To", ""), status=query.get("Status", ""), limit=MOST_ROWS)
            found = [shown.call(row, account=self._sid) for row in rows]
            return JSONResponse(shown.page("calls", found, request.url.path.removeprefix("/carrier")))
        form = await form_of(request)
        posted = parse_qsl((await body_of(request)).decode("utf-8", "replace"))
        events = [value for name, value in posted if name == "StatusCallbackEvent"]
        form["StatusCallbackEvent"] = " ".join(events)
        if problem := rules.refuse_call(form, number=self.settings.number):
            return _refused(problem)
        sid = self.calls.ring_phone(
            form["To"],
            url=form["Url"],
            rings_s=float(form.get("Timeout", "60")),
            callback=form.get("StatusCallback", ""),
            events=form["StatusCallbackEvent"],
            detects=bool(form.get("MachineDetection")),
        )
        return JSONResponse(shown.call(self.store.call(sid), account=self._sid), 201)

    async def _call(self, request: Request) -> Response:
        """Shown, or ended: `completed` ends any call, `canceled` only one that nobody has answered yet."""
        sid = request.path_params["sid"]
        row = self.store.call(sid)
        if row is None:
            return _not_found()
        if request.method == "POST":
            asked = (await form_of(request)).get("Status", "")
            if asked not in ("completed", "canceled") or (asked == "canceled" and row["started"]):
                return _refused(CarrierProblem(20001))
            if row["status"] in rules.CALL_FINAL:
                return _refused(CarrierProblem(21220))
            if (call := self.calls.live.get(sid)) and self.calls.hang_up(sid) and call.task:
                await asyncio.wait({call.task})
            row = self.store.call(sid)
        return JSONResponse(shown.call(row, account=self._sid))

    async def _numbers(self, request: Request) -> Response:
        asked = request.query_params.get("PhoneNumber", self.settings.number)
        rows = [shown.number(self.line, account=self._sid)] if asked in self.settings.number else []
        return JSONResponse(
            shown.page("incoming_phone_numbers", rows, request.url.path.removeprefix("/carrier"))
        )

    async def _number(self, request: Request) -> Response:
        if request.path_params["sid"] != NUMBER_SID:
            return _not_found()
        if request.method == "POST":
            for name, value in (await form_of(request)).items():
                option = _snake(name)
                if option in OPTIONS:
                    self.store.configure(option, value)
        return JSONResponse(shown.number(self.line, account=self._sid))

    async def _service(self, request: Request) -> Response:
        if request.path_params["sid"] != self.line.service_sid:
            return _not_found()
        if request.method == "POST":
            for name, value in (await form_of(request)).items():
                option = _snake(name)
                if option in SERVICE_OPTIONS:
                    self.store.configure(f"service.{option}", value)
        return JSONResponse(shown.service(self.line, account=self._sid))

    async def _account(self, _request: Request) -> Response:
        return JSONResponse(
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


def _refused(problem: CarrierProblem) -> Response:
    return JSONResponse(problem.body(), problem.status)


def _not_found() -> Response:
    return _refused(CarrierProblem(20404, 404))
