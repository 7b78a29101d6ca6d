"""The measures as they may be shown: figures in the order of their columns, small counts hidden. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from network.reports.measures import AnswerFigures, NetworkMeasures
from network.reports.rules import small_counts
from network.reports.rules.small_counts import Figure


class Unit(StrEnum):
    COUNT = "count"
    MINUTES = "minutes"
    PERCENT = "percent"
    RATIO = "ratio"


# What is counted in parts of a whole, and so hidden by them together; then what stands by itself.
COUNTS: dict[str, Callable[[AnswerFigures], int]] = {
    "requests": lambda of: of.requests,
    "asks": lambda of: of.asks,
    "late_yeses": lambda of: of.late_yeses,
    "stood_down": lambda of: of.stood_down,
}
OTHERS: dict[str, tuple[Unit, Callable[[AnswerFigures], Figure]]] = {
    "first_yes_median": (Unit.MINUTES, lambda of: small_counts.median(of.first_yes.median, of.first_yes.of)),
    "first_yes_p90": (
        Unit.MINUTES,
        lambda of: small_counts.ninetieth(of.first_yes.ninetieth, of.first_yes.of),
    ),
    "full_team_median": (Unit.MINUTES, lambda of: small_counts.median(of.full_team.median, of.full_team.of)),
    "full_team_p90": (
        Unit.MINUTES,
        lambda of: small_counts.ninetieth(of.full_team.ninetieth, of.full_team.of),
    ),
    "arrival_median": (Unit.MINUTES, lambda of: small_counts.median(of.arrival.median, of.arrival.of)),
    "arrival_p90": (Unit.MINUTES, lambda of: small_counts.ninetieth(of.arrival.ninetieth, of.arrival.of)),
    "fill_rate": (Unit.PERCENT, lambda of: small_counts.share(of.filled, of.searched)),
    "asks_per_yes": (Unit.RATIO, lambda of: small_counts.ratio(of.asks, of.yeses)),
    "not_come": (Unit.PERCENT, lambda of: small_counts.share(of.not_come, of.said_how)),
}
UNITS: dict[str, Unit] = dict.fromkeys(COUNTS, Unit.COUNT) | {n: unit for n, (unit, _) in OTHERS.items()}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row of a table or file: whose figure it is (group and code), which, and what may be shown."""

    group: str  # all, kind, language, set_time, load, people
    of: str  # the kind's or language's code; "" for all
    name: str
    unit: Unit
    figure: Figure


def lines(measures: NetworkMeasures) -> list[FigureRow]:
    """Everything that may leave the database about this span."""
    return [
        *_of("all", {"": measures.everything}),
        *_of("kind", measures.kinds),
        *_of("language", measures.languages),
        *_at_set_times(measures),
        *_load(measures),
        FigureRow("people", "", "opt_outs", Unit.COUNT, small_counts.count(measures.opt_outs)),
    ]


def _of(group: str, answers: Mapping[str, AnswerFigures]) -> list[FigureRow]:
    hidden = {
        name: small_counts.parts({code: number(answer) for code, answer in answers.items()})
        for name, number in COUNTS.items()
    }
    found = []
    for code, answer in answers.items():
        found += [FigureRow(group, code, name, Unit.COUNT, hidden[name][code]) for name in COUNTS]
        found += [FigureRow(group, code, name, unit, shown(answer)) for name, (unit, shown) in OTHERS.items()]
    return found


def _at_set_times(measures: NetworkMeasures) -> list[FigureRow]:
    at = measures.at_set_times
    figures = {
        "requests": (Unit.COUNT, small_counts.count(at.requests)),
        "fill_rate": (Unit.PERCENT, small_counts.share(at.filled, at.searched)),
        "in_time": (Unit.PERCENT, small_counts.share(at.in_time, at.searched)),
        "on_time": (Unit.PERCENT, small_counts.share(at.on_time, at.arrived)),
        "asks_per_yes": (Unit.RATIO, small_counts.ratio(at.asks, at.yeses)),
    }
    return [FigureRow("set_time", "", name, unit, figure) for name, (unit, figure) in figures.items()]


def _load(measures: NetworkMeasures) -> list[FigureRow]:
    load = measures.load
    enough = load.asked >= small_counts.K
    figures = {
        "able": (Unit.COUNT, small_counts.count(load.able)),
        "people_asked": (Unit.COUNT, small_counts.count(load.asked)),
        "gini": (Unit.RATIO, Figure(round(load.gini, 2)) if enough else small_counts.UNDER),
        "most_asked_tenth": (
            Unit.PERCENT,
            small_counts.share(load.most_asked_tenth, load.asks) if enough else small_counts.UNDER,
        ),
    }
    return [FigureRow("load", "", name, unit, figure) for name, (unit, figure) in figures.items()]
