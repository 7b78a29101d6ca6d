"""The handbook, as it lies under docs/handbook: one file a language, one section a heading."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

PLACE: Path = settings.BASE_DIR / "docs" / "handbook"
LANGUAGES = ("en", "es")
HEADING = re.compile(r'^<a id="(?P<slug>[a-z-]+)"></a>\n\n## (?P<title>.+)\n', re.MULTILINE)
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Section:
    slug: str
    title: str
    words: str  # Markdown


@cache
def sections(language: str) -> tuple[Section, ...]:
    """In the order of the file; in English where there is no such language."""
    text = (PLACE / f"{language if language in LANGUAGES else LANGUAGES[0]}.md").read_text(encoding="utf-8")
    matches = list(HEADING.finditer(text))
    ends = [heading.start() for heading in matches[1:]] + [len(text)]
    return tuple(
        Section(heading["slug"], heading["title"], text[heading.end() : end].strip())
        for heading, end in zip(matches, ends, strict=True)
    )


def section(language: str, slug: str) -> Section | None:
    return next((section for section in sections(language) if section.slug == slug), None)


@cache
def as_html(section: Section) -> SafeString:
    """For the page: pictures from our own server, and links to other sections; others are words only."""
    tokens = MARKDOWN.parse(section.words)
    for token in tokens:
        token.children = _within(token.children or [])
    html: str = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    return mark_safe(html)  # noqa: S308  our own words


def _within(tokens: list[Token]) -> list[Token]:
    kept, open_links = [], []
    for token in tokens:
        if token.type == "image":
            name = Path(str(token.attrs["src"])).name
            token.attrs |= {"src": static(f"handbook/{name}"), "loading": "lazy"}
        elif token.type == "link_open":
            slug = str(token.attrs["href"]).removeprefix("#")
            inside = str(token.attrs["href"]).startswith("#")
            open_links.append(inside)
            if not inside:
                continue
            token.attrs["href"] = reverse("handbook_section", args=[slug])
        elif token.type == "link_close" and not open_links.pop():
            continue
        kept.append(token)
    return kept
