"""What the carrier posts to its customer: texts in and receipts, signed, in order, until taken."""

import asyncio
import secrets
from urllib.parse import urlsplit

import aiohttp

from network.carrier.rules import signature
from network.carrier.settings import Settings
from network.carrier.store import Store

TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
WAITS_S = (0.2, 0.5, 1, 2, 5, 10, 30)


class Posts:
    """Delivers what the store says is owed, one lane after its own order, lanes side by side.

    It repeats a failed post until it is taken. The real carrier does far less: by default it tries
    once more, and only when it could not connect.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.session: aiohttp.ClientSession | None = None
        self.running: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        self.session = aiohttp.ClientSession(timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=32))
        for lane in self.store.lanes():
            self.look(lane)

    async def stop(self) -> None:
        for task in list(self.running.values()):
            task.cancel()
        await asyncio.gather(*self.running.values(), return_exceptions=True)
        if self.session:
            await self.session.close()

    def look(self, lane: str) -> None:
        """There is something owed in this lane."""
        if lane not in self.running:
            task = asyncio.get_running_loop().create_task(self._run(lane))
            self.running[lane] = task

    async def _run(self, lane: str) -> None:
        failed = 0
        try:
            while owed := self.store.first_owed(lane):
                number, url, form = owed
                if await self.post(url, form) is not None:
                    self.store.paid(number)
                    failed = 0
                else:
                    await asyncio.sleep(WAITS_S[min(failed, len(WAITS_S) - 1)])
                    failed += 1
        finally:
            self.running.pop(lane, None)

    async def post(self, url: str, form: dict[str, str]) -> str | None:
        """The body of a 2xx answer; None for any other, or none."""
        assert self.session is not None
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
            "X-Home-Region": "us1",
            "X-Twilio-Signature": signature(self.settings.auth_token, url, form),
            "Host": urlsplit(url).netloc,
        }
        try:
            async with self.session.post(self._address(url), data=form, headers=headers) as answer:
                text = await answer.text()
                return text if 200 <= answer.status < 300 else None
        except (aiohttp.ClientError, TimeoutError):
            return None

    def _address(self, url: str) -> str:
        if not self.settings.post_to:
            return url
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.settings.post_to.rstrip('/')}{parts.path}{query}"
