"""Measurements as ratios, and a bad day in full."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from network.bench import (
    books,
    chaos,
    door,
    flood,
    match,
    outage,
    soak,
    surge,
    texts,
    understanding,
)
from network.bench.consoles import clicks, phone


class Command(BaseCommand):
    help = (
        "Measures a network of its own in a temporary folder, with a simulated carrier. "
        "Needs no configuration, and touches none of yours."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        texts = what.add_parser(
            "texts",
            help="understanding, webhooks against a bare baseline, a text in to its last offer, the outbox",
        )
        rude = what.add_parser("door", help="texts in while clients hold their connections")
        rude.add_argument("--clients", type=int, default=500)
        texts.add_argument("--understanding", action="store_true", help="only that, in memory")
        bad = what.add_parser(
            "chaos",
            help="a bad day: faults of the carrier, our database and workers, and kill -9 of everything",
        )
        bad.add_argument("--requests", type=int, default=500)
        bad.add_argument("--kills", type=int, default=5)
        bad.add_argument(
            "--troubles",
            type=int,
            default=8,
            help="connections cut, a worker frozen, the database restarted, a wrong key: so many, in turn",
        )
        bad.add_argument("--every", type=float, default=0.5, help="seconds from one request to the next")
        bad.add_argument("--slow", type=float, default=0.03, help="how often an answer takes up to 20 s")
        strangers = what.add_parser(
            "flood", help="texts from unknown phones in a minute, and members among them"
        )
        strangers.add_argument("--strangers", type=int, default=10_000)
        down = what.add_parser("outage", help="texts that came while everything was down")
        down.add_argument("--texts", type=int, default=500)
        many = what.add_parser("match", help="whom to ask among very many, in memory; and a surge")
        many.add_argument("--sizes", default="10000,100000,1000000")

        _add_surge(what.add_parser("surge", help="many families at once: their waits, and what each costs"))
        long = what.add_parser("soak", help="a steady load: what grows from minute to minute")
        long.add_argument("--minutes", type=int, default=10)
        long.add_argument("--every", type=float, default=4.0, help="seconds from one request to the next")
        long.add_argument("--workers", type=int, default=1)
        boards = what.add_parser("console", help="a click until it is on the boards of all who are there")
        boards.add_argument("--consoles", type=int, default=500)

        what.add_parser("phone", help="the first board on a slow phone, by a Chromium of this machine")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "texts":
            understanding.run()
            if not options["understanding"]:
                texts.run(books.dsn, lambda here: here.pids("worker"))
            return
        if options["what"] == "match":
            match.run([int(size) for size in options["sizes"].split(",")])
            return
        if options["what"] == "console":
            if not clicks.run(options["consoles"]):
                raise CommandError("A board was told too late: see above.")
            return
        if options["what"] == "phone":
            if not phone.run():
                raise CommandError("The first board is too heavy, or too late: see above.")
            return
        if options["what"] == "surge":
            counts = [options[name] for name in ("requests", "people", "open")]
            if not surge.run(*counts, workers=options["workers"], alone=options["alone"]):
                raise CommandError("Not all families were answered: see above.")
            return
        if options["what"] == "soak":
            if not soak.run(options["minutes"], every_s=options["every"], workers=options["workers"]):
                raise CommandError("Something grows: see above.")
            return
        if options["what"] == "door":
            if not door.run(options["clients"]):
                raise CommandError("Rude clients cost more than half of the texts: see above.")
            return
        if options["what"] == "flood":
            if not flood.run(options["strangers"]):
                raise CommandError("A member waited too long, or a cap was passed: see above.")
            return
        if options["what"] == "outage":
            if not outage.run(options["texts"], books.waiting):
                raise CommandError("Not all was handled in time, once: see above.")
            return
        day = chaos.Hardship(
            options["requests"],
            kills=options["kills"],
            troubles=options["troubles"],
            slow=options["slow"],
            every_s=options["every"],
        )
        read = chaos.Books(books.outbox, books.inbox, books.waiting, books.broken, books.dsn)
        verdict = chaos.run(day, read)
        self.stdout.write("\n".join(verdict.lines()))
        if not verdict.clean:
            raise CommandError("Something was lost, doubled or left: see above.")


def _add_surge(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--requests",
        type=int,
        nargs="+",
        default=[],
        metavar="N",
        help="bursts: 1 is ten in turn, up to 100 come at once, more over a minute (1 100 400)",
    )
    parser.add_argument(
        "--people",
        type=int,
        nargs="+",
        default=[],
        metavar="N",
        help="so many responders in the tables, and a request's cost with each to the first (2000)",
    )
    parser.add_argument(
        "--open",
        type=int,
        nargs="+",
        default=[],
        metavar="N",
        help="so many requests open before, likewise (0)",
    )
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--alone", action="store_true", help="without the baselines")
