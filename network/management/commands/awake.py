"""A restored copy becomes the network."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from network.audit.rules import COMMAND_LINE
from network.backups.awakening import NotACopy, end_quiet
from network.messaging.quiet import restored_copy

WORD = "dead"


class Command(BaseCommand):
    help = (
        "Says, on record, that the original of this restored copy is dead, and ends its quiet: from then on "
        "it texts people. Texts that are owed from before don't leave; whoever waits for one is on the "
        f"board. Asks to type the word {WORD}, or takes --yes. Needs nothing else."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="don't ask")

    def handle(self, *args: Any, **options: Any) -> None:
        copy = restored_copy()
        if copy is None:
            self.stderr.write("This database isn't a restored copy, so it is awake: there is nothing to do.")
            sys.exit(1)
        if not options["yes"]:
            self._ask(f"{copy.made_at:%Y-%m-%d %H:%M} UTC")
        try:
            ended = end_quiet(by=COMMAND_LINE, now=timezone.now())
        except NotACopy:
            self.stderr.write("Somebody else has just ended the quiet: there is nothing to do.")
            sys.exit(1)
        self.stdout.write(
            f"awake: {ended.expired} texts that were owed won't leave; {ended.acted_on} were acted on as not "
            "delivered: the next person is asked, or somebody is to be called. Look at the board."
        )

    def _ask(self, made: str) -> None:
        self.stdout.write(
            f"This is a copy of {made}. If the original still runs, people will get texts from both. Close "
            f"on the board what is over, then type the word {WORD} if the original is dead for good:"
        )
        if sys.stdin.readline().strip().lower() != WORD:
            self.stderr.write(f"Nothing was changed: type the word {WORD}, or give --yes.")
            sys.exit(1)
