"""A heat grid, bars, and a map of zones, without tiles. Words come in translated. Pure.

Colors are classes of measures.css, so that each theme and paper has its own; shape and number say the same.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from network import svg as draw
from network.organizations.rules.distance import miles
from network.reports.rules.coverage import CoverageLevel

CELL_WIDE, CELL_TALL, HEAD = 40.0, 26.0, 26.0
LETTER = 8.2  # about as wide as one letter of a label
BARS_WIDE, BAR_TALL = 320.0, 44.0
MAP_WIDE, EDGE, TALLEST = 600.0, 80.0, 900.0
ROUNDS = 80  # in which circles that overlap are moved apart

# Each within a square of ten by ten; told apart without color.
SHAPES: dict[CoverageLevel, str] = {
    CoverageLevel.ENOUGH: "M1,1 H9 V9 H1 Z",
    CoverageLevel.SHORT: "M5,1 A4,4 0 1 0 5,9 A4,4 0 1 0 5,1 Z",
    CoverageLevel.LOW: "M5,0 L10,5 L5,10 L0,5 Z",
    CoverageLevel.FEW: "M5,0 L10,9 H0 Z",
}


@dataclass(frozen=True, slots=True)
class HeatCell:
    standing: CoverageLevel
    says: str  # a number, or that it is small


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of bars. Lengths are parts of the longest, 0 to 1."""

    label: str
    length: float
    says: str
    further: float = 0.0  # a paler bar behind it, which goes on to there


@dataclass(frozen=True, slots=True)
class Spot:
    """A zone on the map."""

    latitude: float
    longitude: float
    size: float  # people, as far as they are shown
    says: str
    name: str


def grid(
    name: str, title: str, told: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[HeatCell]]]
) -> str:
    """A heat grid. `name` is an id of its own on the page; `told` is what it shows, in words."""
    left = LETTER * max((len(label) for label, _ in rows), default=0) + 8
    wide, tall = left + CELL_WIDE * len(columns), HEAD + CELL_TALL * len(rows)
    svg = _drawing(name, title, told, wide, tall, kind="grid")
    for n, label in enumerate(columns):
        draw.text(svg, left + CELL_WIDE * (n + 0.5), HEAD - 9, label)
    for m, (label, cells) in enumerate(rows):
        y = HEAD + CELL_TALL * m
        draw.text(svg, left - 6, y + 18, label, anchor="end")
        for n, cell in enumerate(cells):
            _cell(svg, left + CELL_WIDE * n, y, cell)
    return draw.written(svg)


def bars(name: str, title: str, told: str, lines: Sequence[Bar]) -> str:
    """Bars from one edge, each with its name above it and what it says behind it."""
    svg = _drawing(name, title, told, BARS_WIDE, BAR_TALL * len(lines), kind="bars")
    most = BARS_WIDE - 7 * max((len(bar.says) for bar in lines), default=0) - 12
    for n, bar in enumerate(lines):
        y = BAR_TALL * n
        draw.text(svg, 0, y + 12, bar.label, size=13, anchor="start")
        for length, kind in ((1.0, "rest"), (bar.further, "further"), (bar.length, "bar")):
            size = {"width": f"{most * min(length, 1):.1f}", "height": "16", "rx": "3", "class": kind}
            SubElement(svg, "rect", x="0", y=f"{y + 18:.1f}", attrib=size)
        draw.text(svg, most + 6, y + 30, bar.says, size=13, anchor="start")
    return draw.written(svg)


def shape(standing: CoverageLevel) -> str:
    """The sign alone, for a legend that says in words what it means."""
    svg = draw.sign(20, **{"class": "sign"})
    SubElement(svg, "rect", width="20", height="20", attrib={"class": f"cell {standing}"})
    _sign(svg, 5, 5, standing)
    return draw.written(svg)


def _cell(svg: Element, x: float, y: float, cell: HeatCell) -> None:
    size = {"width": f"{CELL_WIDE - 2:g}", "height": f"{CELL_TALL - 2:g}"}
    SubElement(
        svg, "rect", x=f"{x + 1:.1f}", y=f"{y + 1:.1f}", attrib={**size, "class": f"cell {cell.standing}"}
    )
    _sign(svg, x + 3, y + 8, cell.standing)
    draw.text(svg, x + CELL_WIDE - 4, y + 18, cell.says, anchor="end")


def _sign(svg: Element, x: float, y: float, standing: CoverageLevel) -> None:
    place = {"transform": f"translate({x:.1f} {y:.1f})", "class": f"shape {standing}"}
    SubElement(svg, "path", d=SHAPES[standing], attrib=place)


def zone_map(name: str, title: str, told: str, spots: Sequence[Spot], *, scale: str) -> str:
    """Circles at the zones' middles, moved apart where they'd overlap. `scale` is such as "%d mi"."""
    places, wide, tall, miles_wide = _flat(spots)
    svg = _drawing(name, title, told, wide, tall, kind="map")
    for (x, y), spot in zip(_apart(places, [_radius(s) for s in spots]), spots, strict=True):
        SubElement(svg, "circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{_radius(spot):.1f}")
        draw.text(svg, x, y + 5, spot.says)
        draw.text(svg, x, y + _radius(spot) + 15, spot.name)
    if miles_wide:
        _scale(svg, tall, miles_wide, scale)
    return draw.written(svg)


def _radius(spot: Spot) -> float:
    return min(40.0, 14 + 2 * math.sqrt(spot.size))


def _flat(spots: Sequence[Spot]) -> tuple[list[tuple[float, float]], float, float, float]:
    """Places on the page, its size, and how many miles lie between its two edges; none for a single place."""
    if not spots:
        return [], MAP_WIDE, 2 * EDGE, 0.0
    north, south = max(s.latitude for s in spots), min(s.latitude for s in spots)
    west, east = min(s.longitude for s in spots), max(s.longitude for s in spots)
    shrink = math.cos(math.radians((north + south) / 2))
    across, down = (east - west) * shrink, north - south
    inner = MAP_WIDE - 2 * EDGE
    by = min(inner / across if across else math.inf, (TALLEST - 2 * EDGE) / down if down else math.inf)
    if math.isinf(by):
        return [(MAP_WIDE / 2, EDGE)] * len(spots), MAP_WIDE, 2 * EDGE, 0.0
    left = (MAP_WIDE - by * across) / 2
    placed = [(left + (s.longitude - west) * shrink * by, EDGE + (north - s.latitude) * by) for s in spots]
    degree = miles((south, west), (south + 1, west))
    return placed, MAP_WIDE, 2 * EDGE + down * by, degree * MAP_WIDE / by


def _apart(places: Sequence[tuple[float, float]], radii: Sequence[float]) -> list[tuple[float, float]]:
    """Pushed from each other until nothing overlaps, or the rounds are over."""
    spots = [list(place) for place in places]
    for _ in range(ROUNDS):
        moved = False
        for m in range(len(spots)):
            for n in range(m):
                moved |= _push(spots[n], spots[m], radii[n] + radii[m] + 18)
        if not moved:
            break
    return [(min(max(x, EDGE / 2), MAP_WIDE - EDGE / 2), max(y, EDGE / 2)) for x, y in spots]


def _push(first: list[float], other: list[float], room: float) -> bool:
    across, down = other[0] - first[0], other[1] - first[1]
    far = math.hypot(across, down)
    if far >= room:
        return False
    if far == 0:
        across, far = 1.0, 1.0
        room += 1
    by = (room - far) / 2 / far
    first[0], first[1] = first[0] - across * by, first[1] - down * by
    other[0], other[1] = other[0] + across * by, other[1] + down * by
    return True


def _scale(svg: Element, tall: float, miles_wide: float, words: str) -> None:
    length = next(n for n in (50, 20, 10, 5, 2, 1) if n * MAP_WIDE / miles_wide < MAP_WIDE / 2 or n == 1)
    end = 20 + length * MAP_WIDE / miles_wide
    SubElement(svg, "path", d=f"M20,{tall - 22:.1f} v8 H{end:.1f} v-8", attrib={"class": "scale"})
    draw.text(svg, 24, tall - 24, words % length, anchor="start")


def _drawing(name: str, title: str, told: str, wide: float, tall: float, *, kind: str) -> Element:
    style = {"class": f"drawing {kind}", "direction": "ltr"}
    return draw.drawing(wide, tall, name=name, title=title, told=told, **style)
