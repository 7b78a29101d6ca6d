"""What `suspend` and `restore` share."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.management.base import BaseCommand
from django.utils import timezone

from network.audit.rules import COMMAND_LINE
from network.people.queries import person_by_fingerprint
from network.people.rules.phone_numbers import e164
from network.privacy.queries import fingerprint


class TakingOff(BaseCommand):
    """One person, by phone, with a reason, on record."""

    does: ClassVar[Callable[..., None]]
    said: ClassVar[str]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("phone")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        phone, now = e164(options["phone"]), timezone.now()
        person = person_by_fingerprint(fingerprint(phone)) if phone else None
        if person is None:
            self.stderr.write("Nobody in the network has this phone: check the number.")
            sys.exit(1)
        type(self).does(person.pk, why=options["reason"], by=COMMAND_LINE, now=now)
        self.stdout.write(f"{self.said}: person {person.pk}")
