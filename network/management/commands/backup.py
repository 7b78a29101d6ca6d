"""A backup, sealed; or a rehearsal of one."""

import os
import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from network.audit.rules import COMMAND_LINE
from network.backups.archives import read_identities
from network.backups.failure import BackupFailed
from network.backups.making import make
from network.backups.nightly import make_tonights
from network.backups.rehearsing import rehearse
from network.supervisor import die_with_parent


class Command(BaseCommand):
    help = (
        "Makes FILE (the database without its keys) and FILE.keys (the keys), each sealed to every age "
        "public key in BACKUP_RECIPIENTS. With --verify it restores FILE beside the database, compares every "
        "table, and drops the copy: for that it needs the age identity, and a role that may make databases. "
        "Needs PostgreSQL's programs (pg_dump, pg_restore, psql) no older than the server; the embedded "
        "server brings its own. FIELD_KEY is in no backup: keep a copy of it apart."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="where the backup goes; its folder must be there")
        parser.add_argument("--verify", action="store_true", help="rehearse FILE instead: nothing is changed")
        parser.add_argument(
            "--identity",
            default="-",
            help="for --verify: the age identity's file; - (standard input) if not given",
        )
        parser.add_argument("--keys", help="for --verify: the archive of keys; FILE.keys if not given")
        parser.add_argument(
            "--nightly", action="store_true", help="into BACKUP_TO, and remove what is too old; workers do it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["file"]) == options["nightly"] or (options["verify"] and options["nightly"]):
            self.stderr.write("Give either FILE (and --verify), or --nightly alone.")
            sys.exit(2)
        signal.signal(signal.SIGTERM, _end)
        try:
            if options["nightly"]:
                self._make_tonights()
            elif options["verify"]:
                self._verify(Path(options["file"]), options["keys"], options["identity"])
            else:
                self._make(Path(options["file"]))
        except BackupFailed as failed:
            self.stderr.write(str(failed))
            sys.exit(1)

    def _make(self, path: Path) -> None:
        made = make(path.absolute(), by=COMMAND_LINE, now=timezone.now())
        self.stdout.write(
            f"made: {made.path} and {made.keys}, {made.tables} tables, {made.rows} rows, {made.bytes} bytes"
        )

    def _make_tonights(self) -> None:
        die_with_parent()
        os.nice(10)
        made = make_tonights(now=timezone.now())
        self.stdout.write(f"made: {made.path}" if made else "Another process is making tonight's backup.")

    def _verify(self, path: Path, keys: str | None, identity: str) -> None:
        done = rehearse(
            path.absolute(),
            keys=Path(keys).absolute() if keys else None,
            identities=read_identities(identity),
            by=COMMAND_LINE,
            now=timezone.now(),
        )
        if done.differing:
            raise BackupFailed(
                f"The restored copy differs in {', '.join(done.differing)}: don't rely on this backup, and "
                "make another."
            )
        if not done.keys_compared:
            self.stderr.write("note: the keys are of a later backup, so their table was not compared.")
        if not done.field_key_fits:
            self.stderr.write("note: FIELD_KEY doesn't open this backup: find the key that it was made with.")
        self.stdout.write(
            f"verified: {len(done.contents.tables)} tables, {done.rows} rows, as they were at "
            f"{done.contents.made_at:%Y-%m-%d %H:%M} UTC"
        )


def _end(number: int, frame: FrameType | None) -> None:
    """An end that takes away what was begun."""
    sys.exit(128 + number)
