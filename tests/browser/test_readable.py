"""Every page: no accessibility violation and nothing cut off, whatever its language, theme and width.

The pages are the routes' own table, found by following links as a person would: a page that no link
leads to fails as well. In the gate axe looks at each page once, in a look drawn by a seed that a failure names
(`--seed` draws the same again); in the long run (`--long`) in every look. All that folds is unfolded, and each
menu is opened once. That nothing is cut off is asked in every width.
"""

import html
import random
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.browser.axe import Axe
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
THEMES = ("day", "night", "contrast")  # night as the device says, the others as somebody chose
LANGUAGES = ("en", "es", "ar")
WIDTHS = (320, 390, 768, 1400)
ZOOMED = (640, 400)  # what is left of a laptop's 1280 by 800 at 200 %
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
WANTED = {
    route
    for route, (_, methods) in TABLE.items()
    if ("GET" in methods or methods == "*") and route not in NO_PAGES
}
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


asked_of = set()  # schemes and hosts of all requests that pages made


@pytest.fixture(scope="module")
def contexts(chromium, demo, steward_of_shared):
    made = {}
    for role in ("verifier", "lawyer"):
        made[role] = signed_in(chromium, link_of(demo, role))
    made["nobody"] = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    for context in (steward_of_shared, *made.values()):
        context.on("request", lambda request: asked_of.add(urlsplit(request.url)[:2]))
    yield {"steward": steward_of_shared} | made
    for context in made.values():
        context.close()


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


@dataclass(frozen=True)
class Look:
    language: str
    theme: str
    width: int

    def __str__(self):
        return f"{self.language}, {self.theme}, {self.width}"


LOOKS = [Look(*look) for look in product(LANGUAGES, THEMES, WIDTHS)]


@pytest.fixture(scope="module")
def seed(pytestconfig):
    """Of the order by chance, where there is one; a day without has its own."""
    return (
        pytestconfig.getoption("seed")
        or pytestconfig.getoption("randomly_seed", None)
        or datetime.now(UTC).toordinal()
    )


@pytest.fixture(scope="module")
def looks(found, seed, pytestconfig):
    """Each page with the looks in which it is looked at."""

    def of(page):
        return LOOKS if pytestconfig.getoption("long") else [random.Random(f"{seed} {page}").choice(LOOKS)]

    return [(page, path, look) for page, path in found.items() for look in of(page)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_and_not_cut_off(contexts, demo, looks, seed, language, opened):
    problems, base = [], f"http://localhost:{demo.port}"
    for role, context in contexts.items():
        context.add_cookies([{"name": "django_language", "value": language, "url": base}])
        page = context.new_page()
        for (whose, route), path, look in looks:
            if whose == role and look.language == language:
                problems += looked_at(page, f"{base}{path}", f"{role}: /{route}", look, opened)
        page.close()
        context.clear_cookies(name="django_language")
    assert not problems, f"{len(problems)} in all, drawn by --seed {seed}:\n" + "\n".join(problems[:8])


@pytest.fixture(scope="module")
def opened():
    """The menus that were looked at: on which page doesn't matter."""
    return set()


def test_no_page_asked_anything_of_anybody_else(demo, page):
    """Every page has been opened by now, in each language."""
    host = f"localhost:{demo.port}"
    page.goto(f"http://{host}/")
    assert ("http", host) in asked_of
    assert asked_of <= {("http", host), ("ws", host), ("data", ""), ("blob", "")}


def test_every_menu_was_opened(opened):
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


def looked_at(page, url, name, look, opened):
    page.emulate_media(color_scheme="dark" if look.theme == "night" else "light")
    page.set_viewport_size({"width": look.width, "height": 800})
    page.goto(url)
    settle(page)
    if "/phones/" not in url:  # which is the simulated carrier's, in one language
        if page.evaluate("document.documentElement.lang") != look.language:
            yield f"{name}: not in {look.language}"
        if page.evaluate("document.documentElement.dir") != ("rtl" if look.language == "ar" else "ltr"):
            yield f"{name}: not laid out as {look.language} is"
    page.evaluate(CHOOSE, "" if look.theme == "night" else look.theme)
    page.evaluate(UNFOLD)
    for width, height in (*((width, 800) for width in WIDTHS), ZOOMED):
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{name}, {look.language}, {width}: wider than the screen"
    page.set_viewport_size({"width": look.width, "height": 800})
    results = Axe().run(page)
    if results.violations_count:
        yield f"{name}, {look}: {results.generate_report()}"
    yield from menus(page, name, look, opened)


def settle(page):
    """Until its scripts have filled it."""
    if page.url.endswith(FILLED_BY_SCRIPT):
        page.wait_for_timeout(700)
    elif page.locator("[data-live]").count():
        page.wait_for_selector("html[data-line='yes']")


def menus(page, name, look, opened):
    """What opens over a page, each once on all pages."""
    for menu in page.locator("[popover]").all():
        id = menu.get_attribute("id")
        kind = re.sub(r"-[0-9a-f-]{36}$", "", id)
        if kind in opened:
            continue
        opened.add(kind)
        menu.evaluate("one => one.showPopover()")
        results = Axe().run(page, context=f"#{id}")
        if results.violations_count:
            yield f"{name}, #{kind}, {look}: {results.generate_report()}"
        menu.evaluate("one => one.hidePopover()")


# In the same town, one after the other.


@pytest.fixture
def page(contexts):
    page = contexts["steward"].new_page()
    yield page
    page.close()
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


def picture(page, element, padding=4):
    box = element.bounding_box()
    return page.screenshot(
        animations="disabled",
        caret="hide",
        clip={
            "x": box["x"] - padding,
            "y": box["y"] - padding,
            "width": box["width"] + 2 * padding,
            "height": box["height"] + 2 * padding,
        },
    )


def differs(page, element, change, back):
    """Whether what is seen of it, and around it, is another picture after the change.

    A live page that is painted anew in between takes the change back: then it is tried again.
    """
    for _ in range(3):
        before = picture(page, element)
        element.evaluate(change)
        after = picture(page, element)
        element.evaluate(back)
        if before != after:
            return True
    return False


def test_what_has_the_focus_is_chosen_or_pressed_is_seen_in_the_colors_of_the_device(demo, page):
    page.emulate_media(forced_colors="active")
    base = f"http://localhost:{demo.port}"
    for path, menu, states in (
        ("/requests/1?tab=people", None, (".rail [aria-current]", ".tabs [aria-current]")),
        ("/duty", None, (".rail [aria-current]",)),
        ("/requests/1?tab=history", None, (".shows [aria-current]",)),
        (
            "/",
            "account",
            ("#account [name=theme][aria-pressed=true]", "#account [name=language][aria-pressed=true]"),
        ),
    ):
        page.goto(f"{base}{path}")
        settle(page)
        if menu:
            page.click(f"[popovertarget={menu}]")
        for which in states:
            name = "aria-pressed" if "pressed" in which else "aria-current"
            chosen = [element for element in page.query_selector_all(which) if element.is_visible()]
            assert chosen, which
            for element in chosen:
                element.scroll_into_view_if_needed()
                value = element.get_attribute(name)
                gone = (
                    "setAttribute('aria-pressed', 'false')"
                    if "pressed" in which
                    else "removeAttribute('aria-current')"
                )
                change, back = f"one => one.{gone}", f"one => one.setAttribute('{name}', '{value}')"
                assert differs(page, element, change, back), f"{path}: {which} looks as if it were not"
    for path in ("/", "/requests/1", "/people", "/duty"):
        page.goto(f"{base}{path}")
        settle(page)
        page.mouse.move(0, 0)
        for which in (
            "a[href]",
            "button:not([data-hush])",
            "input:not([type=hidden])",
            "select",
            "summary",
            "textarea",
        ):
            element = page.locator(f"main {which}").locator("visible=true").first
            if element.count():
                page.keyboard.press("Shift")  # so that a focus is one of the keyboard's
                element.evaluate("one => { one.scrollIntoView({ block: 'center' }); one.blur(); }")
                page.wait_for_timeout(50)
                assert differs(
                    page, element, "one => one.focus({ focusVisible: true })", "one => one.blur()"
                ), f"{path}: {which}"


def test_shapes_of_severities_are_seen_and_no_two_alike_in_the_colors_of_the_device(demo, page):
    page.emulate_media(forced_colors="active")
    page.goto(f"http://localhost:{demo.port}/")
    page.wait_for_selector(".need .shape")
    assert Axe().run(page).violations_count == 0
    shape, seen = page.locator(".need .shape").first, {}
    for name in ("duress", "late", "due", "wait", "ok", "gap", "nothing"):
        shape.locator("use").evaluate(
            "(use, name) => use.setAttribute('href', use.getAttribute('href').replace(/#.*/, `#s-${name}`))",
            name,
        )
        page.wait_for_timeout(50)
        seen[name] = picture(page, shape)
    assert len(set(seen.values())) == len(seen), [n for n in seen if list(seen.values()).count(seen[n]) > 1]


def test_the_parts_of_a_text_are_counted_while_it_is_typed(demo, page):
    page.goto(f"http://localhost:{demo.port}/wording/home/en")
    page.fill("textarea", "{prefix}: " + "a" * 160)
    assert page.inner_text("[data-parts]") == "2"
    page.fill("textarea", "{prefix}: " + "a" * 150)
    assert page.inner_text("[data-parts]") == "1"
    page.fill("textarea", "{prefix}: í" + "a" * 80)
    assert page.inner_text("[data-parts]") == "2"
