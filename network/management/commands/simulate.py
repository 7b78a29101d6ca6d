"""A made-up town around the real policy, and what networks do today beside it; where people are too few."""

import json
import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from tqdm import tqdm

from network.reports.shape import network_shape
from network.simulation.coverage import BadShape, gaps, shape_of
from network.simulation.line import BadOutage, outage_of
from network.simulation.plots import page
from network.simulation.tables import as_csv, as_line, as_table
from network.simulation.town import SCENARIOS, Scenario
from network.simulation.trials import Trial, UnknownPolicy, policies_of, seeds_of, trials

LIVE = ""  # --network without a file
WIDTH = 130  # of the table where there is no terminal


class Command(BaseCommand):
    help = (
        "Plays the policy in a made-up town, beside what networks do today: read the ranking, "
        "not the values. Needs no database and no configuration. "
        "With --network: where and when a network has too few people."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scenario", choices=sorted(SCENARIOS), default="normal")
        parser.add_argument("--policy", action="append", help="a name, several with commas, or all")
        parser.add_argument("--seeds", default="1,2,3,4", help="whole numbers with commas")
        parser.add_argument(
            "--town",
            choices=("home", "other"),
            default="home",
            help="other: people who don't behave as the policy thinks, and some who say yes and don't come",
        )
        parser.add_argument("--people", type=int, metavar="N", help="volunteers, 30 to 10000 (3000)")
        parser.add_argument("--days", type=int, metavar="N", help="1 to 84, of a normal day's kind (5)")
        parser.add_argument("--cold", action="store_true", help="nobody was ever asked before")
        parser.add_argument(
            "--outage", metavar="FROM-TO", help="minutes of the day in which the carrier takes no texts"
        )
        parser.add_argument("--json", action="store_true", help="one line per policy and seed")
        parser.add_argument("--csv", type=Path, metavar="FILE", help="one row per policy and seed")
        parser.add_argument("--svg", type=Path, metavar="FILE", help="three plots on a page")
        parser.add_argument(
            "--network",
            nargs="?",
            const=LIVE,
            metavar="FILE",
            help="gaps in a network given as counts; without a file, in our own",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["network"] is not None:
            self._tell_gaps(options["network"], as_json=options["json"])
            return
        try:
            scenario = _scenario(options)
            policies, seeds = policies_of(options["policy"] or []), seeds_of(options["seeds"])
        except (UnknownPolicy, BadOutage, ValueError) as wrong:
            raise CommandError(str(wrong), returncode=2) from wrong
        for file in (options["csv"], options["svg"]):
            if file and not file.absolute().parent.is_dir():
                raise CommandError(f"There is no folder {file.absolute().parent}.", returncode=2)
        played: list[Trial] = []
        with _progress(len(policies) * len(seeds), hidden=options["json"]) as tick:
            for trial in trials(scenario, policies, seeds, tick):
                played.append(trial)
                if options["json"]:
                    self.stdout.write(as_line(trial.measures))
                    self.stdout.flush()
        self._write(played, scenario, options)

    def _write(self, played: list[Trial], scenario: Scenario, options: dict[str, Any]) -> None:
        measures = [run.measures for run in played]
        if not options["json"]:
            width = max(WIDTH, shutil.get_terminal_size().columns)
            self.stdout.write(as_table(measures, title=f"Scenario {scenario.name}", width=width))
        if options["csv"]:
            options["csv"].write_text(as_csv(measures), encoding="utf-8")
        if options["svg"]:
            title = f"Ways to ask, in scenario {scenario.name}"
            options["svg"].write_text(page(played, title=title), encoding="utf-8")

    def _tell_gaps(self, file: str, *, as_json: bool) -> None:
        try:
            counts = network_shape(now=timezone.now()) if file == LIVE else json.loads(Path(file).read_text())
            found = gaps(shape_of(counts))
        except DatabaseError as wrong:
            raise CommandError(
                "This database holds no network yet: start one first (up).", returncode=2
            ) from wrong
        except (BadShape, OSError, ValueError) as wrong:
            raise CommandError(f"{file} can't be read as a network: {wrong}", returncode=2) from wrong
        for gap in found:
            told = {**asdict(gap), "sentence": gap.sentence}
            self.stdout.write(json.dumps(told) if as_json else gap.sentence)
        if not found and not as_json:
            self.stdout.write("No gaps: at every hour enough people are eligible for every kind.")


def _scenario(options: dict[str, Any]) -> Scenario:
    outage = None if options["outage"] is None else outage_of(options["outage"])
    scenario = replace(
        SCENARIOS[options["scenario"]],
        cold=options["cold"],
        outage=outage,
        other=options["town"] == "other",
    )
    if (people := options["people"]) is not None:
        if not 30 <= people <= 10_000:
            raise ValueError(f"--people is a whole number from 30 to 10000, and not {people}.")
        scenario = scenario.of(people)
    if (days := options["days"]) is not None:
        if not 1 <= days <= 84 or scenario.surge:
            raise ValueError("--days is a whole number from 1 to 84, and a surge is one day.")
        scenario = replace(scenario, days=days)
    return scenario


@contextmanager
def _progress(total: int, *, hidden: bool) -> Iterator[Any]:
    """A bar on stderr, where somebody sees it."""
    shape = "{desc} {percentage:3.0f} % {bar} {remaining} left"
    silent = hidden or not sys.stderr.isatty()
    with tqdm(total=total, desc="playing", bar_format=shape, leave=False, disable=silent) as bar:
        yield lambda done: bar.update(done - bar.n)
