"""The simulated carrier as one ASGI callable."""

from network.carrier.http import Receive, Scope, Send, read, write
from network.carrier.phones import Phones
from network.carrier.posts import Posts
from network.carrier.rest import Rest
from network.carrier.settings import Settings
from network.carrier.store import Store


class Carrier:
    """`start` and `stop` it in the loop that serves `asgi`. What it owes survives a restart."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.store)
        self.posts = Posts(settings, self.store)
        self.rest = Rest(settings, self.store, self.posts)
        self.phones = Phones(settings, self.store, self.posts)

    async def start(self) -> None:
        await self.posts.start()

    async def stop(self) -> None:
        await self.posts.stop()
        self.store.close()

    async def asgi(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await read(scope, receive)
        if request.path.startswith("/carrier"):
            await write(send, self.rest.answer(request))
        else:
            await write(send, await self.phones.answer(request))
