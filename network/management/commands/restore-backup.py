"""A backup, back into an empty database."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from network.audit.rules import COMMAND_LINE
from network.backups.archives import read_identities
from network.backups.failure import BackupFailed
from network.backups.restoring import restore
from network.health import migrated


class Command(BaseCommand):
    help = (
        "Restores FILE into an EMPTY database: the one of DATABASE_URL, or that of a DATA_DIR that isn't "
        "used yet. Needs the age identity, as a file or on standard input, and the newest archive of keys, "
        "which is looked for beside FILE. The copy is quiet: it sends nothing, and takes nothing from the "
        "carrier, until `awake`."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="what `backup` has made")
        parser.add_argument(
            "--identity", default="-", help="the age identity's file; - (standard input) if not given"
        )
        parser.add_argument("--keys", help="an archive of keys; the newest beside FILE if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = restore(
                Path(options["file"]).absolute(),
                keys=Path(options["keys"]).absolute() if options["keys"] else None,
                identities=read_identities(options["identity"]),
                by=COMMAND_LINE,
                now=timezone.now(),
            )
        except BackupFailed as failed:
            self.stderr.write(str(failed))
            sys.exit(1)
        self.stdout.write(
            f"restored: {len(done.contents.tables)} tables as they were at "
            f"{done.contents.made_at:%Y-%m-%d %H:%M} UTC, with the keys of {done.keys.name}"
        )
        self.stdout.write(f"{done.people} people, of whom {done.unreadable} can't be read any more.")
        if not done.field_key_fits:
            self.stderr.write(
                "FIELD_KEY isn't the key of this database: find the right one before you start."
            )
        if not migrated():
            self.stderr.write("This version has newer tables: run ./run migrate before you start.")
        self.stdout.write(
            "This copy is quiet: nothing is sent, and nothing is taken from the carrier. Once the original "
            "is dead for good, run ./run awake."
        )
