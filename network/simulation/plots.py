"""Three plots on one SVG page: time to fill, asks a fill, and who carries the load."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from xml.etree.ElementTree import Element, SubElement, indent

import numpy as np

from network import svg as draw
from network.dispatch.rules.crowd import Numbers
from network.simulation.spread import spread
from network.simulation.trials import Trial

WIDE, TALL, LEFT, TOP, GAP = 640.0, 280.0, 150.0, 90.0, 110.0
PAGE = LEFT + WIDE + 40
HOURS_SHOWN = 3
# Okabe and Ito's colors that are readable on white; each with dashes of its own, for those who see no colors.
COLORS = ("#0072b2", "#d55e00", "#007a5a", "#a0457c", "#000000", "#8a6d00")
DASHES = ("", "9 4", "2 4", "12 4 2 4", "5 2", "1 2", "14 6")


@dataclass(frozen=True, slots=True)
class Series:
    """One policy over all its seeds, and how it is drawn."""

    name: str
    trials: Sequence[Trial]
    color: str
    dashes: str


def page(trials: Sequence[Trial], *, title: str) -> str:
    """The page as text. It holds no script, and asks nobody for anything."""
    names = list(dict.fromkeys(trial.measures.policy for trial in trials))
    all_series = [
        Series(name, [trial for trial in trials if trial.measures.policy == name], color, dashes)
        for name, color, dashes in zip(names, cycle(COLORS), cycle(DASHES), strict=False)
    ]
    key = 24.0 * math.ceil(len(names) / 4)
    bars = 26.0 * len(names)
    height = TOP + key + 2 * TALL + bars + 3 * GAP
    svg = draw.drawing(
        PAGE,
        height,
        name="plots",
        title=title,
        told=_told(all_series),
        **{"font-family": "sans-serif", "font-size": "13"},
    )
    SubElement(svg, "rect", width="100%", height="100%", fill="#ffffff")
    _words(svg, 20, 32, title, size=18)
    _key(svg, all_series, top=62)
    top = TOP + key
    _time_to_fill(svg, all_series, top=top)
    _asks_a_fill(svg, all_series, top=top + TALL + GAP, height=bars)
    _load(svg, all_series, top=top + TALL + bars + 2 * GAP)
    indent(svg)
    return draw.written(svg) + "\n"


def _told(all_series: Sequence[Series]) -> str:
    """The plots in words."""
    words = []
    for series in all_series:
        target, asks = (
            spread([getattr(t.measures, name) for t in series.trials]).mean
            for name in ("in_target", "asks_per_fill")
        )
        words.append(f"{series.name}: {target:.0%} of requests filled in target, {asks:.1f} asks a fill.")
    return " ".join(["The behavior of the town is assumed: read the ranking, not the values.", *words])


def _key(svg: Element, all_series: Sequence[Series], *, top: float) -> None:
    for n, series in enumerate(all_series):
        x, y = 20 + (n % 4) * 200.0, top + 24 * (n // 4)
        _path(svg, [(x, y), (x + 44, y)], series)
        _words(svg, x + 52, y + 4, series.name)


def _time_to_fill(svg: Element, all_series: Sequence[Series], *, top: float) -> None:
    last = HOURS_SHOWN * 60
    _frame(svg, "Time to fill: share of all requests filled by then", "minutes from the request", top)
    for minute in range(0, last + 1, 30):
        _tick(svg, WIDE * minute / last, str(minute), top)
    _shares(svg, top)
    for series in all_series:
        minutes = np.sort(np.concatenate([t.minutes for t in series.trials]))
        at = np.arange(0, last + 1)
        filled = np.searchsorted(minutes, at, side="right") / len(minutes)
        _path(svg, _points(at / last, filled, top), series)


def _asks_a_fill(svg: Element, all_series: Sequence[Series], *, top: float, height: float) -> None:
    """On a scale of powers of ten: a text to everybody is thousands, a wave is tens."""
    found = [spread([t.measures.asks_per_fill for t in series.trials]) for series in all_series]
    decades = max(1, math.ceil(max(math.log10(max(2, s.mean + (s.apart or 0))) for s in found)))

    def across(asks: float) -> float:
        return WIDE * min(1, max(0.0, math.log10(max(1, asks)) / decades))

    heading = "Asks a fill, with 95 % confidence (powers of ten)"
    _frame(svg, heading, "asks for each filled request", top, height)
    for power in range(decades + 1):
        _tick(svg, WIDE * power / decades, f"{10**power:,}", top, height)
    for n, (series, asks) in enumerate(zip(all_series, found, strict=True)):
        y = top + 26 * n + 5
        bar = {"stroke-dasharray": series.dashes, "fill-opacity": "0.25", "stroke": series.color}
        SubElement(
            svg,
            "rect",
            x=f"{LEFT:.1f}",
            y=f"{y:.1f}",
            width=f"{across(asks.mean):.1f}",
            height="16",
            fill=series.color,
            attrib=bar,
        )
        _words(svg, LEFT - 8, y + 13, series.name, anchor="end")
        high = across(asks.mean + (asks.apart or 0))
        _words(svg, min(LEFT + high + 8, LEFT + WIDE - 4), y + 13, f"{asks.mean:,.1f}")
        if asks.apart is not None:
            low = across(asks.mean - asks.apart)
            draw.line(svg, LEFT + low, y + 8, LEFT + high, y + 8, stroke="#000000")
            for end in (low, high):
                draw.line(svg, LEFT + end, y + 4, LEFT + end, y + 12, stroke="#000000")


def _load(svg: Element, all_series: Sequence[Series], *, top: float) -> None:
    """Lorenz curves: the nearer to the straight line, the more evenly people are asked."""
    _frame(
        svg,
        "Load: what part of all asks goes to the least asked",
        "part of the volunteers, least asked first",
        top,
    )
    for tenth in range(0, 11, 2):
        _tick(svg, WIDE * tenth / 10, f"{tenth * 10} %", top)
    _shares(svg, top)
    draw.line(svg, LEFT, top + TALL, LEFT + WIDE, top, stroke="#767676")
    _words(svg, LEFT + WIDE / 2 - 12, top + TALL / 2 - 8, "all the same", anchor="end")
    for series in all_series:
        asked = np.sort(np.concatenate([t.asked for t in series.trials])).astype(np.float64)
        part = np.concatenate([[0.0], np.cumsum(asked)]) / max(1.0, asked.sum())
        at = np.linspace(0, 1, 101)
        _path(svg, _points(at, part[(at * len(asked)).astype(np.int64)], top), series)


# What all three are drawn with.


def _points(across: Numbers, up: Numbers, top: float) -> list[tuple[float, float]]:
    return [
        (LEFT + WIDE * x, top + TALL * (1 - y)) for x, y in zip(across.tolist(), up.tolist(), strict=True)
    ]


def _frame(svg: Element, heading: str, below: str, top: float, height: float = TALL) -> None:
    _words(svg, LEFT, top - 14, heading, size=15)
    draw.line(svg, LEFT, top, LEFT, top + height, stroke="#444444")
    draw.line(svg, LEFT, top + height, LEFT + WIDE, top + height, stroke="#444444")
    _words(svg, LEFT + WIDE / 2, top + height + 40, below, anchor="middle")


def _tick(svg: Element, across: float, word: str, top: float, height: float = TALL) -> None:
    draw.line(svg, LEFT + across, top + height, LEFT + across, top + height + 5, stroke="#444444")
    _words(svg, LEFT + across, top + height + 20, word, anchor="middle")


def _shares(svg: Element, top: float) -> None:
    for tenth in range(0, 11, 2):
        y = top + TALL * (1 - tenth / 10)
        draw.line(svg, LEFT, y, LEFT + WIDE, y, stroke="#dddddd")
        _words(svg, LEFT - 8, y + 4, f"{tenth * 10} %", anchor="end")


def _path(svg: Element, points: Sequence[tuple[float, float]], series: Series) -> None:
    where = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    style = {"stroke-width": "2.2", "stroke-dasharray": series.dashes or "none"}
    SubElement(svg, "polyline", points=where, fill="none", stroke=series.color, attrib=style)


def _words(svg: Element, x: float, y: float, words: str, *, size: int = 13, anchor: str = "start") -> None:
    draw.text(svg, x, y, words, size=size, anchor=anchor, fill="#222222")
