"""The measures, coverage, zones and the shift on paper, in a browser; what they show of a full town fits a phone."""

import re
from base64 import b64encode

import pytest

from network.people.rules.hours import parse_hours
from tests.browser.axe import Axe
from tests.console.test_pages import sign_in
from tests.reports.test_measures import Town
from tests.setup.test_up import ROOT

pytestmark = pytest.mark.browser
CSS = ROOT / "network" / "console" / "static" / "console"
ORDER = ["tokens.css", "base.css", "frame.css", "parts.css", "doors.css", "board.css", "request.css", "duty.css",
         "measures.css", "trust.css"]  # fmt: skip
PATHS = ["/measures", "/measures/coverage", "/measures/zones", "/sheet"]


@pytest.fixture(scope="module")
def base(shared):
    return f"http://localhost:{shared.port}"


@pytest.fixture(scope="module")
def context(steward_of_shared):
    return steward_of_shared


def test_on_paper_there_is_no_menu_and_room_for_notes_in_black_on_white(context, base):
    page = context.new_page()
    page.goto(f"{base}/sheet")
    assert page.is_visible("[data-print]")
    assert not page.is_visible("th.paper")
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in ("header.strip", ".pages", "[data-print]"):
        assert not page.is_visible(hidden)
    assert page.is_visible("th.paper")
    colors = (
        "getComputedStyle(document.body).color + getComputedStyle(document.documentElement).backgroundColor"
    )
    assert page.evaluate(colors) == "rgb(0, 0, 0)rgb(255, 255, 255)"
    page.close()


def test_the_figures_are_downloaded_as_a_file_and_the_filters_stand_in_the_address(context, base):
    page = context.new_page()
    page.goto(f"{base}/measures?days=30")
    with page.expect_download() as waiting:
        page.click("text=CSV")
    assert waiting.value.suggested_filename.startswith("measures-30-days-")
    page.goto(f"{base}/measures/coverage")
    page.select_option("[name=kind]", "childcare")
    page.click("main form button.primary")
    page.wait_for_url("**/measures/coverage?kind=childcare&language=*")
    assert page.input_value("[name=kind]") == "childcare"
    page.close()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_of_a_full_town_fit_a_phone(world, chromium, language):
    client = sign_in(world, world.coordinator())
    client.post("/i18n/setlang/", {"language": language}, secure=True)
    _fill(world)
    page = chromium.new_page(viewport={"width": 320, "height": 800}, reduced_motion="reduce")
    styles = "".join(
        (CSS / name).read_text()
        for name in ("tokens.css", "base.css", "frame.css", "parts.css", "measures.css")
    )
    for path in (*PATHS, "/measures/coverage?kind=childcare"):
        html = client.get(path, secure=True).content.decode()
        page.set_content(html.replace("</head>", f"<style>{styles}</style></head>"))
        for summary in page.locator("main details > summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
    page.close()


def _fill(world):
    """Four zones, three kinds, two languages, and what came of a dozen requests."""
    town = Town(world)
    places = ["60632"] * 14 + ["60608"] * 9 + ["60647"] * 7 + ["46320"] * 6
    people = [
        world.responder(
            f"Name {n}",
            zip=zip,
            kinds=("accompaniment", "legal", "childcare")[: 1 + n % 3],
            wake_at_night=n % 3 == 0,
            hours=parse_hours("mon-fri 08:00-18:00") if n % 2 else [],
            pin=None,
        ).person
        for n, zip in enumerate(places)
    ]
    for n in range(6):
        for kind, language in (("accompaniment", "es"), ("legal", "en")):
            town.asked(
                kind,
                language=language,
                full=n + 3,
                there=30 + n,
                offers=[(people[n], "accepted", n + 2), (people[n + 6], "withdrawn", None)],
            )
    town.asked("childcare", children=2, language="es", offers=[(people[20], "declined", 4)])


DATES = """() => [...document.querySelectorAll(".graph text")].map((one) => {
  const name = document.createRange(), until = one.querySelector(".until");
  if (!until) return null;
  name.selectNodeContents(one);
  const letters = [...one.childNodes].filter((node) => node.nodeType === 3 && node.textContent.trim());
  const end = Math.max(...letters.map((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return range.getBoundingClientRect().right;
  }));
  return until.getBoundingClientRect().left - end;
}).filter((one) => one !== null)"""
LETTERS = """() => [...document.querySelectorAll(".graph text")].every((one) => {
  const line = document.querySelector(".graph line").getBoundingClientRect(), box = one.getBoundingClientRect();
  return box.right <= line.left + 1 || box.left >= line.right - 1;
})"""


def test_names_read_from_the_right_stand_clear_of_their_dates_and_lines(world, chromium):
    for name in ("فاطمة الزهراء", "محمد", "Ana Maria"):
        world.responder(name)
    world.azul.name = "بيت أزرق"
    world.azul.save()
    client = sign_in(world, world.coordinator())
    page = chromium.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    styles = "".join(
        (CSS / name).read_text() for name in ("tokens.css", "base.css", "frame.css", "parts.css", "trust.css")
    )
    html = client.get("/vouches", secure=True).content.decode()
    for direction in ("ltr", "rtl"):
        page.set_content(
            html.replace("</head>", f"<style>{styles}</style></head>").replace(
                'dir="ltr"', f'dir="{direction}"', 1
            )
        )
        gaps = page.evaluate(DATES)
        assert len(gaps) == 3
        assert min(gaps) > 2, direction
        assert page.evaluate(LETTERS), direction
    page.close()


def with_fonts(styles):
    """The letters' own widths, where there is no server to ask for them."""
    return re.sub(
        r'url\("(fonts/[^"]+)"\)',
        lambda found: f"url(data:font/woff2;base64,{b64encode((CSS / found[1]).read_bytes()).decode()})",
        styles.replace("font-display: optional", "font-display: block"),
    )


# Words that don't fit their line are broken in the middle: the same word is then on two lines.
BROKEN = """() => {
  const found = [], range = document.createRange();
  const clipped = (one) => one && (one.clientWidth === 1 || clipped(one.parentElement));
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (!node.parentElement.checkVisibility({ visibilityProperty: true }) || node.parentElement.closest(".unseen, code, svg, option, textarea")) continue;
    if (clipped(node.parentElement)) continue;
    for (const word of node.textContent.matchAll(/(?<!\\S*:\\/\\S*)[\\p{L}\\p{N}]{2,}/gu)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].filter((one) => one.width > 0).map((one) => Math.round(one.top)));
      if (lines.size > 1) found.push(`${word[0]} in ${node.parentElement.outerHTML.slice(0, 80)}`);
    }
  }
  return found;
}"""
LONG = ("María Guadalupe de los Ángeles Hernández-Villavicencio", "José Maximiliano Echeverría Goicoechea",
        "Concepción Altagracia Montenegro")  # fmt: skip


def test_no_word_is_broken_on_a_phone_with_long_spanish_names_and_words(world, chromium):
    staff = world.coordinator()
    staff.role, staff.name = "steward", LONG[1]
    staff.save()
    client = sign_in(world, staff)
    client.post("/i18n/setlang/", {"language": "es"}, secure=True)
    world.azul.name = "Organización Comunitaria Interparroquial de Acompañamiento"
    world.azul.save()
    rosa, luz = world.member(LONG[0], language="es"), world.member(LONG[2], language="es")
    responders = [
        world.responder(name, language="es", kinds=("accompaniment", "legal", "childcare")) for name in LONG
    ]
    rosa.asks("necesito acompañamiento")
    responders[0].accepts()
    luz.sends("ayuda")
    world.stranger().sends("responsabilidades incomprensiblemente internacionalizadas")
    page = chromium.new_page(viewport={"width": 320, "height": 800}, reduced_motion="reduce")
    styles = "".join(
        path.read_text() for path in sorted(CSS.glob("*.css"), key=lambda path: ORDER.index(path.name))
    )
    number, person = world.request().number, responders[0].person.pk
    broken = {}
    for path in (
        "/",
        "/needs",
        "/requests/all",
        f"/requests/{number}",
        f"/requests/{number - 1}?tab=people",
        f"/requests/{number - 1}?tab=history",
        "/people",
        f"/people/{person}",
        f"/people/{person}/vouches",
        "/organizations",
        "/organizations/casa-azul",
        "/vouches",
        "/staff",
        f"/staff/{staff.pk}",
        "/duty",
        "/sheet",
        "/measures",
        "/measures/coverage",
        "/measures/zones",
        "/asking",
        "/drills",
        "/wording",
        "/wording/home/es",
        "/texts",
        "/history",
        "/account",
        "/setting-up",
        "/people/new/member",
        "/people/new/responder",
        "/handbook",
        "/find",
        "/requests/new",
    ):
        answer = client.get(path, secure=True)
        assert answer.status_code == 200, path
        page.set_content(answer.content.decode().replace("</head>", f"<style>{styles}</style></head>"))
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        page.evaluate("document.fonts.ready")
        if found := page.evaluate(BROKEN):
            broken[path] = found[:6]
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            broken[f"{path} is wider than the screen"] = page.evaluate(
                "[...document.querySelectorAll('main *')].filter(e=>e.getBoundingClientRect().right>321).map(e=>e.tagName+e.className+e.textContent.trim().slice(0,30)).slice(0,8)"
            )
    page.close()
    assert not broken, "\n".join(f"{k}: {v}" for k, v in broken.items())
