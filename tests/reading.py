"""A page as a person reads it, and its markup, whatever the whitespace in that."""

import re
from html.parser import HTMLParser

SAME_LINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "code",
        "em",
        "i",
        "kbd",
        "mark",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
    ]
)
UNSEEN = frozenset({"script", "style", "template"})
AS_TYPED = frozenset({"pre", "script", "style", "textarea"})


def words_of(page) -> str:
    """What stands on a page (an answer, or its HTML), in one line; what a tag merely marks isn't torn apart."""
    reader = _Words()
    reader.feed(_html(page))
    reader.close()
    return " ".join("".join(reader.said).split())


def markup_of(page) -> str:
    """The HTML of an answer with each tag in one line, and no space around it, to look for attributes in."""
    reader = _Markup()
    reader.feed(_html(page))
    reader.close()
    return "".join(reader.said)


def _html(page) -> str:
    return page if isinstance(page, str) else page.content.decode()


def _in_one_line(tag) -> str:
    """One space between attributes; what stands in quotes stays as it is."""
    parts = re.split(r'("[^"]*")', tag)
    return re.sub(r"\s+(/?>)$", r"\1", "".join(re.sub(r"\s+", " ", p) if p[:1] != '"' else p for p in parts))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said, self.unseen = [], 0

    def handle_starttag(self, tag, attrs):
        self.unseen += tag in UNSEEN
        self._space(tag)

    def handle_endtag(self, tag):
        self.unseen -= tag in UNSEEN
        self._space(tag)

    def _space(self, tag):
        if tag not in SAME_LINE:
            self.said.append(" ")

    def handle_data(self, data):
        if not self.unseen:
            self.said.append(data)


class _Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.said, self.typed = [], 0

    def handle_starttag(self, tag, attrs):
        self.typed += tag in AS_TYPED
        self._tag(_in_one_line(self.get_starttag_text()))

    def handle_startendtag(self, tag, attrs):
        self._tag(_in_one_line(self.get_starttag_text()))

    def handle_endtag(self, tag):
        self.typed -= tag in AS_TYPED
        self._tag(f"</{tag}>")

    def _tag(self, written):
        if self.said and not self.typed:
            self.said[-1] = self.said[-1].rstrip()
        self.said.append(written)

    def handle_data(self, data):
        if self.typed:
            self.said.append(data)
        elif words := " ".join(data.split()):
            after_text = self.said and not self.said[-1].endswith(">") and data[0].isspace()
            self.said.append((" " if after_text else "") + words + (" " if data[-1].isspace() else ""))

    def handle_entityref(self, name):
        self.said.append(f"&{name};")

    def handle_charref(self, name):
        self.said.append(f"&#{name};")
