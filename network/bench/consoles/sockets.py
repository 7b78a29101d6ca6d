"""Many consoles' sockets in one process, and a bare server of such sockets to compare with.

`python -m network.bench.consoles.sockets listen URL` reads a session's key a line until an empty one,
connects each, says "ready", and at the end of its input prints [need, state, seconds] for each hint that
came, the seconds by the machine's monotonic clock. `... bare PORT DSN` hands what PostgreSQL tells to whoever
is connected, and asks nobody who they are.
"""

import asyncio
import json
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import psycopg
import uvicorn

AT_ONCE = 20  # that connect at a time


async def listen(url: str) -> None:
    lines = await asyncio.to_thread(lambda: list(iter(sys.stdin.readline, "\n")))
    heard: list[tuple[str, str, float]] = []
    room = asyncio.Semaphore(AT_ONCE)
    parts = urlsplit(url)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), headers={"Origin": f"{parts.scheme}://{parts.netloc}"}
    ) as session:

        async def console(key: str, up: asyncio.Event) -> None:
            async with room:
                socket = await session.ws_connect(f"{url}/live", headers={"Cookie": f"session={key}"})
                await socket.send_str("ping")
                await socket.receive()
            up.set()
            async for message in socket:
                at = time.monotonic()
                shows = json.loads(message.data).get("shows") or {}
                if "need" in shows:
                    heard.append((shows["need"], shows["state"], at))

        ups = [asyncio.Event() for _ in lines]
        running = [asyncio.create_task(console(key.strip(), up)) for key, up in zip(lines, ups, strict=True)]
        await asyncio.gather(*(up.wait() for up in ups))
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        for process in running:
            process.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    print(json.dumps(heard))


def bare(port: int, dsn: str) -> None:
    open_here: set[Any] = set()

    async def told() -> None:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
            await connection.execute("LISTEN bench_bare")
            async for hint in connection.notifies():
                for send in list(open_here):
                    await send({"type": "websocket.send", "text": hint.payload})

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        if not open_here:
            app.telling = asyncio.create_task(told())  # type: ignore[attr-defined]
        await receive()
        await send({"type": "websocket.accept"})
        open_here.add(send)
        while (await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": "{}"})
        open_here.discard(send)

    uvicorn.run(app, port=port, log_level="critical", lifespan="off", ws="websockets-sansio")


if __name__ == "__main__":
    if sys.argv[1] == "listen":
        asyncio.run(listen(sys.argv[2]))
    else:
        bare(int(sys.argv[2]), sys.argv[3])
