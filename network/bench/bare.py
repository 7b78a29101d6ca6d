"""The bare baseline: the same server and database, a signature checked and one INSERT; nothing else.

`python -m network.bench.bare PORT TOKEN URL DSN`
"""

import sys
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from a2wsgi import WSGIMiddleware
from psycopg_pool import ConnectionPool
from twilio.request_validator import RequestValidator


def application(token: str, url: str, pool: ConnectionPool) -> Callable[..., Iterable[bytes]]:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        form = dict(parse_qsl(body, keep_blank_values=True))
        if not RequestValidator(token).validate(url, form, environ["HTTP_X_TWILIO_SIGNATURE"]):
            start_response("403 Forbidden", [])
            return []
        with pool.connection() as connection:
            connection.execute(
                "INSERT INTO bench_bare (sid, body) VALUES (%s, %s)", [form["MessageSid"], body]
            )
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [b"<Response/>"]

    return answer


def main(port: int, token: str, url: str, dsn: str) -> None:
    pool = ConnectionPool(dsn, min_size=1, max_size=16, open=True)
    with pool.connection() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_bare (sid text PRIMARY KEY, body text)")
    app: Any = WSGIMiddleware(application(token, url, pool), workers=8)
    uvicorn.run(app, port=port, log_level="critical", access_log=False, lifespan="off")


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:5])
