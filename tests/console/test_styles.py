"""What the stylesheets may say, so that a look at a page in one width, theme or language stands for others."""

import re

import pytest

from tests.setup.test_up import ROOT

SHEETS = sorted((ROOT / "network").rglob("*.css"))


def test_no_style_names_a_side():
    for sheet in SHEETS:
        named = re.findall(
            r"[^\n;{]*\b(?:left|right)\b[^\n;}]*|\b(?:margin|padding|border)-(?:top|bottom)\b",
            re.sub(r"env\([a-z-]+\)", "", sheet.read_text()),  # the device names its own edges
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


COLOR = re.compile(
    r"(?:^|[;{\s-])(?:color|background(?:-color)?|opacity|filter|mix-blend-mode)\s*:\s*([^;}]+)"
)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_width_changes_no_color_and_a_wide_screen_shows_nothing_more(sheet):
    """So tests/browser/test_readable.py looks at the themes in one width, the narrow one."""
    for block in blocks(sheet.read_text(), "width"):
        for given in COLOR.findall(block):
            assert given.strip() == "var(--card)", block  # the bar at the thumb has a ground of its own
        assert "display: none" not in block, block
        assert "[dir" not in block
        assert ":lang" not in block


def colors(css, selector):
    """The last word on each color where this selector stands."""
    found = re.search(re.escape(selector) + r"\s*{([^}]*)}", css)
    return dict(re.findall(r"(--[\w-]+|color-scheme)\s*:\s*([^;}]+?)\s*(?:;|$)", found[1].strip()))


def test_the_themes_that_are_chosen_are_those_of_the_device():
    css = (ROOT / "network/console/static/console/console.css").read_text()
    night, contrast = (
        next(blocks(css, about)) for about in ("prefers-color-scheme: dark", "prefers-contrast: more")
    )
    assert colors(night, ":root:not([data-theme])") | {"color-scheme": ""} == colors(
        css, '[data-theme="night"]'
    ) | {"color-scheme": ""}
    assert colors(contrast, ":root:not([data-theme])") == colors(css, '[data-theme="contrast"]')
