"""Every page, in every language and width, and in every theme: no accessibility violation, nothing cut off.

The pages are the routes' own table, found by following links as a person would: a page that no link
leads to fails as well.
"""

import html
import re
import subprocess
import sys
from collections import Counter

import pytest
from django.urls import Resolver404, resolve

from tests.browser.axe import Axe
from tests.browser.conftest import first_link, running_from_the_right, signed_in
from tests.console.test_routes import TABLE
from tests.setup.test_up import ANA, ROOT, ROSA

pytestmark = pytest.mark.browser
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
NO_CONTRAST = {
    "rules": {"color-contrast": {"enabled": False}}
}  # a page's colors are the same in each language
SEEDS = ("/", "/account", "/accounts/2fa/", "/visit", "/private", "/sign-in/link", "/phones/")
LEADS_ON = re.compile(  # a link, or a search that has a page of its own
    r'<(?:a\b[^>]*?\bhref|form\b(?=[^>]*role="search")[^>]*?\baction)="([^"]*)"'
)
OUT_OF_THE_WAY = {  # looked at while signed out, reached by a button, or only at times
    "accounts/login/": "/accounts/login/",
    "accounts/inactive/": "/accounts/inactive/",
    "accounts/logout/": "/accounts/logout/",
    "sheet": "/sheet",
    "offline": "/offline",
    "needs": "/needs",  # linked where the board has more than it shows
}
NO_PAGES = {
    "healthz": "for machines", "readyz": "for machines", "metrics": "for machines",
    "i18n/setlang/": "a button", "account/lock": "for the page's own use",
    "manifest.webmanifest": "for the browser", "sw.js": "for the browser", "last": "for the page's own use",
    "board/all": "parts of the board", "board/<slug:name>": "parts of the board",
    "requests/<int:number>/panel/<slug:name>": "parts of a request's page",
    "drills/<uuid:drill_id>/panel": "parts of a drill's page", "duty/ringing": "a part of every page",
    "media/<uuid:media_id>": "a picture",
    "accounts/2fa/authenticate/": "only while signing in: tests/browser/test_access.py",
    "accounts/2fa/reauthenticate/": "only with a factor: tests/browser/test_access.py",
    "accounts/2fa/totp/deactivate/": "only with a factor", "accounts/2fa/webauthn/reauthenticate/": "only with a key",
    "accounts/2fa/recovery-codes/": "only with a factor",
    "accounts/2fa/recovery-codes/generate/": "only with a factor",
    "accounts/2fa/recovery-codes/download/": "a file",
    "accounts/2fa/webauthn/login/": "for the page's own use",
    "accounts/2fa/webauthn/": "only with a key: tests/browser/test_access.py",
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": "only with a key",
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": "only with a key",
    "account/touch": "only at a locked desk: tests/browser/test_access.py",
    "accounts/reauthenticate/": "only with a password: tests/browser/test_access.py",
    "accounts/password/change/": "only with a password: tests/browser/test_access.py",
    "duty/hand-off": "only while on a shift of one's own",
}  # fmt: skip
WANTED = {
    route for route, (_, methods) in TABLE.items()
    if ("GET" in methods or methods == "*") and route not in NO_PAGES
}  # fmt: skip
LINK = """
from django.utils import timezone
from network.audit.rules import COMMAND_LINE
from network.organizations.models import Organization
from network.staff.actions.accounts import add_staff
from network.staff.actions.sign_in_links import make_sign_in_link
from network.staff.models import Staff
one = add_staff(
    "{role}@example.org", role=Staff.Role("{role}"), organization=Organization.objects.get(slug="casa-azul"),
    phone=None, by=COMMAND_LINE, now=timezone.now(),
)
print("token", make_sign_in_link(one, opens_board=True, now=timezone.now()))
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with running_from_the_right(tmp_path_factory.mktemp("readable")) as one:
        for phone, answers in {ROSA: ("ayuda", "1", "1"), "+13125550103": ("abogado",)}.items():
            for body, wanted in zip(answers, ("en casa", "abogado", "Ya buscamos"), strict=False):
                one.text(phone, body)
                one.wait_for(phone, wanted, within=30)
        code = re.search(r"(\d\d) = I can go", one.wait_for(ANA, "can go"))[1]
        one.text(ANA, code)
        one.wait_for(ANA, "/visit#")
        one.text("+13125550199", "who is this")
        yield one


def link_of(demo, role):
    """A first link for another role, as a demo's own opens without a factor."""
    run = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", LINK.format(role=role)],
        cwd=ROOT, env=demo.env | {"PORCHLIGHT_PORT": str(demo.port)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return f"http://localhost:{demo.port}/sign-in/link#{run.stdout.split('token ')[1].strip()}"


@pytest.fixture(scope="module")
def contexts(chromium, demo):
    made = {"steward": signed_in(chromium, first_link(demo))}
    for role in ("verifier", "lawyer"):
        made[role] = signed_in(chromium, link_of(demo, role))
    made["nobody"] = chromium.new_context(viewport={"width": 1280, "height": 800})
    yield made
    for one in made.values():
        one.close()


@pytest.fixture(scope="module")
def found(contexts, demo):
    """One address of each page for each role: {(role, route): path}."""
    base = f"http://localhost:{demo.port}"
    pages, looks, seen = {}, Counter(), set()
    for role in ("steward", "verifier", "lawyer"):
        page = contexts[role].new_page()
        if role == "steward":
            start_a_drill(page, base)
        queue = list(SEEDS) if role == "steward" else ["/account"]
        queue += OUT_OF_THE_WAY.values() if role == "steward" else []
        while queue:
            path = queue.pop(0)
            if (role, path) in seen:
                continue
            seen.add((role, path))
            route = route_of(path)
            if route is None or route in NO_PAGES or route == "accounts/logout/" or looks[role, route] == 4:
                continue  # a few of each: not every person's page leads on
            looks[role, route] += 1
            answer = page.request.get(base + path)  # each is opened in the browser later
            if answer.status != 200 or route_of(answer.url.removeprefix(base)) != route:
                continue
            pages.setdefault((role, route), path)
            if "text/html" in answer.headers["content-type"]:
                queue += [html.unescape(path) for path in LEADS_ON.findall(answer.text())]
        page.close()
    pages["steward", "accounts/logout/"] = "/accounts/logout/"
    pages["nobody", "accounts/login/"] = "/accounts/login/"
    pages["nobody", "accounts/inactive/"] = "/accounts/inactive/"
    return pages


def start_a_drill(page, base):
    page.goto(f"{base}/drills")
    for box in page.query_selector_all("form[action*='drills/start'] input[type=checkbox]"):
        box.check()
    page.click("form[action*='drills/start'] button")
    page.wait_for_url("**/drills/*")


def route_of(path):
    if not path or not path.startswith("/"):
        return None
    if path.startswith("/phones/"):
        return "phones/"
    try:
        return resolve(path.split("?")[0].split("#")[0]).route
    except Resolver404:
        return None


def test_a_link_leads_to_every_page(found):
    assert WANTED - {route for _, route in found} == set()


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_every_page_is_accessible_in_every_language_and_width(contexts, demo, found, language):
    problems = []
    for role, context in contexts.items():
        cookie = {"name": "django_language", "value": language, "url": f"http://localhost:{demo.port}"}
        context.add_cookies([cookie])
        page = context.new_page()
        for (whose, route), path in found.items():
            if whose == role:
                problems += looked_at(
                    page, f"http://localhost:{demo.port}{path}", f"{role}: /{route}", language
                )
        page.close()
    assert not problems, f"{len(problems)} in all:\n" + "\n".join(problems[:8])


def looked_at(page, url, name, language):
    page.emulate_media(color_scheme="light")  # so by day, which nobody has to choose
    page.goto(url)
    page.wait_for_load_state()
    if language == "ar" and "/phones/" not in url and page.evaluate("document.documentElement.dir") != "rtl":
        yield f"{name}: not laid out from the right"
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        results = Axe().run(page, options=None if language == "en" else NO_CONTRAST)
        if results.violations_count:
            yield f"{name}, {language}, {width}: {results.generate_report()}"
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{name}, {language}, {width}: wider than the screen"
    if language == "en":
        yield from contrasts(page, name)


def contrasts(page, name):
    """In the themes other than the day's."""
    for theme, scheme in {"night": "dark", "contrast": "dark"}.items():
        page.emulate_media(color_scheme=scheme)
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        results = Axe().run(page, options=CONTRAST)
        if results.violations_count:
            yield f"{name}, {theme}: {results.generate_report()}"
