"""The least that could do a request's work, by hand: no ORM, no queue, no seals, one transaction a text.

`python -m network.bench.minimal PORT TOKEN URL DSN CARRIER OFFERS`. It checks the signature, stores the
text, looks up who wrote and where they stand, writes what they are to hear and, after the third text, OFFERS
offers to whoever was asked longest ago; then it hands them to the carrier and takes the receipts. It plans
nothing, keeps no history, seals nothing and loses what it owes when it is killed: nobody could run it, and
hardly anything could cost less.
"""

import asyncio
import base64
import secrets
import sys
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import uvicorn
from psycopg_pool import AsyncConnectionPool
from twilio.request_validator import RequestValidator

from network.bench.callers import HELP, LAST, OFFER, QUESTIONS
from network.bench.forms import ACCOUNT, NUMBER

TABLES = """
    CREATE TABLE IF NOT EXISTS bench_people (
        phone text PRIMARY KEY, state int NOT NULL DEFAULT 0, asked timestamptz NOT NULL DEFAULT '-infinity');
    CREATE INDEX IF NOT EXISTS bench_people_by_asked ON bench_people (asked);
    CREATE TABLE IF NOT EXISTS bench_in (sid text PRIMARY KEY, phone text, body text, at timestamptz);
    CREATE TABLE IF NOT EXISTS bench_out (
        id text PRIMARY KEY, phone text, body text, state text, sid text, at timestamptz);
"""
AT_ONCE = 8


class Minimal:
    """One ASGI callable for texts in and receipts."""

    def __init__(self, token: str, url: str, dsn: str, carrier: str, offers: int) -> None:
        self.validator, self.url, self.offers = RequestValidator(token), url, offers
        self.to = f"{carrier}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        secret = base64.b64encode(f"{ACCOUNT}:{token}".encode()).decode()
        self.headers = {"Authorization": f"Basic {secret}"}
        self.pool = AsyncConnectionPool(dsn, min_size=1, max_size=AT_ONCE, open=False)
        self.running: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await self.pool.open()
            self.session = aiohttp.ClientSession(headers=self.headers)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self.session.close()
            await self.pool.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        query = scope["query_string"].decode()
        status = await self.take(body.decode(), query, dict(scope["headers"]))
        headers = [(b"content-type", b"text/xml"), (b"content-length", b"11")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"<Response/>"})

    async def take(self, body: str, query: str, headers: dict[bytes, bytes]) -> int:
        form = dict(parse_qsl(body, keep_blank_values=True))
        url = f"{self.url}?{query}" if query else self.url
        if not self.validator.validate(url, form, headers.get(b"x-twilio-signature", b"").decode()):
            return 403
        if query:
            await self._receipt(query.removeprefix("o="), form["MessageStatus"])
            return 200
        owed = await self._handle(form["MessageSid"], form["From"], form["Body"])
        task = asyncio.create_task(self._hand_over(owed))
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        return 200

    async def _handle(self, sid: str, phone: str, body: str) -> list[tuple[str, str, str]]:
        """One transaction: what came, where they stand now, and what is owed for it."""
        async with self.pool.connection() as line:
            await line.execute("INSERT INTO bench_in VALUES (%s, %s, %s, now())", [sid, phone, body])
            found = await line.execute("SELECT state FROM bench_people WHERE phone = %s FOR UPDATE", [phone])
            row = await found.fetchone()
            state = 0 if row is None or body == HELP else row[0]
            owed = [(secrets.token_hex(16), phone, (*QUESTIONS, LAST)[min(state, 2)])]
            if state == len(QUESTIONS):
                owed += await self._offers(line)
            await line.execute("UPDATE bench_people SET state = %s WHERE phone = %s", [state + 1, phone])
            await line.execute(
                "INSERT INTO bench_out (id, phone, body, state, at)"
                " SELECT id, phone, body, 'owed', now() FROM unnest(%s::text[], %s::text[], %s::text[])"
                " AS owed (id, phone, body)",
                [list(column) for column in zip(*owed, strict=True)],
            )
        return owed

    async def _offers(self, line: Any) -> list[tuple[str, str, str]]:
        found = await line.execute(
            "UPDATE bench_people SET asked = now() WHERE phone IN (SELECT phone FROM bench_people"
            " WHERE phone LIKE '+1773%%' ORDER BY asked LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING phone",
            [self.offers],
        )
        return [(secrets.token_hex(16), phone, f"41 {OFFER}") for (phone,) in await found.fetchall()]

    async def _hand_over(self, owed: list[tuple[str, str, str]]) -> None:
        taken = []
        for id_, phone, body in owed:
            form = {"To": phone, "From": NUMBER, "Body": body, "StatusCallback": f"{self.url}?o={id_}"}
            async with self.session.post(self.to, data=form) as answer:
                taken.append(((await answer.json())["sid"], id_))
        async with self.pool.connection() as line:
            await line.execute(
                "UPDATE bench_out SET sid = t.sid, state = CASE state WHEN 'owed' THEN 'sent' ELSE state END"
                " FROM unnest(%s::text[], %s::text[]) AS t (sid, id) WHERE bench_out.id = t.id",
                [list(column) for column in zip(*taken, strict=True)],
            )

    async def _receipt(self, id_: str, word: str) -> None:
        async with self.pool.connection() as line:
            await line.execute(
                "UPDATE bench_out SET state = %s WHERE id = %s AND state <> 'delivered'", [word, id_]
            )


def main(port: int, token: str, url: str, dsn: str, carrier: str, offers: int) -> None:
    app = Minimal(token, url, dsn, carrier, offers)
    uvicorn.run(app, port=port, log_level="critical", access_log=False, lifespan="on")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5], int(sys.argv[6]))
