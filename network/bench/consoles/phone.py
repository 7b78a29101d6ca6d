"""The first board on a phone with a slow line, nothing kept from before: its bytes, and until it is drawn.

By a Chromium of this machine, which slows its own line and processor (`Network.emulateNetworkConditions`).
"""

import asyncio
import re
import statistics
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from typing import Any

import aiohttp

from network.bench.consoles.clicks import seats
from network.bench.town import town

CHROMIUM = "/usr/bin/chromium"
# A phone of the middle on a 4G line: 9 Mbit/s down, 170 ms there and back, a quarter of this processor.
LINE = {"offline": False, "latency": 170, "downloadThroughput": 9e6 / 8, "uploadThroughput": 9e6 / 8}
SLOWER, SCREEN = 4, {"width": 390, "height": 844, "deviceScaleFactor": 3, "mobile": True}
MOST_BYTES, MOST_MS, ROUNDS = 150_000, 1000.0, 5
SEEN = """(() => ({
  live: document.documentElement.dataset.line === "yes",
  now: performance.now(),
  drawn: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
}))()"""


def run() -> bool:
    """True if a first board takes less than 150 kB and is drawn within a second, in the middle of five."""
    with town(members=4, responders=0) as here:
        for phone in here.members:
            here.types(phone, "I need help")
        (key,) = seats(here, 1)
        with _browser() as address:
            looks = asyncio.run(_looks(address, here.url, key))
    size = max(size for size, _, _ in looks)
    drawn = statistics.median(drawn for _, drawn, _ in looks)
    live = statistics.median(live for _, _, live in looks)
    print(f"a first board on a phone: {size / 1000:.0f} kB; target {MOST_BYTES / 1000:.0f} kB")
    print(
        f"drawn after p50 {drawn:.0f} ms, live after p50 {live:.0f} ms; target {MOST_MS:.0f} ms until drawn"
    )
    return size < MOST_BYTES and drawn <= MOST_MS


@contextmanager
def _browser() -> Iterator[str]:
    """The address at which it is driven."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        child = subprocess.Popen(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
             f"--user-data-dir={folder}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert child.stderr is not None
        try:
            for line in child.stderr:
                if match := re.search(r"listening on (ws://\S+)", line):
                    yield match[1]
                    break
            else:
                raise SystemExit("Chromium did not start")
        finally:
            child.terminate()
            child.wait(20)


class Driven:
    """One window of it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket, self.numbers, self.session, self.size = socket, count(1), "", 0

    async def do(self, method: str, **given: Any) -> dict[str, Any]:
        """What it answers; the bytes of whatever has arrived meanwhile are counted."""
        number = next(self.numbers)
        asked = {"id": number, "method": method, "params": given}
        await self.socket.send_json(asked | ({"sessionId": self.session} if self.session else {}))
        while True:
            told = await self.socket.receive_json(timeout=60)
            if told.get("method") == "Network.loadingFinished":
                self.size += int(told["params"]["encodedDataLength"])
            if told.get("id") == number:
                if "error" in told:
                    raise SystemExit(f"{method}: {told['error']['message']}")
                result: dict[str, Any] = told["result"]
                return result


@asynccontextmanager
async def _window(address: str) -> AsyncIterator[Driven]:
    """A new one, which has kept nothing."""
    async with aiohttp.ClientSession() as http, http.ws_connect(address, max_msg_size=0) as socket:
        driven = Driven(socket)
        context = (await driven.do("Target.createBrowserContext"))["browserContextId"]
        target = await driven.do("Target.createTarget", url="about:blank", browserContextId=context)
        found = await driven.do("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        driven.session = found["sessionId"]
        yield driven
        driven.session = ""
        await driven.do("Target.disposeBrowserContext", browserContextId=context)


async def _looks(address: str, url: str, key: str) -> list[tuple[int, float, float]]:
    """Of each look its bytes, and the milliseconds until it was drawn and until it was live."""
    looks = []
    for _ in range(ROUNDS):
        async with _window(address) as window:
            await window.do("Network.enable")
            await window.do("Network.setBypassServiceWorker", bypass=True)
            await window.do("Network.setCookie", name="session", value=key, url=url)
            await window.do("Emulation.setDeviceMetricsOverride", **SCREEN)
            await window.do("Emulation.setCPUThrottlingRate", rate=SLOWER)
            await window.do("Network.emulateNetworkConditions", **LINE)
            await window.do("Page.navigate", url=url)
            looks.append(await _until_live(window))
    return looks


async def _until_live(driven: Driven) -> tuple[int, float, float]:
    for _ in range(600):
        found = await driven.do("Runtime.evaluate", expression=SEEN, returnByValue=True)
        seen = found["result"].get("value") or {}
        if seen.get("live") and seen.get("drawn"):
            await asyncio.sleep(1)  # what is still on the line
            await driven.do("Runtime.evaluate", expression="1")
            return driven.size, seen["drawn"], seen["now"]
        await asyncio.sleep(0.02)
    raise SystemExit("the board did not become live")
