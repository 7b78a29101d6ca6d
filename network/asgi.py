"""The web process: HTTP by the door, the console's socket, and in a demo the phones.

HTTP goes to Django's synchronous side, because its ASGI side makes two thread hops a middleware.
Hints come by LISTEN from PostgreSQL to each web process, which hands them to its own sockets, so
the channel layer need not cross processes and a rolled-back change never shows.
"""

import asyncio
import logging
import os
import signal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.db import DatabaseError, connection
from django.http.request import split_domain_port, validate_host
from django.urls import path

from network.audit.actions import CHANNEL
from network.audit.rules import error_of
from network.console.shell.consumers import Live, relay
from network.database.room import pool_size
from network.demo import handsets
from network.door import limits
from network.door.bodies import Limit, Scope
from network.door.bridge import Door
from network.door.requests import CarriersRequests, Requests
from network.starting import is_still_ours

if TYPE_CHECKING:
    from network.carrier.app import Carrier

log = logging.getLogger("porchlight")
CARRIERS_THREADS, CONSOLES_THREADS = 4, 8
NO_THREADS = 4  # connections of the pool that no door's thread takes: the sockets' looks, and room
LISTEN_AGAIN_S = 1.0
ASK_LINE_EVERY_S = 5.0
OF_THE_CARRIER = ("/carrier", "/phones")


def origins() -> list[str]:
    """Exactly ours; an attacker's page on another port is another origin."""
    parts = urlsplit(settings.PUBLIC_URL)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = [f"{parts.scheme}://{parts.hostname}:{port}"]
    if settings.DEMO:
        found += [f"http://{name}:{settings.PORT}" for name in ("localhost", "127.0.0.1")]
    return found


def is_ours(scope: Scope) -> bool:
    """Whether one of our own names was asked for: a page elsewhere may have its name lead to this machine."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin1")
    name, _ = split_domain_port(host)
    return bool(name) and validate_host(name, settings.ALLOWED_HOSTS)


async def _not_ours(scope: Scope, receive: Any, send: Any) -> None:
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def make_carrier() -> "Carrier | None":
    """The simulated one of a demo. A real network loads none of it: that takes half a second."""
    if not settings.DEMO:
        return None
    from network.carrier.app import Carrier  # noqa: PLC0415
    from network.carrier.settings import Settings  # noqa: PLC0415

    return Carrier(
        Settings(
            account_sid=settings.TWILIO_ACCOUNT_SID,
            auth_token=settings.TWILIO_AUTH_TOKENS[0],
            number=settings.TWILIO_NUMBER,
            webhook_url=f"{settings.PUBLIC_URL}/twilio/sms#rc=2&rp=ct,rt,5xx",
            fallback_url=f"{settings.PUBLIC_URL}/twilio/sms",
            voice_url=f"{settings.PUBLIC_URL}/twilio/voice",
            call_status_url=f"{settings.PUBLIC_URL}/twilio/voice/ended",
            store=settings.DATA_DIR / "carrier" / "carrier.sqlite3",
            phones=handsets(),
            post_to=f"http://127.0.0.1:{settings.PORT}",
        )
    )


async def listen() -> None:
    """Hand each hint that PostgreSQL tells to this process's consoles; come back when cut."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(settings.DATABASE_URL, autocommit=True) as line:
                await line.execute(f"LISTEN {CHANNEL}")
                while True:
                    async for hint in line.notifies(timeout=ASK_LINE_EVERY_S):
                        relay(hint.payload)
                    await line.execute("SELECT 1")  # one that was cut elsewhere says nothing by itself
        except Exception as error:  # of whatever kind: consoles that hear nothing look live and are not
            log.error("the line for hints ended; taken up again: %s", error_of(error))
        await asyncio.sleep(LISTEN_AGAIN_S)


async def stop_when_not_ours() -> None:
    """A database that became another's, by its key or its tables: what comes is not to be taken here."""
    while True:
        await asyncio.sleep(ASK_LINE_EVERY_S)
        if not await asyncio.to_thread(_still_ours):
            log.error("this database is another's now, by its key or its tables: the web process stops")
            os.kill(os.getpid(), signal.SIGTERM)
            return


def _still_ours() -> bool:
    """True, too, while the database doesn't answer: it is waited for."""
    try:
        return is_still_ours()
    except DatabaseError as error:
        log.error("the database could not be asked whether it is ours: %s", error_of(error))
        return True
    finally:
        connection.close()


def threads(connections: int) -> tuple[int, int]:
    """Of the carrier's door and of the console's: none ever waits for another's connection."""
    free = min(CARRIERS_THREADS + CONSOLES_THREADS, max(2, connections - NO_THREADS))
    carriers = max(1, min(CARRIERS_THREADS, free // 2))
    return carriers, free - carriers


async def carriers_limit(scope: Scope) -> Limit:
    return limits.CARRIERS


class Application:
    """Routes by kind of connection and path, and owns what runs beside: the listener, the carrier."""

    def __init__(self) -> None:
        carriers, consoles = threads(pool_size())
        self.webhooks = Door(
            CarriersRequests(), name="carrier", threads=carriers, limit=carriers_limit, gives_up=False
        )
        self.http = Door(Requests(), name="console", threads=consoles, limit=self._limit, gives_up=True)
        self.socket = OriginValidator(
            AuthMiddlewareStack(URLRouter([path("live", Live.as_asgi())])), origins()
        )
        self.carrier = make_carrier()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self.socket(scope, receive, send)
        elif self.carrier and scope["path"].startswith(OF_THE_CARRIER):
            await (self.carrier.asgi if is_ours(scope) else _not_ours)(scope, receive, send)
        elif scope["path"].startswith("/twilio/"):
            await self.webhooks(scope, receive, send)
        else:
            await self.http(scope, receive, send)

    async def _limit(self, scope: Scope) -> Limit:
        if limits.is_large(scope):
            return await self.http.in_thread(limits.of_staff, scope)
        return limits.ANYBODYS

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        beside = [asyncio.create_task(listen()), asyncio.create_task(stop_when_not_ours())]
        if self.carrier:
            await self.carrier.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for thing in beside:
            thing.cancel()
        await asyncio.wait(beside)
        if self.carrier:
            await self.carrier.stop()
        await send({"type": "lifespan.shutdown.complete"})


application = Application()
