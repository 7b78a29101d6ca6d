"""A message's way: queued behind its sender's rate, sent, delivered or not, each step with a receipt."""

import asyncio
import sqlite3
from datetime import datetime, timedelta

from network.carrier import rules
from network.carrier.clock import Clock
from network.carrier.faults import Faults
from network.carrier.posts import Posts
from network.carrier.settings import Settings
from network.carrier.store import Store

VERSION = "2010-04-01"


class Delivery:
    def __init__(self, settings: Settings, store: Store, posts: Posts, clock: Clock, faults: Faults) -> None:
        self.settings, self.store, self.posts = settings, store, posts
        self.clock, self.faults = clock, faults
        self.free_at = clock.now()
        self.under_way: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        for row in self.store.under_way():
            self.begin(row)

    async def stop(self) -> None:
        for task in list(self.under_way):
            task.cancel()
        await asyncio.gather(*self.under_way, return_exceptions=True)

    def queue_s(self) -> float:
        """How long a text that is queued now waits."""
        return max((self.free_at - self.clock.now()).total_seconds(), 0.0)

    def begin(self, row: sqlite3.Row) -> "asyncio.Task[None]":
        starts = max(self.clock.now(), self.free_at)
        self.free_at = starts + timedelta(seconds=row["segments"] / self.settings.rate)
        task = asyncio.get_running_loop().create_task(self._go(row["sid"], starts))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)
        return task

    async def _go(self, sid: str, starts: datetime) -> None:
        row = self.store.row(sid)
        await self.clock.sleep_until(starts)
        if row["expires"] and self.clock.now().isoformat() > row["expires"]:
            self._end(sid, "undelivered", 30036)
            return
        if row["service"] and row["status"] == "accepted":
            self._step(sid, "queued", sender=self.settings.number)
        if row["service"] and self.store.opted_out(row["receiver"]):
            self._end(sid, "failed", 21610)
            return
        if row["receiver"].startswith("whatsapp:") and not self._window_open(row["receiver"]):
            self._end(sid, "failed", 63016)
            return
        state = self.store.state(row["receiver"])
        if row["status"] != "sent":
            self._step(sid, "sent", sent=self.clock.now().isoformat())
        if state == "silent":
            return
        code = rules.HANDSETS.get(state)
        self._end(sid, "undelivered" if code else "delivered", code)

    def _window_open(self, phone: str) -> bool:
        last = self.store.last_from(rules.by_app(rules.handset(phone)))
        return bool(last) and datetime.fromisoformat(last) > self.clock.now() - rules.WHATSAPP_WINDOW

    def _end(self, sid: str, word: str, code: int | None) -> None:
        self._step(sid, word, error=code)

    def _step(self, sid: str, word: str, **more: str | int | None) -> None:
        self.store.set(sid, now=self.clock.now(), status=word, **more)
        row = self.store.row(sid)
        if row["callback"] and not self.faults.hits(self.faults.receipts_lost):
            self.receipt(row, word)
            if self.faults.hits(self.faults.receipts_doubled):
                self.receipt(row, word)

    def receipt(self, row: sqlite3.Row, word: str) -> None:
        form = {
            "MessageSid": row["sid"], "SmsSid": row["sid"], "MessageStatus": word, "SmsStatus": word,
            "To": row["receiver"], "From": row["sender"], "AccountSid": self.settings.account_sid,
            "ApiVersion": VERSION, "RawDlrDoneDate": self.clock.now().strftime("%y%m%d%H%M"),
        }  # fmt: skip
        if row["error"]:
            form["ErrorCode"] = str(row["error"])
        if row["service"]:
            form["MessagingServiceSid"] = row["service"]
        lane = f"receipt:{row['sid']}"
        if self.faults.receipts_shuffled:
            lane = f"receipt:{row['sid']}:{self.faults.chance.random()}"
        self.store.owe(lane, row["callback"], form)
        self.posts.look(lane)
