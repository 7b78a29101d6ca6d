"""What is kept of one phone, where the law demands it."""

import json
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn
from uuid import UUID

from django.core.management.base import BaseCommand
from django.utils import timezone

from network.audit.rules import COMMAND_LINE
from network.disclosing import everything_about
from network.enrollment.actions import disclosure
from network.enrollment.actions.disclosure import propose_disclosure, take_disclosure
from network.people.rules.phone_numbers import e164
from network.trust.actions.proposals import ProposalNeedsReason

REFUSED = {
    disclosure.NotForThisPhone: "There is no such proposal for this phone: check both.",
    disclosure.NotAgreed: "Nobody has agreed to it: a steward or a coordinator does, in the console.",
    disclosure.Over: "It was agreed to more than a day ago: propose it again.",
    disclosure.Printed: "It was printed already, and is printed once: propose it again if you must.",
}


class Command(BaseCommand):
    help = (
        "For a demand that the law enforces, which counsel has looked at. `disclose PHONE --reason R` "
        "proposes it, prints the proposal's number, and doesn't tell whether anybody has that phone. A "
        "steward or a coordinator agrees in the console, beside other proposals. Then "
        "`disclose PHONE --proposal ID` prints as JSON, within a day and once, what is kept of that phone "
        "and of whoever has it. All of it is on record. Exit 1 where it is refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("phone")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--reason", help="such as the court and its number: whoever agrees reads it")
        what.add_argument("--proposal", type=UUID, help="the number that the first step printed")

    def handle(self, *args: Any, **options: Any) -> None:
        phone, now = e164(options["phone"]), timezone.now()
        if not phone:
            self._refuse("That is no phone number: write it as +13125550123 or with ten digits.")
        if options["proposal"] is None:
            try:
                proposal = propose_disclosure(phone, why=options["reason"], by=COMMAND_LINE, now=now)
            except ProposalNeedsReason:
                self._refuse("Say why, in a few words.")
            self.stdout.write(str(proposal.pk))
            return
        try:
            take_disclosure(options["proposal"], phone, by=COMMAND_LINE, now=now)
        except tuple(REFUSED) as refused:
            self._refuse(REFUSED[type(refused)])
        told = {"phone": phone, "printed_at": now.isoformat(), "kept": everything_about(phone)}
        self.stdout.write(json.dumps(told, indent=1, ensure_ascii=False))

    def _refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(1)
