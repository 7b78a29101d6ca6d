"""Calls: each is a task that walks the TwiML it is answered with, up to a key, another phone, or its end.

What is said shows on the handset as a note. Speaking takes no time here; waiting for a key, ringing and
pauses go by the carrier's clock. A restart of the carrier ends every call.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urljoin

from network.carrier import rules, twiml
from network.carrier.clock import Clock
from network.carrier.delivery import VERSION
from network.carrier.faults import Faults
from network.carrier.line import SimulatedNumber
from network.carrier.posts import Posts
from network.carrier.rules import CALL_FINAL, CallStatus
from network.carrier.store import Store
from network.carrier.twiml import NotTwiml, Verb

MOST_HOPS = 50  # documents of one call
RINGS_S, GATHER_S = 30, 5  # of <Dial> and of <Gather>, where nothing else is said
PLACES = ("FromCity", "FromState", "FromZip", "ToCity", "ToState", "ToZip")


class HungUp(Exception):
    """The document said <Hangup>, or could not be played."""


type Walk = Callable[["LiveCall"], Awaitable[CallStatus]]


@dataclass(slots=True, eq=False)
class LiveCall:
    """A call, or a leg of one, that isn't over. `phone` is the handset at the other end."""

    sid: str
    phone: str
    url: str = ""  # what is fetched once it is answered
    rings_s: float = 60.0
    parent: str = ""
    detects: bool = False  # whether it says if a machine answered
    waits: str = ""  # for what the handset may do now: key, answer, or talking
    keys: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    answer: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    task: "asyncio.Task[None] | None" = None
    bridged: bool = False
    declined: bool = False


class Calls:
    def __init__(
        self, store: Store, line: SimulatedNumber, posts: Posts, clock: Clock, faults: Faults
    ) -> None:
        self.settings, self.store, self.line = line.settings, store, line
        self.posts, self.clock, self.faults = posts, clock, faults
        self.live: dict[str, LiveCall] = {}

    def start(self) -> None:
        for row in self.store.calls_under_way():
            self._step(row["sid"], CallStatus.FAILED)

    async def stop(self) -> None:
        tasks = [call.task for call in self.live.values() if call.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def ring_us(self, phone: str) -> str:
        """A handset calls our number."""
        sid = self._add("inbound", phone, self.settings.number, callback=self.line.option("status_callback"))
        self._begin(LiveCall(sid, phone, self.line.option("voice_url")), self._inbound)
        return sid

    def ring_phone(
        self, phone: str, *, url: str, rings_s: float, callback: str, events: str, detects: bool
    ) -> str:
        """The customer calls a handset by REST."""
        sid = self._add("outbound-api", self.settings.number, phone, callback=callback, events=events)
        self._begin(LiveCall(sid, phone, url, rings_s, detects=detects), self._outbound)
        return sid

    def of_phone(self, phone: str) -> LiveCall | None:
        """The call that a handset is in, or that rings there."""
        of = (call for call in self.live.values() if rules.handset(call.phone) == rules.handset(phone))
        return next(of, None)

    def press(self, phone: str, digits: str) -> bool:
        call = self.of_phone(phone)
        if call is None or call.waits != "key":
            return False
        for digit in digits:
            call.keys.put_nowait(digit)
        return True

    def pick_up(self, phone: str, how: str) -> bool:
        """What whoever holds a ringing handset does: one of rules.ANSWERS."""
        call = self.of_phone(phone)
        if call is None or call.waits != "answer":
            return False
        call.answer.put_nowait(how)
        return True

    def hang_up(self, sid: str, *, declined: bool = False) -> bool:
        """End a call from the handset or by REST; one that rings at a handset is declined, and so busy."""
        call = self.live.get(sid)
        if call is None or call.task is None:
            return False
        call.declined = declined and call.waits == "answer"
        call.task.cancel()
        return True

    def _add(
        self,
        direction: str,
        sender: str,
        receiver: str,
        *,
        parent: str = "",
        callback: str = "",
        events: str = "",
    ) -> str:
        return self.store.add_call(
            now=self.clock.now(),
            direction=direction,
            sender=sender,
            receiver=receiver,
            parent=parent,
            callback=callback,
            events=events or "completed",
        )

    def _begin(self, call: LiveCall, walks: Walk) -> "asyncio.Task[None]":
        self.live[call.sid] = call
        call.task = asyncio.get_running_loop().create_task(self._whole(call, walks))
        return call.task

    async def _whole(self, call: LiveCall, walks: Walk) -> None:
        end = CallStatus.COMPLETED
        try:
            end = await walks(call)
        except HungUp:
            pass
        except asyncio.CancelledError:
            if not self.store.call(call.sid)["started"]:
                end = CallStatus.BUSY if call.declined else CallStatus.CANCELED
        finally:
            self.live.pop(call.sid, None)
            self._step(call.sid, end)

    async def _inbound(self, call: LiveCall) -> CallStatus:
        self._step(call.sid, CallStatus.RINGING)
        self._step(call.sid, CallStatus.IN_PROGRESS)
        await self._walk(call, fallback=self.line.option("voice_fallback_url"))
        return CallStatus.COMPLETED

    async def _outbound(self, call: LiveCall) -> CallStatus:
        if end := await self._ring(call):
            return end
        await self._walk(call)
        return CallStatus.COMPLETED

    async def _leg(self, call: LiveCall) -> CallStatus:
        """A leg of another call: what its own document says, and then both are put through."""
        if end := await self._ring(call):
            return end
        if call.url:
            await self._walk(call)
        call.bridged, call.waits = True, "talking"
        await asyncio.Event().wait()  # until somebody hangs up
        return CallStatus.COMPLETED

    async def _ring(self, call: LiveCall) -> CallStatus | None:
        """Ring until somebody, or a machine, answers. How the call ends, if it does."""
        self._step(call.sid, CallStatus.INITIATED)
        if self.store.state(call.phone) in rules.NOT_CALLED:
            return CallStatus.FAILED
        self._step(call.sid, CallStatus.RINGING)
        call.waits = "answer"
        match self.store.answers(call.phone):
            case "rings":
                how = await self._until(call.answer, call.rings_s)
            case "no_answer":
                how = await self._until(asyncio.Queue(), call.rings_s)
            case by_itself:
                how = by_itself
        call.waits = ""
        if how in ("", "busy"):
            return CallStatus.BUSY if how else CallStatus.NO_ANSWER
        by = "machine_start" if how == "machine" else "human"
        self.store.set_call(call.sid, now=self.clock.now(), answered_by=by if call.detects else "")
        self._step(call.sid, CallStatus.IN_PROGRESS)
        if how == "hangs_up":
            raise HungUp
        return None

    async def _walk(self, call: LiveCall, *, fallback: str = "") -> None:
        """Document by document, up to the last verb of one that leads nowhere. Raises HungUp."""
        url, more = call.url, dict[str, str]()
        for _ in range(MOST_HOPS):
            verbs = await self._read(call, url, more, fallback=fallback)
            url, more = await self._play(call, verbs, url)
            if not url:
                return

    async def _read(
        self, call: LiveCall, url: str, more: dict[str, str], *, fallback: str
    ) -> tuple[Verb, ...]:
        """What the customer answers; the fallback is asked for what is no TwiML, too. Raises HungUp."""
        form = self._form(call.sid) | more
        heard = await self.posts.post(url, form, fallback=fallback, voice=True)
        try:
            if heard is not None:
                return twiml.read(heard.body, heard.kind)
        except NotTwiml as wrong:
            self.store.problem(wrong.code, url, now=self.clock.now())
            if fallback and url != fallback:
                told = {"ErrorCode": str(wrong.code), "ErrorUrl": url}
                return await self._read(call, fallback, more | told, fallback="")
        self._note(call, "We are sorry, an application error has occurred. Goodbye.")
        raise HungUp

    async def _play(self, call: LiveCall, verbs: tuple[Verb, ...], base: str) -> tuple[str, dict[str, str]]:
        """The document that follows, and what is posted to it; none when this one was the last."""
        for verb in verbs:
            match verb.name:
                case "Say" | "Message":
                    self._note(call, verb.text)
                case "Pause":
                    length = float(verb.options.get("length", "1"))
                    await self.clock.sleep_until(self.clock.now() + timedelta(seconds=length))
                case "Gather":
                    digits = await self._gather(call, verb)
                    if digits or verb.options.get("actionOnEmptyResult") == "true":
                        return urljoin(base, verb.options.get("action", "")), {"Digits": digits}
                case "Dial":
                    told = await self._dial(call, verb, base)
                    if "action" in verb.options:
                        return urljoin(base, verb.options["action"]), told
                case "Redirect":
                    return urljoin(base, verb.text), {}
                case "Hangup":
                    raise HungUp
        return "", {}

    async def _gather(self, call: LiveCall, verb: Verb) -> str:
        """Keys as they are pressed, already while the question is spoken."""
        call.keys, call.waits = asyncio.Queue(), "key"
        for sentence in twiml.spoken(verb.inside):
            self._note(call, sentence)
        most, patience = int(verb.options.get("numDigits", "0")), float(verb.options.get("timeout", GATHER_S))
        ends, digits = verb.options.get("finishOnKey", "#"), ""
        while not most or len(digits) < most:
            digit = await self._until(call.keys, patience)
            if not digit or (digit == ends and not most):
                break
            digits += digit
        call.waits = ""
        return digits

    async def _dial(self, call: LiveCall, verb: Verb, base: str) -> dict[str, str]:
        """Ring one other phone, and put the two through until one hangs up. What the action is told."""
        noun = next((noun for noun in verb.inside if noun.name == "Number"), verb)
        row = self.store.call(call.sid)
        caller = verb.options.get("callerId") or row["sender"]
        sid = self._add("outbound-dial", caller, noun.text, parent=call.sid)
        url = urljoin(base, noun.options["url"]) if "url" in noun.options else ""
        leg = LiveCall(sid, noun.text, url, float(verb.options.get("timeout", RINGS_S)), call.sid)
        self._note(call, "→ another phone rings")
        call.waits = "talking"
        task = self._begin(leg, self._leg)
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            call.waits = ""
        ended = self.store.call(sid)
        told = {
            "DialCallStatus": ended["status"],
            "DialCallSid": sid,
            "DialBridged": str(leg.bridged).lower(),
        }
        return told | ({"DialCallDuration": str(ended["seconds"])} if ended["started"] else {})

    async def _until(self, queue: "asyncio.Queue[str]", seconds: float) -> str:
        """What comes first of the queue, or nothing once the carrier's clock is so much later."""
        waits = asyncio.ensure_future(queue.get())
        over = asyncio.ensure_future(self.clock.sleep_until(self.clock.now() + timedelta(seconds=seconds)))
        try:
            await asyncio.wait({waits, over}, return_when=asyncio.FIRST_COMPLETED)
            return waits.result() if waits.done() else ""
        finally:
            waits.cancel()
            over.cancel()

    def _note(self, call: LiveCall, words: str) -> None:
        self.store.add(
            now=self.clock.now(),
            direction="note",
            sender=self.settings.number,
            receiver=call.phone,
            body=f"☎ {words}",
            status="delivered",
            segments=1,
        )

    def _form(self, sid: str) -> dict[str, str]:
        """What is posted about a call: empty ones are signed too, and one is new every time."""
        row = self.store.call(sid)
        form = {
            "CallSid": sid, "AccountSid": self.settings.account_sid, "From": row["sender"],
            "To": row["receiver"], "Caller": row["sender"], "Called": row["receiver"],
            "CallStatus": row["status"], "Direction": row["direction"], "ApiVersion": VERSION,
            "FromCountry": "US", "ToCountry": "US", **dict.fromkeys(PLACES, ""),
            f"X{secrets.token_hex(3)}": "",
        }  # fmt: skip
        if row["parent"]:
            form["ParentCallSid"] = row["parent"]
        if row["answered_by"]:
            form["AnsweredBy"] = row["answered_by"]
        return form

    def _step(self, sid: str, status: CallStatus) -> None:
        """One step of a call, and the callback about it if it was asked for."""
        now, row = self.clock.now(), self.store.call(sid)
        if row["status"] in CALL_FINAL:
            return
        shown = CallStatus.QUEUED if status is CallStatus.INITIATED else status
        more: dict[str, str | int] = {"status": shown}
        if status is CallStatus.IN_PROGRESS:
            more["started"] = now.isoformat()
        if status in CALL_FINAL:
            began = datetime.fromisoformat(row["started"]) if row["started"] else now
            more |= {"ended": now.isoformat(), "seconds": max(round((now - began).total_seconds()), 0)}
        self.store.set_call(sid, now=now, **more)
        self._tell(sid, status, now=now)

    def _tell(self, sid: str, status: CallStatus, *, now: datetime) -> None:
        row, event = self.store.call(sid), rules.call_event(status)
        if not row["callback"] or event not in row["events"].split():
            return
        form = self._form(sid) | {
            "CallStatus": status, "Timestamp": format_datetime(now), "SequenceNumber": str(row["told"]),
            "CallbackSource": "call-progress-events",
        }  # fmt: skip
        if status in CALL_FINAL:
            form["CallDuration"] = str(row["seconds"])
        self.store.set_call(sid, now=now, told=row["told"] + 1)
        if self.faults.hits(self.faults.receipts_lost):
            return
        lane = f"call:{sid}"
        if self.faults.receipts_shuffled:
            lane = f"{lane}:{self.faults.chance.random()}"
        for _ in range(1 + self.faults.hits(self.faults.receipts_doubled)):
            self.store.owe(lane, row["callback"], form)
        self.posts.look(lane)
