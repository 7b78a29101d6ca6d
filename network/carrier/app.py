"""The simulated carrier as one ASGI callable."""

from contextlib import suppress

from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from network.carrier.calls import Calls
from network.carrier.clock import Clock
from network.carrier.delivery import Delivery
from network.carrier.faults import Faults
from network.carrier.http import SafeHeaders
from network.carrier.line import SimulatedNumber
from network.carrier.phones import Phones
from network.carrier.posts import Posts
from network.carrier.rest import Rest
from network.carrier.settings import Settings
from network.carrier.store import Store


class Carrier:
    """`start` and `stop` it in the loop that serves `asgi`. What it owes survives a restart."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock, self.faults = Clock(), Faults()
        self.store = Store(settings.store)
        self.line = SimulatedNumber(settings, self.store)
        self.posts = Posts(settings, self.store, self.line, self.clock, self.faults)
        self.delivery = Delivery(settings, self.store, self.posts, self.clock, self.faults)
        self.calls = Calls(self.store, self.line, self.posts, self.clock, self.faults)
        self.rest = Rest(settings, self.store, self.line, self.delivery, self.calls, self.faults)
        self.phones = Phones(self.line, self.posts, self.delivery, self.calls)
        routes = [*self.rest.routes(), *self.phones.routes()]
        self.router = SafeHeaders(Router(routes, redirect_slashes=False))

    async def start(self) -> None:
        await self.posts.start()
        self.delivery.start()
        self.calls.start()

    async def stop(self) -> None:
        await self.calls.stop()
        await self.delivery.stop()
        await self.posts.stop()
        self.store.close()

    async def asgi(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(ConnectionResetError):  # the line is cut, as the faults wanted it
            await self.router(scope, receive, send)
