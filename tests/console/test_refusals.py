"""What is refused before any page is asked, in one place: NULs, numbers beyond all bounds, another scheme, a flood."""

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from network.console.account.sign_in_limits import (
    AT_ONCE,
    MOST_TRIES,
    WITHIN_S,
    Addresses,
    SignInLimits,
    address_of,
)
from tests.console.signing_in import HOST, browser, by_link, by_password, post, staff_of, touch, with_code
from tests.console.test_routes import ROUTES, TABLE, url_of
from tests.databases import _tables

GIANTS = ("9" * 10, "99999999999999", "9" * 19, "9" * 40, "-" + "9" * 20, "9" * 5000, "1e999", "²" * 9)
OWN_PAGE = "console/parts.css"


@pytest.fixture
def steward(world):
    staff = with_code(staff_of(world, "steward", organization=world.azul))
    return by_password(staff)


@pytest.fixture
def coordinator(world):
    staff = with_code(staff_of(world, "coordinator", organization=world.azul))
    client = by_link(world, staff)
    touch(client)
    return client


def where_it_may_be(route):
    """The route with a NUL where its own part would be, and as a parameter and a field."""
    if "<" in route:
        head, _, tail = url_of(route).rpartition("/")
        yield "GET", f"{head}/%00{tail}", {}
    yield "GET", f"{url_of(route)}?organization=%00", {}
    yield "GET", f"{url_of(route)}?%00=1", {}
    yield "POST", url_of(route), {"organization": "a\0b"}
    yield "POST", url_of(route), {"a\0b": "1"}


@pytest.mark.slow("asks every route for a NUL in each place")
def test_a_nul_anywhere_is_refused_with_a_page_of_ours(coordinator):
    for route, (asks, _) in TABLE.items():
        if asks == "carrier" or "logout" in route or "sign-out" in route:
            continue
        for method, url, fields in where_it_may_be(route):
            answer = (
                post(coordinator, url, **fields) if method == "POST" else coordinator.get(url, secure=True)
            )
            assert answer.status_code in (400, 404), (method, url, answer.status_code)
            assert OWN_PAGE in answer.content.decode(), (method, url)


NAMES = (
    "organization", "hours", "weeks", "minutes", "children", "number", "seen", "page", "day", "hour", "which",
    "id", "person", "member", "show", "from", "to", "until", "zip", "state", "kind", "q", "next", "days",
    "least_vouches", "miles", "max_miles", "loss", "weeks_back", "since", "about", "language", "reason",
)  # fmt: skip


@pytest.mark.slow("asks every route for giant numbers")
@pytest.mark.parametrize("giant", GIANTS)
def test_a_giant_number_is_no_crash_anywhere(coordinator, giant):
    fields = dict.fromkeys(NAMES, giant)
    coordinator.raise_request_exception = False
    crashed = []
    for route, (asks, methods) in TABLE.items():
        if asks == "carrier" or route == "readyz" or "logout" in route or "sign-out" in route:
            continue
        url = url_of(route).replace("999", giant if giant.isascii() else "999")
        if methods == "*" or "GET" in methods:
            crashed += [("GET", route)] * (coordinator.get(url, fields, secure=True).status_code >= 500)
        if methods == "*" or "POST" in methods:
            crashed += [("POST", route)] * (post(coordinator, url, **fields).status_code >= 500)
    assert crashed == []


STEPS = (
    ("/duty/do/start", {"hours": None}),
    ("/duty/do/add", {"day": "2026-10-07", "start": "10:00", "end": "11:00", "weeks": None}),
    ("/drills/start", {"kind": "lawyer", "minutes": None}),
    ("/asking/surge/declare", {"hours": None, "minutes": None}),
    ("/organizations/do/numbers", {"why": "so", "vouches": None}),
    ("/requests/{number}/do/promise", {"how": "call", "minutes": None}),
    ("/requests/{number}/do/kind", {"kind": "childcare", "children": None}),
    ("/requests/{number}/do/set_time", {"day": "2026-10-07", "hour": "10:00", "which": None}),
    ("/requests/{number}/do/note", {"words": "so", "seen": None}),
    ("/views", {"name": None, "query": None}),
)


@pytest.mark.parametrize(("url", "fields"), STEPS)
def test_a_giant_number_in_a_form_is_refused_with_a_sentence(world, coordinator, url, fields):
    rosa = world.member("Rosa")
    rosa.asks()
    organization = str(world.azul.pk)
    for giant in GIANTS:
        said = {name: giant if value is None else value for name, value in fields.items()}
        answer = post(
            coordinator,
            url.format(number=world.request().number),
            organization=organization,
            person=str(rosa.person.pk),
            member=str(rosa.person.pk),
            **said,
        )

        assert answer.status_code < 500, giant
        if answer.status_code == 400:
            assert OWN_PAGE in answer.content.decode(), giant


def test_an_address_that_is_not_there_has_a_page_of_ours(db):
    answer = browser().get("/nowhere", secure=True)
    assert answer.status_code == 404
    assert OWN_PAGE in answer.content.decode()


def test_where_the_public_url_is_https_browsers_stay_with_it_and_its_http_twin_is_another_origin(world):
    client = Client(enforce_csrf_checks=True, SERVER_NAME=HOST)
    for page in (client.get("/accounts/login/"), client.get("/healthz")):
        assert (
            int(page.headers["Strict-Transport-Security"].removeprefix("max-age=").split(";")[0]) >= 31536000
        )

    token = client.get("/accounts/login/").context["csrf_token"]
    for origin, status in ((f"http://{HOST}", 403), (f"https://{HOST}", 200), ("https://evil.example", 403)):
        for proxy in ({}, {"X-Forwarded-Proto": "http"}, {"X-Forwarded-Proto": "https"}):
            answer = client.post(
                "/accounts/login/", {"csrfmiddlewaretoken": str(token)}, headers={"Origin": origin, **proxy}
            )
            assert answer.status_code == status, (origin, proxy)


@pytest.mark.parametrize(
    ("sent", "status"),
    [("", 404), ("Bearer wrong", 404), ("Basic of-the-tests", 404), ("Bearer of-the-tests", 200),
     ("bearer of-the-tests", 200), ("Bearer ", 404)],
)  # fmt: skip
def test_only_who_has_the_token_reads_the_metrics(db, settings, sent, status):
    settings.METRICS_TOKEN = "of-the-tests"
    headers = {"Authorization": sent} if sent else {}
    assert browser().get("/metrics", secure=True, headers=headers).status_code == status


@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer x"])
def test_without_a_token_there_are_no_metrics(db, settings, sent):
    settings.METRICS_TOKEN = ""
    assert browser().get("/metrics", secure=True, headers={"Authorization": sent}).status_code == 404


def rows():
    found = {}
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


SIGN_IN_PAGES = [route for route in ROUTES if route.startswith(("accounts/", "sign-in/", "private", "visit"))]


def test_a_look_at_a_sign_in_page_writes_no_row(world):
    before = rows()
    for route in SIGN_IN_PAGES:
        for client in (Client(SERVER_NAME=HOST), Client(SERVER_NAME=HOST, HTTP_ACCEPT="application/json")):
            assert client.get(url_of(route), secure=True).status_code < 500
            assert rows() == before, route


def test_what_was_asked_of_a_key_waits_in_a_cookie_and_not_for_long(world):
    client = Client(SERVER_NAME=HOST, HTTP_ACCEPT="application/json")
    asked = client.get("/accounts/2fa/webauthn/login/", secure=True)

    assert asked.json()["request_options"]["publicKey"]["challenge"]
    cookie = client.cookies["__Host-passkey"]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["max-age"] == 300


def from_here(path="/accounts/login/", *, peer="127.0.0.1", **headers):
    return RequestFactory().post(path, REMOTE_ADDR=peer, headers=headers)


@pytest.mark.parametrize(
    ("peer", "said", "address"),
    [
        ("127.0.0.1", "", ""),
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7"),  # the first was the client's own word
        ("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("127.0.0.1", "nonsense", ""),
        ("198.51.100.9", "198.51.100.7", ""),  # no proxy of ours
    ],
)
def test_an_address_is_what_the_proxy_on_this_machine_says(peer, said, address):
    assert address_of(from_here(peer=peer, **({"X-Forwarded-For": said} if said else {}))) == address


def test_an_address_is_kept_for_a_minute_as_a_hash(monkeypatch):
    addresses = Addresses()
    assert all(addresses.allow("198.51.100.7", now=n / 10) for n in range(MOST_TRIES))
    assert not addresses.allow("198.51.100.7", now=MOST_TRIES / 10)
    assert addresses.allow("198.51.100.8", now=MOST_TRIES / 10)
    assert b"198.51" not in b"".join(addresses.tries)

    assert addresses.allow("198.51.100.9", now=MOST_TRIES / 10 + WITHIN_S)
    assert len(addresses.tries) == 1


def test_where_nobody_names_addresses_there_is_no_limit_for_all_together(world, settings):
    limits = {**settings.ACCOUNT_RATE_LIMITS, **settings.MFA_RATE_LIMITS}
    assert not [limit for limit in limits.values() if "/ip" in (limit or "")]
    staff = with_code(staff_of(world, "coordinator", organization=world.azul))
    for _ in range(MOST_TRIES + 5):
        assert post(browser(), "/accounts/login/").status_code == 200
    by_password(staff)


def test_a_flood_from_one_address_is_refused_and_another_comes_in(world):
    staff = with_code(staff_of(world, "coordinator", organization=world.azul))
    rude = Client(SERVER_NAME=HOST, HTTP_X_FORWARDED_FOR="198.51.100.7", HTTP_REFERER=f"https://{HOST}/")
    answers = [post(rude, "/accounts/login/") for _ in range(MOST_TRIES + 1)]
    assert [answer.status_code for answer in answers] == [200] * MOST_TRIES + [429]
    assert OWN_PAGE in answers[-1].content.decode()
    other = Client(SERVER_NAME=HOST, HTTP_X_FORWARDED_FOR="198.51.100.8", HTTP_REFERER=f"https://{HOST}/")
    by_password(staff, client=other)


def test_sign_ins_are_worked_on_two_at_a_time(rf, monkeypatch):
    monkeypatch.setattr("network.console.account.sign_in_limits.WAITS_S", 0.01)
    inside = []

    def work(request):
        inside.append(request)
        if len(inside) <= AT_ONCE:
            return limits(from_here())  # as another thread would, while this one works
        raise AssertionError("a third")

    limits = SignInLimits(work)
    assert limits(from_here()).status_code == 429
    assert len(inside) == AT_ONCE
