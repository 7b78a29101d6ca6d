"""Every page, in every language and width, and in every theme: no accessibility violation, nothing cut off.

The pages are the routes' own table, found by following links as a person would: a page that no link
leads to fails as well. Each is loaded once a language, with all that folds on it unfolded; its width and
its theme are changed as it stands, since both are the stylesheet's alone. English is looked at by axe in both
widths; in another language the wide page is only where it shows something else than the narrow one.
"""

import html
import re
import subprocess
import sys
from collections import Counter

import pytest
from django.urls import Resolver404, resolve

from tests.browser.axe import CONTRAST, NO_CONTRAST, Axe
from tests.browser.conftest import signed_in
from tests.console.test_routes import TABLE
from tests.setup.test_up import ROOT

pytestmark = pytest.mark.browser
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
EACH = (
    "/people/new/member",
    "/people/new/responder",
    "/handbook/first-shift",
    "/handbook/words",
)  # of one route
FILLED_BY_SCRIPT = ("/phones/", "/visit", "/private")  # with no line of their own that says "Live"
THEMES = ("day", "", "contrast")  # in a dark room
CHOOSE = """(theme) => {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}"""
UNFOLD = "for (const one of document.querySelectorAll('details')) one.open = true"
NO_PAGES = {
    "healthz": "for machines", "readyz": "for machines", "metrics": "for machines",
    "i18n/setlang/": "a button", "account/lock": "for the page's own use",
    "manifest.webmanifest": "for the browser", "sw.js": "for the browser", "last": "for the page's own use",
    "board/all": "parts of the board", "board/<slug:name>": "parts of the board",
    "board/beside": "part of a request's page",
    "requests/<int:number>/panel/<slug:name>": "parts of a request's page",
    "drills/<uuid:drill_id>/panel": "parts of a drill's page", "duty/ringing": "a part of every page",
    "media/<uuid:media_id>": "a picture",
    "requests/<int:number>/address": "after a press", "people/<uuid:person_id>/call": "after a press",
    "staff/<uuid:staff_id>/link": "after a press",
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
}  # fmt: skip
# Of each element whether it is seen, but for the bar at the thumb, which only narrow screens have. Where a width
# changes nothing of this, the rules other than contrast find in the one what they find in the other.
SHOWN = """
[...document.querySelectorAll("body *:not(.thumb, .thumb *)")].map((one) => Number(
  one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && one.getClientRects().length > 0)).join("")
"""
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
def demo(shared):
    return shared


def link_of(demo, role):
    """A first link for another role, as a demo's own opens without a factor."""
    run = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", LINK.format(role=role)],
        cwd=ROOT, env=demo.env | {"PORCHLIGHT_PORT": str(demo.port)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return f"http://localhost:{demo.port}/sign-in/link#{run.stdout.split('token ')[1].strip()}"


@pytest.fixture(scope="module")
def contexts(chromium, demo, steward_of_shared):
    made = {}
    for role in ("verifier", "lawyer"):
        made[role] = signed_in(chromium, link_of(demo, role))
    made["nobody"] = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield {"steward": steward_of_shared} | made
    for one in made.values():
        one.close()


@pytest.fixture(scope="module")
def found(contexts, demo):
    """One address of each page for each role: {(role, its route, or its path): path}."""
    base = f"http://localhost:{demo.port}"
    pages, looks, seen = {}, Counter(), set()
    for role in ("steward", "verifier", "lawyer"):
        page = contexts[role].new_page()
        if role == "steward":
            start_a_drill(page, base)
            start_a_shift(page, base)
        queue = list(SEEDS) if role == "steward" else ["/account"]
        queue += [*EACH, *OUT_OF_THE_WAY.values()] if role == "steward" else []
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
            pages.setdefault((role, path if path in EACH else route), path)
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


def start_a_shift(page, base):
    """So that there is one to hand over."""
    page.goto(f"{base}/duty")
    page.click("button:has-text('Start my shift')")
    page.wait_for_selector("text=Did you hear it?")
    page.click("button:has-text('I heard it')")


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
    assert WANTED - {route_of(path) for path in found.values()} == set()
    assert {*EACH} <= {*found.values()}


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_every_page_is_accessible_in_every_language_and_width(contexts, demo, found, language):
    problems, opened = [], set()  # of menus, whose page doesn't matter
    for role, context in contexts.items():
        cookie = {"name": "django_language", "value": language, "url": f"http://localhost:{demo.port}"}
        context.add_cookies([cookie])
        page = context.new_page()
        for (whose, route), path in found.items():
            if whose == role:
                problems += looked_at(
                    page, f"http://localhost:{demo.port}{path}", f"{role}: /{route}", language, opened
                )
        page.close()
        context.clear_cookies(name="django_language")
    if language == "en":
        assert {
            "account",
            "more",
            "actions",
            "filter",
            "menu",
            "set-time",
            "kind",
            "notes",
            "replies",
            "promise",
        } <= opened
    assert not problems, f"{len(problems)} in all:\n" + "\n".join(problems[:8])


def looked_at(page, url, name, language, opened):
    page.emulate_media(color_scheme="light")  # so by day, which nobody has to choose
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(url)
    settle(page)
    if "/phones/" not in url:  # which is the simulated carrier's, in one language
        if page.evaluate("document.documentElement.lang") != language:
            yield f"{name}: not in {language}"
        if page.evaluate("document.documentElement.dir") != ("rtl" if language == "ar" else "ltr"):
            yield f"{name}: not laid out as {language} is"
    page.evaluate(UNFOLD)
    shown = {}
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        shown[width] = page.evaluate(SHOWN)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{name}, {language}, {width}: wider than the screen"
        if width == 320 or language == "en":
            yield from violations(page, name, language, width)
    if language != "en" and shown[1280] != shown[320]:
        page.set_viewport_size({"width": 1280, "height": 800})
        yield from violations(page, name, language, 1280)
    if language == "en":
        yield from contrasts(page, name)
        yield from menus(page, name, opened)


def violations(page, name, language, width):
    """Of all rules on the wide English page; a language changes no color."""
    results = Axe().run(page, options=None if (language, width) == ("en", 1280) else NO_CONTRAST)
    if results.violations_count:
        yield f"{name}, {language}, {width}: {results.generate_report()}"


def settle(page):
    """Until its scripts have filled it."""
    if page.url.endswith(FILLED_BY_SCRIPT):
        page.wait_for_timeout(700)
    elif page.locator("[data-live]").count():
        page.wait_for_selector("html[data-line='yes']")


def contrasts(page, name):
    """In every theme, on a phone and on a wide screen, each of which shows what the other doesn't; by night where
    the device says so."""
    page.emulate_media(color_scheme="dark")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for theme in THEMES:
            page.evaluate(CHOOSE, theme)
            results = Axe().run_of_each_look(page, options=CONTRAST)
            if results.violations_count:
                yield f"{name}, {theme or 'night'}, {width}: {results.generate_report()}"


def menus(page, name, opened):
    """What opens over a page, each once on all pages: all rules, in every theme."""
    page.set_viewport_size({"width": 1280, "height": 800})
    for menu in page.locator("[popover]").all():
        id = menu.get_attribute("id")
        kind = re.sub(r"-[0-9a-f-]{36}$", "", id)
        if kind in opened:
            continue
        opened.add(kind)
        menu.evaluate("one => one.showPopover()")
        for theme in THEMES:
            page.evaluate(CHOOSE, theme)
            results = Axe().run(page, context=f"#{id}")
            if results.violations_count:
                yield f"{name}, #{kind}, {theme or 'night'}: {results.generate_report()}"
        menu.evaluate("one => one.hidePopover()")


# In the same town, one after the other.


@pytest.fixture
def page(contexts):
    one = contexts["steward"].new_page()
    yield one
    one.close()
    contexts["steward"].clear_cookies(name="theme")
    contexts["steward"].clear_cookies(name="django_language")


def put(contexts, demo, name, value):
    contexts["steward"].add_cookies([{"name": name, "value": value, "url": f"http://localhost:{demo.port}"}])


@pytest.mark.parametrize("theme", ["day", "night", "contrast"])
def test_a_theme_that_was_chosen_is_every_pages(contexts, demo, page, theme):
    put(contexts, demo, "theme", theme)
    for path in ("/", "/offline", "/people", "/account", "/requests/1", "/visit"):
        page.goto(f"http://localhost:{demo.port}{path}", wait_until="domcontentloaded")
        assert page.evaluate("document.documentElement.dataset.theme") == theme, path


def test_somebody_chooses_a_theme_and_the_device_decides_for_who_has_not(demo, page):
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    page.goto(f"http://localhost:{demo.port}/people")
    seen = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        seen[scheme] = page.evaluate(ground)
    assert seen["light"] != seen["dark"]
    page.emulate_media(color_scheme="dark")
    page.click("[popovertarget=account]")
    page.click("text=Day")
    page.wait_for_selector("[aria-pressed=true]:has-text('Day')", state="attached")
    assert page.evaluate(ground) == seen["light"]
    assert page.url.endswith("/people")
    page.click("[popovertarget=account]")
    page.click("text=High contrast")
    page.wait_for_selector("[data-theme=contrast]")
    assert page.evaluate(ground) == "rgb(0, 0, 0)"
    page.click("[popovertarget=account]")
    page.click("text=Match device")
    page.wait_for_selector("html:not([data-theme])")
    assert page.evaluate(ground) == seen["dark"]


def test_a_code_is_read_from_the_left_on_a_page_from_the_right(contexts, demo, page):
    put(contexts, demo, "django_language", "ar")
    page.goto(f"http://localhost:{demo.port}/wording")
    start = page.locator("main h1").first.evaluate("e => getComputedStyle(e).direction")
    assert start == "rtl"
    key = page.locator("bdi.code").first
    assert key.evaluate("e => getComputedStyle(e).direction") == "ltr"


def test_the_colours_of_the_device_are_kept_where_it_forces_them(demo, page):
    page.emulate_media(forced_colors="active")
    page.goto(f"http://localhost:{demo.port}/")
    page.wait_for_selector(".need")
    assert Axe().run(page).violations_count == 0


def test_the_parts_of_a_text_are_counted_while_it_is_typed(demo, page):
    page.goto(f"http://localhost:{demo.port}/wording/home/en")
    page.fill("textarea", "{prefix}: " + "a" * 160)
    assert page.inner_text("[data-parts]") == "2"
    page.fill("textarea", "{prefix}: " + "a" * 150)
    assert page.inner_text("[data-parts]") == "1"
    page.fill("textarea", "{prefix}: í" + "a" * 80)
    assert page.inner_text("[data-parts]") == "2"
