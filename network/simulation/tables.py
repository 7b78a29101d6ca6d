"""What came of the trials, to read: a table, lines of JSON, CSV."""

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import fields

from rich.console import Console
from rich.table import Table

from network.simulation.measures import Measures
from network.simulation.spread import Spread, spread

# A measure, its heading, and the decimals that mean something.
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("filled", "filled", 2),
    ("in_target", "in target", 2),
    ("median_min", "median min", 1),
    ("p95_min", "p95 min", 0),
    ("asks_per_fill", "asks a fill", 1),
    ("wasted_yes_per_fill", "yes in vain", 2),
    ("max_asks_per_person_day", "most a day", 0),
    ("gini_asks", "Gini", 2),
    ("language_match", "language", 2),
)


def as_line(measures: Measures) -> str:
    return json.dumps(measures.as_json())


def as_csv(measures: Iterable[Measures]) -> str:
    """One row per policy and seed; empty where a number is infinite or unknown."""
    out = io.StringIO()
    sheet = csv.DictWriter(out, [field.name for field in fields(Measures)], lineterminator="\n")
    sheet.writeheader()
    sheet.writerows(one.as_json() for one in measures)
    return out.getvalue()


def as_table(measures: Sequence[Measures], *, title: str, width: int) -> str:
    """Each policy's mean over the seeds, with its 95 % confidence interval below it."""
    table = Table(title=title, caption=_caption(measures))
    table.add_column("policy")
    for _, heading, _ in COLUMNS:
        table.add_column(heading, justify="right")
    for policy in dict.fromkeys(one.policy for one in measures):
        mine = [one for one in measures if one.policy == policy]
        cells = [shown(spread([getattr(one, name) for one in mine]), digits) for name, _, digits in COLUMNS]
        table.add_row(policy, *cells)
    out = io.StringIO()
    Console(file=out, width=width).print(table)
    return out.getvalue()


def _caption(measures: Sequence[Measures]) -> str:
    seeds = len({one.seed for one in measures})
    ways = f"mean over {seeds} seeds ± 95 % confidence" if seeds > 1 else "one seed: no confidence to tell"
    return f"{ways}; 'never': so many were not filled, in one seed or more. Read the ranking, not the values."


def shown(value: Spread, digits: int) -> str:
    if math.isnan(value.mean):
        return "unknown"
    if math.isinf(value.mean):
        return "never"
    apart = "" if value.apart is None else f"\n± {value.apart:.{digits}f}"
    return f"{value.mean:.{digits}f}{apart}"
