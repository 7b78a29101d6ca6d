"""A made-up network on a folder of its own: our program as a process, the carrier in this one."""

import asyncio
import base64
import csv
import io
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn
import uvloop

from network.bench.forms import ACCOUNT, NUMBER
from network.bench.light import Light
from network.carrier.app import Carrier
from network.carrier.settings import Settings

ZIPS = ("60608", "60609", "60616", "60623", "60629", "60632", "60638", "60652")
MARK = "PORCHLIGHT_TOWN"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class BenchTown:
    """`members` and `responders` are phones. Everything started is ended with the context."""

    def __init__(
        self,
        folder: Path,
        *,
        members: int,
        responders: int,
        rate: float,
        budget: int,
        workers: int,
        light: bool,
    ) -> None:
        self.folder, self.port, self.carrier_port = folder, free_port(), free_port()
        self.workers = workers
        self.url = f"http://127.0.0.1:{self.port}"
        self.token, self.mark = secrets.token_hex(16), secrets.token_hex(8)
        self.members = [f"+1312556{n:04d}" for n in range(members)]
        self.responders = [f"+1312557{n:04d}" for n in range(responders)]
        self.environment = {
            **os.environ,
            "DATA_DIR": str(folder / "var"),
            "SECRET_KEY": secrets.token_urlsafe(40),
            "FIELD_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "PUBLIC_URL": self.url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": self.token,
            "TWILIO_NUMBER": NUMBER,
            "TWILIO_RATE": str(rate),
            "DAILY_TEXT_BUDGET": str(budget),
            "TWILIO_API_URL": f"http://127.0.0.1:{self.carrier_port}/carrier",
            MARK: self.mark,
        }
        for name in ("DATABASE_URL", "PORCHLIGHT_DEMO", "PORCHLIGHT_PORT", "TWILIO_MESSAGING_SERVICE_SID"):
            self.environment.pop(name, None)
        settings = Settings(
            account_sid=ACCOUNT,
            auth_token=self.token,
            number=NUMBER,
            store=folder / "carrier.sqlite3",
            webhook_url=f"{self.url}/twilio/sms#rc=2&rp=ct,rt,5xx",
            rate=100_000.0,
        )
        self.carrier, self.light = Carrier(settings), Light(settings)
        self.serves: Carrier | Light = self.light if light else self.carrier
        self.loop = uvloop.new_event_loop() if light else asyncio.new_event_loop()
        self.log = (folder / "log").open("ab")
        self.up: subprocess.Popen[bytes] | None = None

    def serve_carrier(self) -> None:
        async def app(scope, receive, send):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            if scope["type"] == "lifespan":
                await receive()
                await self.serves.start()
                await send({"type": "lifespan.startup.complete"})
                await receive()
                await self.serves.stop()
                await send({"type": "lifespan.shutdown.complete"})
            else:
                await self.serves.asgi(scope, receive, send)

        self.server = uvicorn.Server(
            uvicorn.Config(app, port=self.carrier_port, log_level="critical", lifespan="on")
        )
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.server.serve())

    def command(self, *words: str, feed: str = "") -> None:
        run = subprocess.run(
            [sys.executable, "manage.py", *words],
            env=self.environment,
            input=feed.encode(),
            check=False,
            capture_output=True,
        )
        if run.returncode:
            raise SystemExit(run.stderr.decode()[-2000:])

    def start(self) -> float:
        """Start `up`; returns the seconds until it said that it is ready."""
        began = time.monotonic()
        self.up = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(self.port), "--workers", str(self.workers)],
            env=self.environment, stdout=subprocess.PIPE, stderr=self.log,
        )  # fmt: skip
        assert self.up.stdout is not None
        for line in self.up.stdout:
            if line.startswith(b"ready"):
                return time.monotonic() - began
        raise SystemExit("it did not start: " + (self.folder / "log").read_text()[-2000:])

    def pids(self, command: str = "") -> list[int]:
        """Our processes, the database's too; or those whose command line has this word."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            with suppress(OSError):
                marked = f"{MARK}={self.mark}".encode() in (entry / "environ").read_bytes()
                if marked and command.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
        return found

    def kill_all(self) -> int:
        """kill -9 of every process of ours. Returns how many."""
        pids = self.pids()
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.up:
            self.up.wait()
        return len(pids)

    def stop(self) -> None:
        if self.up and self.up.poll() is None:
            self.up.send_signal(signal.SIGINT)
            try:
                self.up.wait(20)
            except subprocess.TimeoutExpired:
                self.kill_all()

    def types(self, phone: str, body: str) -> None:
        """A handset sends a text, from any thread."""
        text = self.light.text if self.serves is self.light else self.carrier.phones.text
        self.loop.call_soon_threadsafe(text, phone, body)

    def bring_in(self) -> None:
        """Organizations, members, responders, by the spreadsheets that anybody would use."""
        self.bring_in_organizations()
        self.command(
            "import",
            "members",
            "-",
            feed=_sheet(
                "phone,name,language,organization,street,unit,city,state,zip,duress_word,consent_on",
                [
                    (
                        phone,
                        f"M{n}",
                        "en",
                        "casa",
                        f"{n} Sample Street",
                        "",
                        "Chicago",
                        "IL",
                        ZIPS[n % 8],
                        "",
                        "2026-01-01",
                    )
                    for n, phone in enumerate(self.members)
                ],
            ),
        )
        self.command(
            "import",
            "responders",
            "-",
            feed=_sheet(
                "phone,name,languages,organizations,kinds,zip,max_miles,hours,pin,clearance_until,bar_number,"
                "bar_state,wake_at_night,consent_on",
                [
                    (
                        phone,
                        f"R{n}",
                        "en;es",
                        "casa;norte",
                        "accompaniment",
                        ZIPS[n % 8],
                        "30",
                        "always",
                        "",
                        "",
                        "",
                        "",
                        "yes",
                        "2026-01-01",
                    )
                    for n, phone in enumerate(self.responders)
                ],
            ),
        )

    def bring_in_organizations(self) -> None:
        organizations = [("casa", "Casa", "community"), ("norte", "Norte", "community")]
        self.command(
            "import",
            "organizations",
            "-",
            feed=_sheet(
                "slug,name,kind,phone,email,zip",
                [(slug, name, kind, "+13125551001", "", "60608") for slug, name, kind in organizations],
            ),
        )


def _sheet(header: str, rows: list[tuple[str, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue()


@contextmanager
def town(
    *,
    members: int,
    responders: int,
    rate: float = 10_000.0,
    budget: int = 1_000_000,
    workers: int = 1,
    light: bool = False,
) -> Iterator[BenchTown]:
    """`light`: the carrier keeps no books, for measurements in which its own work would count."""
    with tempfile.TemporaryDirectory(prefix="porchlight-bench-", ignore_cleanup_errors=True) as folder:
        made = BenchTown(
            Path(folder),
            members=members,
            responders=responders,
            rate=rate,
            budget=budget,
            workers=workers,
            light=light,
        )
        serving = threading.Thread(target=made.serve_carrier, daemon=True)
        serving.start()
        try:
            made.start()
            if members or responders:
                made.bring_in()
            yield made
        finally:
            made.stop()
            made.server.should_exit = True
            serving.join(10)
