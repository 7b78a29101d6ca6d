"""The simulated carrier, spoken to by Twilio's own library."""

import asyncio
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest
import requests
import uvicorn
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from network.carrier import Carrier, Handset, Settings
from network.carrier.rules import signature

ACCOUNT, TOKEN, NUMBER, ROSA = "AC" + "1" * 32, "a" * 32, "+13125550100", "+13125550101"
KEYS = {
    "body", "num_segments", "direction", "from", "to", "date_updated", "price", "error_message", "uri",
    "account_sid", "num_media", "status", "messaging_service_sid", "sid", "date_sent", "date_created",
    "error_code", "price_unit", "api_version", "subresource_uris",
}  # fmt: skip


class Ours(BaseHTTPRequestHandler):
    """A customer that keeps what it is posted; `down` makes it answer 500."""

    posts: list = []
    down = False

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        answer = b'<Response><Say language="es-MX">Hola</Say></Response>'
        if Ours.down:
            self.send_response(500)
        else:
            Ours.posts.append((self.path, dict(parse_qsl(body, keep_blank_values=True)), dict(self.headers)))
            self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


class Running:
    """The carrier under uvicorn in a thread, and the customer beside it."""

    def __init__(self, store):
        Ours.posts, Ours.down = [], False
        self.customer = ThreadingHTTPServer(("127.0.0.1", 0), Ours)
        self.customer.daemon_threads = True
        threading.Thread(target=self.customer.serve_forever, daemon=True).start()
        self.origin = f"http://127.0.0.1:{self.customer.server_port}"
        self.store = store
        self.start()

    def start(self):
        settings = Settings(
            ACCOUNT, TOKEN, NUMBER, f"{self.origin}/twilio/sms", self.store,
            (Handset(ROSA, "Rosa", "member", "Spanish", ""),), voice_url=f"{self.origin}/twilio/voice",
        )  # fmt: skip
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
        self.client.api.base_url = f"{self.base}/carrier"

    def stop(self):
        self.server.should_exit = True
        self.thread.join(10)

    def types(self, body, phone=ROSA):
        answer = requests.post(
            f"{self.base}/phones/api/texts", json={"phone": phone, "body": body}, timeout=5
        )
        assert answer.status_code == 200

    def waited(self, path, count, within=10.0):
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            found = [post for post in Ours.posts if post[0].startswith(path)]
            if len(found) >= count:
                return found
            time.sleep(0.02)
        raise AssertionError(Ours.posts)


@pytest.fixture
def carrier(tmp_path):
    running = Running(tmp_path / "carrier.sqlite3")
    yield running
    running.stop()
    running.customer.shutdown()
    running.customer.server_close()


def test_a_message_is_made_shown_listed_redacted_and_deleted(carrier):
    made = carrier.client.messages.create(to=ROSA, from_=NUMBER, body="Hola á")
    assert (made.status, made.num_segments, made.direction) == ("queued", "1", "outbound-api")
    raw = requests.get(
        f"{carrier.base}/carrier/2010-04-01/Accounts/{ACCOUNT}/Messages/{made.sid}.json",
        auth=(ACCOUNT, TOKEN), timeout=5,
    ).json()  # fmt: skip
    assert raw.keys() == KEYS
    assert carrier.client.messages(made.sid).fetch().date_created is not None
    for n in range(5):
        carrier.client.messages.create(to=ROSA, from_=NUMBER, body=str(n))
    listed = carrier.client.messages.list(to=ROSA, page_size=2)
    assert [m.body for m in listed] == ["4", "3", "2", "1", "0", "Hola á"]
    assert carrier.client.messages(made.sid).update(body="").body == ""
    assert carrier.client.messages(made.sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        carrier.client.messages(made.sid).fetch()
    assert gone.value.status == 404


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"From": NUMBER, "Body": "x"}, 21604), ({"To": ROSA, "Body": "x"}, 21603), ({"To": ROSA, "From": NUMBER}, 21602),
        ({"To": ROSA, "From": NUMBER, "Body": "x" * 1601}, 21617), ({"To": "banana", "From": NUMBER, "Body": "x"}, 21211),
        ({"To": ROSA, "From": "+13125559999", "Body": "x"}, 21606), ({"To": "+15005550001", "From": NUMBER, "Body": "x"}, 21211),
        ({"To": "+15005550002", "From": NUMBER, "Body": "x"}, 21612), ({"To": "+15005550003", "From": NUMBER, "Body": "x"}, 21408),
        ({"To": "+15005550004", "From": NUMBER, "Body": "x"}, 21610), ({"To": "+15005550009", "From": NUMBER, "Body": "x"}, 21614),
        ({"To": ROSA, "From": "+15005550001", "Body": "x"}, 21212), ({"To": ROSA, "From": "+15005550007", "Body": "x"}, 21606),
        ({"To": ROSA, "From": "+15005550008", "Body": "x"}, 21611),
        ({"To": ROSA, "From": NUMBER, "Body": "x", "StatusCallback": "nope"}, 21609),
    ],
)  # fmt: skip
def test_refusals_carry_the_carriers_codes(carrier, form, code):
    url = f"{carrier.base}/carrier/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    answer = requests.post(url, data=form, auth=(ACCOUNT, TOKEN), timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert requests.post(url, data=form, auth=(ACCOUNT, "wrong"), timeout=5).json()["code"] == 20003


def test_a_typed_text_arrives_signed_with_all_it_should_have(carrier):
    carrier.types("tocan la puerta á 😀")
    _, form, headers = carrier.waited("/twilio/sms", 1)[0]
    assert form["Body"] == "tocan la puerta á 😀"
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"]
    assert {
        "NumMedia",
        "NumSegments",
        "SmsStatus",
        "ApiVersion",
        "FromCity",
        "To",
        "AccountSid",
    } <= form.keys()
    assert headers["User-Agent"] == "TwilioProxy/1.1"
    url = f"{carrier.origin}/twilio/sms"
    assert RequestValidator(TOKEN).validate(url, form, headers["X-Twilio-Signature"])


def test_the_published_signature_vector():
    form = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675310", "Digits": "1234",
        "From": "+14158675310", "To": "+18005551212",
    }  # fmt: skip
    url = "https://example.com/myapp.php?foo=1&bar=2"
    assert signature("12345", url, form) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_receipts_follow_in_order_with_our_own_query(carrier):
    carrier.client.messages.create(
        to=ROSA, from_=NUMBER, body="x", status_callback=f"{carrier.origin}/twilio/status?o=7"
    )
    posts = carrier.waited("/twilio/status?o=7", 2)
    assert [form["MessageStatus"] for _, form, _ in posts] == ["sent", "delivered"]


def test_stop_blocks_start_restores_and_both_are_forwarded(carrier):
    carrier.types(" stop ")
    with pytest.raises(TwilioRestException) as refused:
        carrier.client.messages.create(to=ROSA, from_=NUMBER, body="x")
    assert refused.value.code == 21610
    carrier.types("stop please")
    carrier.types("START")
    assert carrier.client.messages.create(to=ROSA, from_=NUMBER, body="x").sid
    assert [form["Body"] for _, form, _ in carrier.waited("/twilio/sms", 3)] == [
        " stop ",
        "stop please",
        "START",
    ]


def test_what_is_owed_survives_an_outage_and_a_restart_in_order(carrier):
    Ours.down = True
    for body in ("one", "two", "three"):
        carrier.types(body)
    time.sleep(0.3)
    carrier.stop()
    Ours.down = False
    carrier.start()
    assert [form["Body"] for _, form, _ in carrier.waited("/twilio/sms", 3)] == ["one", "two", "three"]


def test_a_call_is_put_through_and_spoken_on_the_handset(carrier):
    requests.post(f"{carrier.base}/phones/api/call", json={"phone": ROSA}, timeout=5)
    state = requests.get(f"{carrier.base}/phones/api/state?since=0", timeout=5).json()
    assert state["texts"][-1]["body"] == "☎ Hola"


def test_the_page_is_ours_alone(carrier):
    page = requests.get(f"{carrier.base}/phones/", timeout=5)
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert requests.get(f"{carrier.base}/phones/static/phones.js", timeout=5).status_code == 200
    assert requests.get(f"{carrier.base}/phones/static/../app.py", timeout=5).status_code == 404
    forged = {"Origin": "https://evil.example"}
    url, said = f"{carrier.base}/phones/api/texts", {"phone": ROSA, "body": "x"}
    assert requests.post(url, json=said, headers=forged, timeout=5).status_code == 403
    assert requests.post(url, data=said, timeout=5).status_code == 403
    assert (
        requests.post(f"{carrier.base}/phones/api/phones", json={"phone": "x"}, timeout=5).status_code == 400
    )
    assert (
        requests.post(
            f"{carrier.base}/phones/api/phones", json={"phone": "+13125550199"}, timeout=5
        ).status_code
        == 200
    )
