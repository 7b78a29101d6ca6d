"""No client holds a thread: not one that is slow, silent or gone, and not five hundred of them."""

import threading
import time
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from network import asgi
from network.door import limits
from network.door.bodies import Limit
from network.door.requests import Requests
from network.messaging.models import Inbound
from tests.console.signing_in import by_link, staff_of
from tests.setup.serving import LARGE, LARGE_BYTES, Quick, leave_rudely, read_all, served

MANY = 500


@pytest.fixture
def server(world):
    """The web process's own application."""
    with served(asgi.Application()) as made:
        yield made


@pytest.fixture
def impatient(monkeypatch):
    """Bodies have a few seconds."""
    for name in ("CARRIERS", "ANYBODYS"):
        monkeypatch.setattr(limits, name, Limit(64 * 1024, 4.0))


def text(server, n):
    """The status of a signed text's answer."""
    form = {
        "MessageSid": f"SM{n:032x}",
        "AccountSid": "AC" + "0" * 32,
        "From": "+13125550177",
        "Body": "hola",
    }
    url = "https://red.example.org/twilio/sms"
    signature = RequestValidator("token-now").compute_signature(url, form)
    status, _ = server.ask("POST /twilio/sms", urlencode(form).encode(), X_Twilio_Signature=signature)
    return status


def half_heads(server, clients):
    for client in clients:
        client.sendall(b"POST /twilio/sms HTTP/1.1\r\nHost: loc")


def half_bodies(server, clients):
    for n, client in enumerate(clients):
        path = (b"/twilio/sms", b"/accounts/login/")[n % 2]
        client.sendall(b"POST " + path + b" HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\nx")


def slow_readers(server, clients):
    for client in clients:
        client.sendall(f"GET {LARGE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 3)


def vanished(server, clients):
    for client in clients:
        client.sendall(f"GET {LARGE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 3)
    for client in clients:
        client.recv(100)
        leave_rudely(client)


@pytest.mark.slow("holds five hundred connections of each kind")
@pytest.mark.parametrize("rude", [half_heads, half_bodies, slow_readers, vanished])
def test_five_hundred_rude_clients_hold_up_neither_texts_nor_pages(server, impatient, rude):
    clients = [server.connect(small=True) for _ in range(MANY)]
    rude(server, clients)

    for n in range(5):
        assert text(server, n) == 200
        assert server.ask("GET /accounts/login/")[0] == 200

    assert Inbound.objects.count() == 5
    server.wait_until_free()
    for client in clients:
        client.close()
    assert text(server, 99) == 200
    assert len(server.ask(f"GET {LARGE}")[1]) == LARGE_BYTES


@pytest.fixture
def held_up(server, monkeypatch):
    """Every request of the console waits for this; `begun` counts them."""
    gate, begun, real = threading.Event(), [], Requests.answer

    def waits(self, scope, body):
        if scope["path"] == "/healthz":
            begun.append(scope["method"])
            gate.wait(120)
        return real(self, scope, body)

    monkeypatch.setattr(Requests, "answer", waits)
    gate.begun = begun
    yield gate
    gate.set()


def asks(server, method, many):
    clients = [server.connect() for _ in range(many)]
    for client in clients:
        client.sendall(f"{method} /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return clients


def wait_for(true):
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_console_under_load_keeps_no_text_waiting(server, held_up):
    clients = asks(server, "GET", 100)
    wait_for(lambda: len(held_up.begun) == asgi.CONSOLES_THREADS)

    assert text(server, 1) == 200
    assert len(held_up.begun) == asgi.CONSOLES_THREADS
    held_up.set()
    for client in clients:
        assert client.recv(100).startswith(b"HTTP/1.1 200")
        client.close()


def test_a_page_whose_reader_left_is_not_begun_but_what_they_sent_is(server, held_up):
    waiting = asks(server, "GET", asgi.CONSOLES_THREADS)
    wait_for(lambda: len(held_up.begun) == asgi.CONSOLES_THREADS)
    leaving = [*asks(server, "GET", 50), *asks(server, "POST", 2)]
    wait_for(lambda: server.requests() == len(waiting) + len(leaving))
    for thread in leaving:
        leave_rudely(thread)
    wait_for(lambda: server.requests() == len(waiting) + 2)

    held_up.set()
    for thread in waiting:
        assert thread.recv(100).startswith(b"HTTP/1.1 200")
        thread.close()
    wait_for(lambda: held_up.begun.count("POST") == 2)
    assert held_up.begun.count("GET") == asgi.CONSOLES_THREADS


@pytest.mark.parametrize(
    ("head", "body", "status"),
    [
        ("POST /twilio/sms", b"x" * 70_000, 413),
        ("POST /accounts/login/", b"x" * 70_000, 413),
        ("POST /people/sheet", b"x" * 300_000, 413),
        ("POST /accounts/login/", b"x" * 60_000, 403),  # read, and refused for what it lacks
    ],
)
def test_nobody_signed_in_is_read_at_length(server, head, body, status):
    assert server.ask(head, body)[0] == status


def test_a_refused_body_gets_a_page_that_says_so(server):
    status, page = server.ask("POST /accounts/login/", b"x" * 70_000, Accept_Language="es")

    assert status == 413
    assert b'lang="es"' in page
    assert b"content-security-policy" in server.head
    assert b"strict-transport-security" in server.head
    assert b"console/parts.css" in page


def test_a_body_in_chunks_is_counted_too(server):
    with server.connect() as connection:
        connection.sendall(
            b"POST /twilio/sms HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        for _ in range(2):
            connection.sendall(b"a000\r\n" + b"x" * 0xA000 + b"\r\n")
        connection.sendall(b"0\r\n\r\n")
        assert b" 413 " in read_all(connection)


def test_a_body_that_does_not_come_is_answered_in_time(server, impatient):
    with server.connect() as connection:
        connection.sendall(b"POST /twilio/sms HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx")
        assert b" 408 " in read_all(connection)


@pytest.mark.parametrize(
    ("sent", "status"), [(b"GET / HTTP/1.1\r\nHo", 408), (b"GET /" + b"x" * 90_000, 431)]
)
def test_a_head_that_is_not_whole_or_too_large_is_refused(server, sent, status):
    with server.connect() as connection:
        connection.sendall(sent)
        assert f" {status} ".encode() in read_all(connection)


def test_a_sheet_of_somebody_signed_in_is_read_whole(server, world):
    verifier = staff_of(world, "verifier", organization=world.azul)
    key = by_link(world, verifier).cookies[asgi.settings.SESSION_COOKIE_NAME].value
    cookie = f"{asgi.settings.SESSION_COOKIE_NAME}={key}"

    assert server.ask("POST /people/sheet", b"x" * 900_000, Cookie=cookie)[0] == 403  # no token of the form
    assert server.ask("POST /people/sheet", b"x" * 1_200_000, Cookie=cookie)[0] == 413
    assert server.ask("POST /vouches", b"x" * 300_000, Cookie=cookie)[0] == 413


def test_with_all_connections_taken_the_one_that_waited_longest_goes(server, monkeypatch):
    monkeypatch.setattr(Quick, "most", 5)
    idle = [server.connect() for _ in range(5)]
    wait_for(lambda: server.connections() == 5)

    assert text(server, 1) == 200
    assert read_all(idle[0]) == b""  # at once, without a word
    for connection in idle:
        connection.close()


def test_requests_that_come_together_are_answered_in_order(server):
    with server.connect() as connection:
        connection.sendall(
            b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        answers = read_all(connection)
    assert answers.index(b" 200 OK") < answers.index(b" 404 Not Found")


def test_a_head_request_has_the_length_and_no_body(server):
    status, body = server.ask(f"HEAD {LARGE}")
    assert (status, body) == (200, b"")


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("localhost:8000", 200), ("127.0.0.1:8000", 200), ("[::1]:8000", 200),
     ("red.example.org", 200), ("evil.example", 400), ("localhost.evil.example", 400), ("", 400)],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/phones/", "/carrier/2010-04-01/Accounts"])
async def test_the_demos_phones_and_carrier_answer_their_own_hosts_alone(host, status, path):
    application, sent = asgi.Application(), []

    class Simulated:
        async def asgi(self, scope, receive, send):
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message):
        sent.append(message)

    application.carrier = Simulated()
    scope = {"type": "http", "path": path, "headers": [(b"host", host.encode())] if host else []}
    await application(scope, None, send)
    assert sent[0]["status"] == status
