"""What a text would be understood as, by which rule, and what would be answered."""

import json
import sys
from argparse import ArgumentParser
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from network.conversations.rules.context import Context, Question
from network.conversations.rules.understanding import decide
from network.conversations.trying import SITUATIONS, WHO, answer, name_of, situation
from network.messaging.texts.languages import LANGUAGES
from network.visits.rules.stages import Stage


class Command(BaseCommand):
    help = (
        "Says how a text would be understood, by the very function that reads real ones. "
        "Sends and keeps nothing, "
        'and needs no database. With --json: JSON lines {"text", "situation"} from standard input, one '
        '{"outcome", "rule", "fear"} a line.'
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", nargs="?", help="as somebody would write it")
        parser.add_argument(
            "--as", dest="who", choices=WHO, help="who writes; if not given, whom the rest is about"
        )
        parser.add_argument(
            "--asked", choices=[question.value for question in Question], help="the question that is open"
        )
        parser.add_argument(
            "--offer", type=int, action="append", default=[], help="an open offer's two digits"
        )
        parser.add_argument(
            "--stage", choices=[stage.value for stage in Stage if stage.value in STAGES], help="of a visit"
        )
        parser.add_argument("--language", choices=sorted(LANGUAGES), default="en", help="of the answer")
        parser.add_argument("--json", action="store_true", help="JSON lines in, JSON lines out")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["json"]:
            if not self._lines(sys.stdin, sys.stdout):
                sys.exit(1)
            return
        if options["text"] is None:
            raise CommandError('Which text? Such as: ./run understand "tocan la puerta" --asked home')
        if any(not 10 <= code <= 99 for code in options["offer"]):
            raise CommandError("An offer's code has two digits, such as 41.")
        context = situation(
            options["who"],
            asked=Question(options["asked"]) if options["asked"] else None,
            offers=options["offer"],
            stage=Stage(options["stage"]) if options["stage"] else None,
        )
        self._tell(options["text"], context, options["language"])

    def _tell(self, text: str, context: Context, language: str) -> None:
        decided = decide(text, context)
        self.stdout.write(f"outcome  {name_of(decided.command)}")
        self.stdout.write(f"rule     {decided.rule}")
        self.stdout.write(f"fear     {'yes' if decided.fear else 'no'}")
        answered = answer(decided.command, context, language)
        for line in answered:
            self.stdout.write(f"answer   {line}")
        if not answered:
            self.stdout.write("answer   nothing")

    def _lines(self, lines: TextIO, out: TextIO) -> bool:
        """Whether every line could be read; one that can't says so in its place, and the rest go on."""
        all_read = True
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                text, context = _read(line)
            except ValueError as error:
                all_read = False
                out.write(json.dumps({"error": f"line {number}: {error}"}) + "\n")
                continue
            decided = decide(text, context)
            told = {
                "outcome": name_of(decided.command),
                "rule": decided.rule.name.lower(),
                "fear": decided.fear,
            }
            out.write(json.dumps(told) + "\n")
        return all_read


STAGES = ("held", "going", "there")


def _read(line: str) -> tuple[str, Context]:
    """Raises ValueError with a sentence."""
    try:
        given = json.loads(line)
    except ValueError:
        raise ValueError('that is no JSON; such as {"text": "tocan la puerta", "situation": "M"}') from None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise ValueError('"text" is missing, or no text')
    named = given.get("situation")
    if not isinstance(named, str) or named not in SITUATIONS:
        raise ValueError(f'"situation" has to be one of {", ".join(SITUATIONS)}')
    return given["text"], SITUATIONS[named]
