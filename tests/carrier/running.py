"""The simulated carrier under uvicorn in a thread, and a customer of it beside."""

import asyncio
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import requests
import uvicorn
from twilio.rest import Client

from network.carrier.app import Carrier
from network.carrier.settings import Handset, Settings

ACCOUNT, TOKEN, NUMBER, ROSA = "AC" + "1" * 32, "a" * 32, "+13125550100", "+13125550101"


HOLA = b'<Response><Say language="es-MX">Hola</Say></Response>'


class Ours(BaseHTTPRequestHandler):
    """A customer that keeps what it is posted; `down` makes it answer 500."""

    answers: dict = {}  # by path, where it isn't `answer`
    posts: list = []  # taken
    tries: list = []  # all
    down = False
    answer = HOLA
    kind = "text/xml"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = dict(parse_qsl(body, keep_blank_values=True))
        Ours.tries.append((self.path, form, dict(self.headers)))
        down = Ours.down and not self.path.startswith(("/fallback", "/down"))
        if down:
            self.send_response(500)
        else:
            Ours.posts.append(Ours.tries[-1])
            self.send_response(200)
        answer = Ours.answers.get(self.path.partition("?")[0], Ours.answer)
        self.send_header("Content-Type", Ours.kind)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


class Running:
    """The carrier under uvicorn in a thread, and the customer beside it."""

    def __init__(self, store, **more):
        Ours.posts, Ours.tries, Ours.down, Ours.answers = [], [], False, {}
        Ours.answer, Ours.kind = HOLA, "text/xml"
        self.more = more
        self.customer = ThreadingHTTPServer(("127.0.0.1", 0), Ours)
        self.customer.daemon_threads = True
        threading.Thread(target=self.customer.serve_forever, daemon=True).start()
        self.origin = f"http://127.0.0.1:{self.customer.server_port}"
        self.store = store
        self.start()

    def start(self):
        settings = Settings(
            ACCOUNT,
            TOKEN,
            NUMBER,
            f"{self.origin}/twilio/sms",
            self.store,
            (Handset(ROSA, "Rosa", "member", "Spanish", ""),),
            voice_url=f"{self.origin}/twilio/voice",
        )
        settings = replace(
            settings,
            **{
                name: value.format(origin=self.origin) if isinstance(value, str) else value
                for name, value in self.more.items()
            },
        )
        self.carrier = None

        async def app(scope, receive, send):
            if scope["type"] == "lifespan":
                await receive()
                self.carrier = Carrier(settings)
                await self.carrier.start()
                await send({"type": "lifespan.startup.complete"})
                await receive()
                await self.carrier.stop()
                await send({"type": "lifespan.shutdown.complete"})
            else:
                await self.carrier.asgi(scope, receive, send)

        self.server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="on"))
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve()), daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)
        self.base = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"
        self.client = Client(ACCOUNT, TOKEN)
        self.client.api.base_url = self.client.messaging.base_url = f"{self.base}/carrier"

    def stop(self):
        self.server.should_exit = True
        self.thread.join(10)

    def types(self, body, phone=ROSA, **more):
        return self.tells("texts", phone=phone, body=body, **more)["sid"]

    def tells(self, path, **said):
        answer = requests.post(f"{self.base}/phones/api/{path}", json=said, timeout=5)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def state(self):
        return requests.get(f"{self.base}/phones/api/state?since=0", timeout=5).json()

    def hears(self, words, phone=ROSA, within=5.0):
        """What was said on a handset, up to these words."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            said = [text["body"] for text in self.state()["texts"] if text["phone"] == phone]
            if f"☎ {words}" in said:
                return said
            time.sleep(0.02)
        raise AssertionError(said)

    def waits(self, phone, waits, within=5.0):
        """Wait until a handset is in this state of a call; None: in none."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            calls = {call["phone"]: call["waits"] for call in self.state()["calls"]}
            if calls.get(phone) == waits:
                return
            time.sleep(0.02)
        raise AssertionError(calls)

    def ended(self, sid, within=5.0):
        """The call as REST shows it once it is over."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            call = self.client.calls(sid).fetch()
            if call.end_time:
                return call
            time.sleep(0.02)
        raise AssertionError(call.status)

    def status(self, sid, word, within=5.0):
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            found = self.client.messages(sid).fetch()
            if found.status == word:
                return found
            time.sleep(0.02)
        raise AssertionError(found.status)

    def waited(self, path, count, within=10.0, tries=False):
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            found = [post for post in (Ours.tries if tries else Ours.posts) if post[0].startswith(path)]
            if len(found) >= count:
                return found
            time.sleep(0.02)
        raise AssertionError(Ours.posts)
