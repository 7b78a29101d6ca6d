"""The bare baseline: the same server and database, a signature checked and one INSERT; nothing else.

`python -m network.bench.bare PORT TOKEN URL DSN`
"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from psycopg_pool import ConnectionPool
from twilio.request_validator import RequestValidator

THREADS = 4


class Bare:
    """Reads a post, takes it in a thread, answers."""

    def __init__(self, token: str, url: str, pool: ConnectionPool) -> None:
        self.validator, self.url, self.pool = RequestValidator(token), url, pool
        self.threads = ThreadPoolExecutor(THREADS)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        signature = dict(scope["headers"]).get(b"x-twilio-signature", b"").decode()
        status = await asyncio.get_running_loop().run_in_executor(
            self.threads, self.take, body.decode(), signature
        )
        headers = [(b"content-type", b"text/xml"), (b"content-length", b"11")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"<Response/>"})

    def take(self, body: str, signature: str) -> int:
        form = dict(parse_qsl(body, keep_blank_values=True))
        if not self.validator.validate(self.url, form, signature):
            return 403
        with self.pool.connection() as connection:
            connection.execute(
                "INSERT INTO bench_bare (sid, body) VALUES (%s, %s)", [form["MessageSid"], body]
            )
        return 200


def main(port: int, token: str, url: str, dsn: str) -> None:
    pool = ConnectionPool(dsn, min_size=1, max_size=16, open=True)
    with pool.connection() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_bare (sid text PRIMARY KEY, body text)")
    uvicorn.run(Bare(token, url, pool), port=port, log_level="critical", access_log=False, lifespan="off")


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:5])
