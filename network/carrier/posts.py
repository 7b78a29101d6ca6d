"""What the carrier posts to its customer: texts in, receipts, calls; signed, and soon given up.

As the real one does: by default one more try, and only when it could not connect; the fragment of
the URL may ask for more (#rc=2&rp=ct,rt,5xx). Then the fallback URL, with the error in the form.
Then nothing: a text stays in the list, a receipt is lost.
"""

import asyncio
import secrets
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

import aiohttp

from network.carrier.clock import Clock
from network.carrier.faults import Faults
from network.carrier.line import SimulatedNumber
from network.carrier.rules import Retries, retries, segments, signature, signed_url
from network.carrier.settings import Settings
from network.carrier.store import Store
from network.carrier.twiml import UNREACHABLE, NotTwiml, read, words

AT_ONCE = 64
SHUFFLED_S = 1.5


@dataclass(frozen=True, slots=True)
class PostTaken:
    """A 2xx answer."""

    body: str
    kind: str


class PostFailed(Exception):
    """Not taken: `how` is ct (no connection), rt (no answer in time), 4xx or 5xx."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class Posts:
    """Delivers what the store says is owed, one lane after its own order, lanes side by side."""

    def __init__(
        self, settings: Settings, store: Store, line: SimulatedNumber, clock: Clock, faults: Faults
    ) -> None:
        self.settings, self.store, self.line = settings, store, line
        self.clock, self.faults = clock, faults
        self.session: aiohttp.ClientSession | None = None
        self.running: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE))
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
        try:
            while owed := self.store.first_owed(lane):
                number, url, form = owed
                if self._shuffled(lane):
                    await asyncio.sleep(self.faults.chance.uniform(0, SHUFFLED_S))
                calls = lane.startswith("call:")
                heard = await self.post(url, form, fallback=self.fallback(lane), voice=calls)
                self.store.paid(number)
                if heard and lane.startswith("phone:"):
                    self._reply(form, heard)
        finally:
            self.running.pop(lane, None)

    def fallback(self, lane: str) -> str:
        return self.line.option("sms_fallback_url") if lane.startswith("phone:") else ""

    def _reply(self, form: dict[str, str], heard: PostTaken) -> None:
        """Texts in the answer go to the handset; an answer that is no TwiML is a line in the debugger."""
        try:
            verbs = read(heard.body, heard.kind) if heard.body.strip() else ()
        except NotTwiml as wrong:
            self.store.problem(wrong.code, form.get("To", ""), now=self.clock.now())
            return
        for verb in verbs:
            if verb.name == "Message":
                self.store.add(
                    now=self.clock.now(),
                    direction="outbound-reply",
                    sender=form["To"],
                    receiver=form["From"],
                    body=words(verb),
                    status="delivered",
                    segments=segments(words(verb)),
                    sent=True,
                )

    def _shuffled(self, lane: str) -> bool:
        texts = lane.startswith("phone:")
        return self.faults.texts_shuffled if texts else self.faults.receipts_shuffled

    async def post(
        self, url: str, form: dict[str, str], *, fallback: str = "", voice: bool = False
    ) -> PostTaken | None:
        """The answer, or None once every try that the URL asks for has failed, and the fallback too."""
        address, fragment = urldefrag(url)
        asked = retries(fragment)
        deadline = asyncio.get_running_loop().time() + asked.total_s
        for left in range(asked.more, -1, -1):
            try:
                return await self._once(address, form, asked, voice=voice)
            except PostFailed as failed:
                late = asyncio.get_running_loop().time() >= deadline
                if not left or late or not asked.again_after(failed.how):
                    break
        self.store.problem(UNREACHABLE, address, now=self.clock.now())
        if not fallback:
            return None
        form = {**form, "ErrorCode": str(UNREACHABLE), "ErrorUrl": address}
        try:
            return await self._once(urldefrag(fallback)[0], form, asked, voice=voice)
        except PostFailed:
            return None

    async def _once(self, url: str, form: dict[str, str], asked: Retries, *, voice: bool) -> PostTaken:
        assert self.session is not None
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
            "X-Home-Region": "us1",
            "X-Twilio-Signature": signature(self.settings.auth_token, signed_url(url, voice=voice), form),
            "Host": urlsplit(url).netloc,
        }
        limit = aiohttp.ClientTimeout(total=asked.total_s, connect=asked.connect_s, sock_read=asked.read_s)
        try:
            async with self.session.post(
                self._address(url), data=form, headers=headers, timeout=limit
            ) as answer:
                body = (await answer.read()).decode("utf-8", "replace")
                if answer.status >= 400:
                    raise PostFailed("5xx" if answer.status >= 500 else "4xx")
                return PostTaken(body, answer.headers.get("Content-Type", ""))
        except aiohttp.ClientConnectorError:
            raise PostFailed("ct") from None
        except (aiohttp.ClientError, TimeoutError):
            raise PostFailed("rt") from None

    def _address(self, url: str) -> str:
        if not self.settings.post_to:
            return url
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.settings.post_to.rstrip('/')}{parts.path}{query}"
