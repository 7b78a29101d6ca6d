"""How a spreadsheet of people is written, so that the import can read it back. Pure."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


US_PHONE = re.compile(r"\+1(\d{10})")


NO_TIME = (1980, 1, 1, 0, 0, 0)  # the archive doesn't say when it was made; the history does


def cell(value: object) -> str:
    """A spreadsheet would run text that begins like a formula, and a formula can send cells elsewhere. So it
    gets an apostrophe in front, which spreadsheets don't show."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def phone(number: str) -> str:
    """Ten digits for a US number, which the import accepts. Others keep their + behind an apostrophe."""
    us = US_PHONE.fullmatch(number)
    return us[1] if us else number


def spreadsheet(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """A CSV in UTF-8 with these columns. What a row doesn't have stays empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(column)) for column in columns])
    return out.getvalue().encode()


def archive(files: Mapping[str, bytes]) -> bytes:
    """These files in one zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name, NO_TIME), content)
    return out.getvalue()
