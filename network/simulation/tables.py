"""What came of the trials, to read: a table, lines of JSON, CSV."""

import csv
import io
import json
import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import fields

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
    sheet.writerows(measure.as_json() for measure in measures)
    return out.getvalue()


def as_table(measures: Sequence[Measures], *, title: str, width: int) -> str:
    """Each policy's mean over the seeds, with its 95 % confidence interval below it."""
    rows = [["policy", *(heading for _, heading, _ in COLUMNS)]]
    for policy in dict.fromkeys(measure.policy for measure in measures):
        of_policy = [measure for measure in measures if measure.policy == policy]
        means = [spread([getattr(measures, name) for measures in of_policy]) for name, _, _ in COLUMNS]
        told = list(zip(means, COLUMNS, strict=True))
        rows.append([policy, *(shown(mean, digits) for mean, (_, _, digits) in told)])
        rows.append(["", *(how_sure(mean, digits) for mean, (_, _, digits) in told)])
    lines = _aligned([row for row in rows if any(row)])
    caption = textwrap.fill(_caption(measures), width)
    return "\n".join([title, "", lines[0], "-" * len(lines[0]), *lines[1:], "", caption, ""])


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """One line per row: the first column to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows
    ]


def _caption(measures: Sequence[Measures]) -> str:
    seeds = len({measure.seed for measure in measures})
    ways = f"mean over {seeds} seeds ± 95 % confidence" if seeds > 1 else "one seed: no confidence to tell"
    return f"{ways}; 'never': so many were not filled, in one seed or more. Read the ranking, not the values."


def shown(value: Spread, digits: int) -> str:
    if math.isnan(value.mean):
        return "unknown"
    if math.isinf(value.mean):
        return "never"
    return f"{value.mean:.{digits}f}"


def how_sure(value: Spread, digits: int) -> str:
    """The interval around a mean; empty where there is none to tell."""
    if value.apart is None or not math.isfinite(value.mean):
        return ""
    return f"± {value.apart:.{digits}f}"
