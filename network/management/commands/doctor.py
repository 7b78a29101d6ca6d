"""Whether this network can do its work, and what to mend."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from network.checks.examining import examine
from network.checks.fixing import fix
from network.checks.live import examine_live
from network.checks.result import CheckResult


class Command(BaseCommand):
    help = "Checks configuration, database, key, worker and carrier. Exit 1 on a failure."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON list")
        parser.add_argument("--live", action="store_true", help="post to ourselves too, as the carrier does")

        parser.add_argument(
            "--fix", action="store_true", help="mend what is safe to mend, and say what was done"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        done = fix(now=timezone.now()) if options["fix"] else []
        findings = examine(now=timezone.now())
        if options["live"]:
            findings += examine_live(now=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps([finding.shown() for finding in findings]))
            self.stderr.write("".join(f"fixed {sentence}\n" for sentence in done), ending="")
        else:
            for sentence in done:
                self.stdout.write(f"fixed {sentence}")
            for finding in findings:
                self._tell(finding)
        if any(finding.verdict == "fail" for finding in findings):
            sys.exit(1)

    def _tell(self, finding: CheckResult) -> None:
        mend = f": {finding.mend}" if finding.mend else ""
        self.stdout.write(f"{finding.verdict:5} {finding.what}{mend}")
