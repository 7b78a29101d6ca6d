"""People in, by spreadsheet."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from network.audit.rules import COMMAND_LINE
from network.conversations.rules.duress import is_everyday
from network.enrollment.actions.imports import Progress, load
from network.enrollment.spreadsheets import COLUMNS, Report, SheetRefused


class Command(BaseCommand):
    help = (
        "Imports organizations, members or responders from a CSV file (UTF-8, header row), all or "
        "nothing; the same file twice changes nothing. Columns: "
        + "; ".join(f"{sheet}: {','.join(columns)}" for sheet, columns in COLUMNS.items())
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sheet", choices=tuple(COLUMNS))
        parser.add_argument("file", help="a CSV file, or - for standard input")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        content = _content(options["file"])
        if content is None:
            self.stderr.write(f"{options['file']} can't be read: check the name, then try again.")
            sys.exit(1)
        try:
            with _bar(content) as told:
                report = load(
                    options["sheet"],
                    content,
                    dry_run=options["dry_run"],
                    told=told,
                    is_everyday=is_everyday,
                    by=COMMAND_LINE,
                    now=timezone.now(),
                )
        except SheetRefused as refused:
            for problem in refused.problems:
                self.stderr.write(problem)
            self.stderr.write("Nothing was imported: mend these, then import the file again.")
            sys.exit(1)
        self._tell(report, dry_run=options["dry_run"])

    def _tell(self, report: Report, *, dry_run: bool) -> None:
        for warning in report.warnings:
            self.stderr.write(f"note: {warning}")
        would = " (a dry run: nothing was kept)" if dry_run else ""
        self.stdout.write(f"{report.added} added, {report.changed} changed, {report.same} the same{would}")


@contextmanager
def _bar(content: bytes) -> Iterator[Progress]:
    """How far it is, on stderr, where somebody sees it: all rows are read once, then written."""
    rows = max(content.count(b"\n"), 1)
    shape = "{desc} {percentage:3.0f} % {bar} {remaining} left"
    silent = not sys.stderr.isatty()
    with tqdm(total=2 * rows, desc="read", bar_format=shape, leave=False, disable=silent) as bar:

        def told(what: str, rows: int) -> None:
            bar.set_description_str(what, refresh=False)
            bar.update(rows)

        yield told


def _content(name: str) -> bytes | None:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError:
        return None
