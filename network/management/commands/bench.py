"""Measurements as ratios, and a bad day in full."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from network.bench import books, chaos, texts


class Command(BaseCommand):
    help = (
        "Measures a network of its own in a temporary folder, with a simulated carrier. "
        "Needs no configuration, and touches none of yours."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser(
            "texts", help="webhooks against a bare baseline, a text in to its last offer, the outbox"
        )
        bad = what.add_parser("chaos", help="a bad day: faults, and kill -9 of everything")
        bad.add_argument("--requests", type=int, default=500)
        bad.add_argument("--kills", type=int, default=5)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "texts":
            texts.run(books.dsn, lambda here: here.pids("worker"))
            return
        verdict = chaos.run(
            options["requests"], kills=options["kills"], read_rows=books.outbox, waiting=books.waiting
        )
        self.stdout.write("\n".join(verdict.lines()))
        if not verdict.clean:
            raise CommandError("Something was lost, doubled or left: see above.")
