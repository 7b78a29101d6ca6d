"""The board in codes and counts."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from network.reports.queries import board


class Command(BaseCommand):
    help = "Prints open requests, needs and texts: ids and codes only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        now = board(now=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(now))
            return
        for request in now["requests"]:
            promise = request["promise_due_s"]
            due = "no promise" if promise is None else f"promise in {promise} s"
            self.stdout.write(
                f"#{request['number']} {request['state']} {request['kind'] or '?'} {request['age_s']} s old, "
                f"{due}, {request['responders']} going"
            )
        self.stdout.write(f"{now['needs']} needs; texts {json.dumps(now['texts'])}")
        self.stdout.write(f"oldest owed text: {now['oldest_owed_s']} s")
