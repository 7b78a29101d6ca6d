"""A catalog of Arabic letters made from our own strings: as long as they are, and read from the right."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "ابثدعفغهيجكلمنوپقرستئڤؤخىز", strict=True))
KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w+\}|<[^>]+>|&\w+;|\\n)")  # what stands for something else
HEADER = (
    "Content-Type: text/plain; charset=UTF-8\\n"
    "Plural-Forms: nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3"
    " : n%100>=11 && n%100<=99 ? 4 : 5;\\n"
)


def in_arabic_letters(text: str) -> str:
    return "".join(
        part if KEPT.fullmatch(part) else "".join(LETTERS.get(sign.lower(), sign) for sign in part)
        for part in KEPT.split(text)
    )


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def write(folder: Path) -> int:
    """The catalog, compiled, as a folder for LOCALE_PATHS. Returns how many strings it has."""
    lines, seen = [f'msgid ""\nmsgstr "{HEADER}"\n'], set()
    for key in (ROOT / "network/locale/es/LC_MESSAGES/django.po").read_text().split("\n\n")[1:]:
        matches = re.findall(r'^(msgctxt|msgid|msgid_plural) ((?:".*"\n?)+)', key, re.MULTILINE)
        parts = {name: "".join(re.findall(r'"(.*)"', value)) for name, value in matches}
        if not parts.get("msgid") or "#~" in key:
            continue
        sentence = parts["msgid"].replace('\\"', '"').replace("\\n", "\n")
        seen.add(sentence)
        context = f"msgctxt {quoted(parts['msgctxt'])}\n" if "msgctxt" in parts else ""
        if many := parts.get("msgid_plural"):
            shown = quoted(in_arabic_letters(many))
            forms = "\n".join(f"msgstr[{n}] {shown}" for n in range(6))
            lines.append(f"{context}msgid {quoted(sentence)}\nmsgid_plural {quoted(many)}\n{forms}\n")
        else:
            lines.append(f"{context}msgid {quoted(sentence)}\nmsgstr {quoted(in_arabic_letters(sentence))}\n")
    place = folder / "ar" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.po").write_text("\n".join(lines), encoding="utf-8")
    subprocess.run(["msgfmt", "-o", place / "django.mo", place / "django.po"], check=True)
    return len(seen)
