"""What the stylesheets may say, so that a look at a page in one width, theme or language stands for others."""

import re
from collections import Counter

import pytest

from tests.setup.test_up import ROOT

SHEETS = sorted((ROOT / "network").rglob("*.css"))


def test_no_style_names_a_side():
    for sheet in SHEETS:
        named = re.findall(
            r"[^\n;{]*\b(?:left|right)\b[^\n;}]*|\b(?:margin|padding|border)-(?:top|bottom)\b",
            # The device names its own edges, and comments speak of right-to-left.
            re.sub(r"env\([a-z-]+\)|/\*.*?\*/", "", sheet.read_text(), flags=re.S),
        )
        assert named == [], sheet
    for template in (ROOT / "network").rglob("*.html"):
        assert " style=" not in template.read_text(), template


def blocks(css, about):
    """What stands in each @media rule about this."""
    for start in re.finditer(rf"@media [^{{]*{about}[^{{]*{{", css):
        depth, at = 1, start.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(css[at], 0)
            at += 1
        yield css[start.end() : at - 1]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_width_does_not_depend_on_language_or_direction(sheet):
    for block in blocks(sheet.read_text(), "width"):
        assert "[dir" not in block
        assert ":lang" not in block


TOKENS = (ROOT / "network/console/static/console/tokens.css").read_text()


def test_each_color_stands_plain_before_its_pair_for_browsers_without_light_dark():
    plain, pairs = TOKENS.split("@supports", 1)
    days = dict(re.findall(r"--([\w-]+): (#\w{6});", plain))
    told = re.findall(r"--([\w-]+): light-dark\((#\w{6}), #\w{6}\)", pairs)
    assert len(told) > 30
    assert {name: days[name] for name, _ in told} == dict(told)


def themes():
    contrast = TOKENS.split('[data-theme="contrast"] {')[1].split("}")[0]
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", TOKENS)
    return {
        "day": {name: day for name, day, _ in pairs},
        "night": {name: night for name, _, night in pairs},
        "contrast": dict(re.findall(r"--([\w-]+): (#\w{6})", contrast)),
    }


def luminance(color):
    """WCAG 2.2, relative luminance."""
    parts = (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_of(color, other):
    high, low = sorted((luminance(color), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


WORDS, BORDERS = 4.5, 3.0
GROUNDS = "ground surface sunken raised"
WASHES = "accent-wash late-wash due-wash ok-wash note-wash ours theirs"
PAIRS = [  # what lies on top, what it lies on, the least ratio
    ("ink", f"{GROUNDS} duress-wash {WASHES}", WORDS),
    ("soft", f"{GROUNDS} duress-wash {WASHES}", WORDS),
    ("accent", f"{GROUNDS} {WASHES}", WORDS),
    ("accent-strong", f"{GROUNDS} accent-wash late-wash due-wash", WORDS),
    ("late", f"{GROUNDS} late-wash accent-wash ours theirs", WORDS),
    ("due", f"{GROUNDS} due-wash accent-wash ours theirs", WORDS),
    ("duress", f"{GROUNDS} duress-wash", WORDS),
    ("on-duress", "duress-fill", WORDS),
    ("duress-fill", "surface ground duress-wash", BORDERS),
    ("ok", f"{GROUNDS} ok-wash accent-wash ours theirs", WORDS),
    ("note", f"{GROUNDS} note-wash accent-wash ours theirs", WORDS),
    ("on-accent", "accent accent-strong", WORDS),
    ("on-late", "late-fill", WORDS),
    ("on-due", "due-fill", WORDS),
    ("on-alarm", "alarm", WORDS),
    ("on-alarm-button", "alarm-button", WORDS),
    ("alarm-button", "alarm", BORDERS),
    ("edge", "ground surface raised late-wash due-wash", BORDERS),
    ("focus", f"{GROUNDS} {WASHES}", BORDERS),
    ("accent", "surface ground sunken", BORDERS),
    ("late-fill", "surface ground late-wash", BORDERS),
]


@pytest.mark.parametrize("theme", ["day", "night", "contrast"])
def test_every_pair_of_colors_has_contrast_enough(theme):
    colors = themes()[theme]
    low = [
        (top, under, round(contrast_of(colors[top], colors[under]), 2))
        for top, unders, least in PAIRS
        for under in unders.split()
        if contrast_of(colors[top], colors[under]) < least
    ]
    assert low == []


def test_colors_are_written_in_the_tokens_alone():
    """So that a theme is one file, and its contrast is known."""
    for sheet in (sheet for sheet in SHEETS if sheet.name != "tokens.css" and "console" in sheet.parts):
        named = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"url\([^)]*\)", "", sheet.read_text())))
        assert named <= {"#14513d", "#ffffff", "#000000"}, sheet  # the mark's own, and paper


USED = "".join(
    path.read_text()
    for kind in ("html", "js", "py")
    for path in (ROOT / "network").rglob(f"*.{kind}")
    if "vendor" not in path.parts
)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_class_is_styled_that_no_page_has(sheet):
    css = re.sub(r"/\*.*?\*/|url\([^)]*\)|{[^{}]*}", "", sheet.read_text(), flags=re.S)
    styled = set(re.findall(r"\.([a-z][\w-]*)", css))
    unused = {name for name in styled if not re.search(rf"\b{name}\b", USED)}
    assert {name for name in unused if not name.startswith("at-")} == set()  # followed by a number or a tab


def rules(css, around=""):
    """Each rule of a sheet: what it is in, and its selectors."""
    at = 0
    while (opens := css.find("{", at)) >= 0:
        depth, end = 1, opens + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        head = " ".join(css[at:opens].split(";")[-1].split())
        if head.startswith(("@media", "@supports")):
            yield from rules(css[opens + 1 : end - 1], around + head)
        elif not head.startswith("@"):
            yield around, head
        at = end


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_rule_is_written_twice(sheet):
    written = Counter(rules(re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)))
    assert [rule for rule, times in written.items() if times > 1] == []
