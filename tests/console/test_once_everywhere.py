"""Every button with an effect, on every page: pressed twice, since the line was slow, it acts once."""

import copy
import html
import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import Resolver404, resolve

from tests.console.signing_in import by_link, get, staff_of

pytestmark = pytest.mark.slow("presses every button of every page twice")

SEEDS = ("/", "/account", "/drills", "/duty", "/organizations", "/vouches", "/staff", "/asking", "/wording", "/texts",
         "/setting-up", "/people", "/requests/new", "/sheets")  # fmt: skip
MOST_OF_A_ROUTE = 2
LINKS = re.compile(r'<a\b[^>]*?\bhref="([^"#]*)')
# Signing out, looking for somebody, and how a page looks: pressed twice, they do the same as pressed once.
HARMLESS = re.compile(
    r"^/(accounts/|i18n/|theme|find|account/(sign-out|keys|touch)|wording/try|people$|measures/file)"
)
# What is written whatever is pressed: the press itself, the browser's own session, who is at a console,
# and that somebody was looked for.
OUR_OWN = {"console_press", "staff_staffsession", "duty_presence", "staff_lookup"}
FILLED = {"date": "2026-10-08", "time": "10:00", "number": "2", "email": "zoe@example.org", "tel": "+13125550911",
          "search": "Rosa", "text": "Words that say why", "password": "a long enough sentence"}  # fmt: skip
BY_NAME = {"minutes": "20", "hours": "4", "pin": "8642", "zip": "60629", "state": "IL", "phone": "+13125550911",
           "children": "1", "weeks": "1", "end": "18:00", "wakes": "08:00", "sleeps": "23:00"}  # fmt: skip


class Forms(HTMLParser):
    """The forms that a page posts: fields as a person would fill them in, and each of their buttons."""

    def __init__(self):
        super().__init__()
        self.found, self.fields, self.select = [], None, None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            posts = given.get("method", "").lower() == "post"
            self.fields = {} if posts else None
            self.action, self.buttons = given.get("action", ""), []
        elif self.fields is not None and tag == "input" and given.get("name"):
            kind, name = given.get("type", "text"), given["name"]
            if kind in ("checkbox", "radio", "hidden"):
                self.fields[name] = given.get("value", "on")
            elif kind != "file":
                self.fields[name] = (
                    given.get("value") or BY_NAME.get(name) or FILLED.get(kind, FILLED["text"])
                )
        elif self.fields is not None and tag == "textarea":
            self.fields[given["name"]] = FILLED["text"]
        elif tag == "select":
            self.select = given.get("name")
        elif tag == "option" and self.fields is not None and self.select:
            self.fields[self.select] = given.get("value") or self.fields.get(self.select, "")
        elif tag == "button" and self.fields is not None and given.get("type") != "button":
            more = {given["name"]: given.get("value", "")} if given.get("name") else {}
            self.buttons.append((given.get("formaction", ""), more))

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        if tag == "form" and self.fields is not None:
            self.found += [(path or self.action, self.fields | more) for path, more in self.buttons]
            self.fields = None


def forms(answer):
    reader = Forms()
    reader.feed(answer.content.decode())
    return reader.found


def pages(client):
    """A few of each kind, found by their links."""
    seen, looks, queue = {}, {}, list(SEEDS)
    while queue:
        path = html.unescape(queue.pop(0))
        try:
            route = resolve(path.split("?")[0]).route if path.startswith("/") else None
        except Resolver404:
            continue
        if route is None or path in seen or looks.get(route, 0) == MOST_OF_A_ROUTE or "logout" in path:
            continue
        answer = get(client, path)
        if answer.status_code != 200 or "text/html" not in answer.headers["Content-Type"]:
            continue
        looks[route] = looks.get(route, 0) + 1
        seen[path] = answer
        queue += LINKS.findall(answer.content.decode())
    return seen


@pytest.fixture
def tables():
    with connection.cursor() as cursor:
        return [
            table_name
            for table_name in connection.introspection.table_names(cursor)
            if table_name not in OUR_OWN
            and table_name in {model._meta.db_table for model in apps.get_models()}
        ]


def written(tables):
    """What every table holds, as one line of figures."""
    asked = " UNION ALL ".join(
        f"SELECT '{table}', md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM \"{table}\" t"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return dict(cursor.fetchall())


class Back(Exception):
    """As if it had never been pressed."""


@pytest.fixture
def town(world):
    rosa, luz = world.member("Rosa"), world.member("Luz")
    ana = world.responder("Ana")
    rosa.asks()
    ana.accepts()
    luz.sends("help")
    world.stranger().sends("hola")
    return world


@pytest.mark.parametrize("role", ["steward", "verifier"])
def test_every_button_pressed_twice_acts_once(town, role, tables):
    client = by_link(town, staff_of(town, role, organization=town.azul))
    pressed, twice = set(), {}
    for path, answer in pages(client).items():
        for action, fields in forms(answer):
            place = action or path
            kind = resolve(place.split("?")[0]).route, place.rpartition("/")[2], tuple(sorted(fields))
            if HARMLESS.match(place) or kind in pressed:
                continue
            cookies = copy.deepcopy(client.cookies)
            try:
                with transaction.atomic():
                    before = written(tables)
                    first = client.post(place, fields, secure=True)
                    once = written(tables)
                    second = client.post(place, fields, secure=True)
                    again = written(tables)
                    if once != before:
                        pressed.add(kind)
                        if (
                            again != once
                            or second.headers.get("Location")
                            != first.headers.get("Location", "").partition("#")[0]
                        ):
                            changed = [table for table in tables if again[table] != once[table]]
                            twice[place] = (first.status_code, second.status_code, changed)
                    raise Back
            except Back:
                client.cookies = cookies
    assert not twice
    assert len({press[0] for press in pressed}) > {"steward": 15, "verifier": 4}[role]
