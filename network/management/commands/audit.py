"""Whether the history was changed."""

import re
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from network.audit import publishing
from network.audit.publishing import NotHeads, PublishedHead, heads_in
from network.audit.verifying import Verified, verify

MOST_TOLD = 20
HASH = re.compile(r"[0-9a-f]{64}")


class Command(BaseCommand):
    help = (
        "`audit verify` looks at the whole history: every line and block against the chain, whom the lines "
        "name, and the heads that were published. It finds what was edited, deleted, put in, reordered or "
        "cut off, by whomever. Needs FIELD_KEY. The end is proven by a head from outside: --head takes the "
        "file of heads, a copy of it, or one hash. Without it the file in AUDIT_HEAD_TO is taken. "
        "Exit 1 if anything was changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("--head", metavar="FILE_OR_HASH", help="a file of published heads, or one hash")

    def handle(self, *args: Any, **options: Any) -> None:
        heads, hashes = self._heads(options["head"])
        result = verify(now=timezone.now(), heads=heads, hashes=hashes)
        for problem in result.problems[:MOST_TOLD]:
            self.stderr.write(problem)
        if len(result.problems) > MOST_TOLD:
            self.stderr.write(f"And {len(result.problems) - MOST_TOLD} more.")
        self.stdout.write(_summary(result, has_head=bool(heads or hashes)))
        if result.problems:
            sys.exit(1)

    def _heads(self, given: str | None) -> tuple[list[PublishedHead], list[str]]:
        if given and HASH.fullmatch(given):
            return [], [given]
        path = Path(given) if given else publishing.file()
        if not given and not path.exists():
            return [], []
        try:
            return list(heads_in(path)), []
        except (NotHeads, OSError, UnicodeDecodeError):
            self.stderr.write(f"{path} holds no published heads: give their file, or a hash of 64 digits.")
            sys.exit(2)


def _summary(result: Verified, *, has_head: bool) -> str:
    parts = [f"{result.lines} lines in {result.blocks} blocks"]
    if result.began_at:
        parts.append(f"from line {result.first}, sealed at {result.began_at:%Y-%m-%d %H:%M} UTC")
    if result.first > 1:
        parts.append("what came before was dropped when its time was over")
    if result.nameless:
        parts.append(f"whom {result.nameless} of them named was erased")
    if result.unsealed:
        parts.append(f"{result.unsealed} newer lines are not in a block yet")
    if has_head:
        parts.append(f"{result.heads} published heads compared")
    else:
        parts.append("no published head was given, so nothing proves where the history ends")
    return f"{'changed' if result.problems else 'verified'}: {'; '.join(parts)}"
