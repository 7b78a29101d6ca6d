"""The vouch graph drawn: organizations on one side, people on the other, a line a vouch. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from network.console.shell.reads.vouches import PersonRow

ROW, TOP, LEFT, RIGHT, WIDE, LETTERS = 30, 24, 210, 430, 740, 24


@dataclass(frozen=True, slots=True)
class Dot:
    x: int
    y: int
    text_y: int
    name: str
    gap: bool
    until: datetime | None = None  # the first end among what stands
    triangle: str = ""  # its corners, for who misses something


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    x1: int
    y1: int
    x2: int
    y2: int
    standing: str


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    organizations: tuple[Dot, ...]
    people: tuple[Dot, ...]
    lines: tuple[DrawnEdge, ...]


def draw(rows: Sequence[PersonRow]) -> Drawing:
    """One line for each organization and person: of several vouches the one that stands best."""
    best: dict[tuple[UUID, UUID], str] = {}
    names: dict[UUID, str] = {}
    order = ("good", "soon", "away", "held", "over", "back")
    for row in rows:
        for role in row.roles:
            for vouch in role.vouches:
                key = (vouch.vouch.organization_id, row.person.pk)
                names[vouch.vouch.organization_id] = vouch.vouch.organization.name
                best[key] = min(best.get(key, "back"), vouch.standing, key=order.index)
    left = sorted(names, key=lambda name: names[name].casefold())
    tall = max(len(left), len(rows), 1)
    houses = {organization_id: _y(n, len(left), tall) for n, organization_id in enumerate(left)}
    homes = {row.person.pk: _y(n, len(rows), tall) for n, row in enumerate(rows)}
    return Drawing(
        width=WIDE,
        height=2 * TOP + (tall - 1) * ROW,
        organizations=tuple(
            _dot(LEFT, y, names[organization_id], gap=False) for organization_id, y in houses.items()
        ),
        people=tuple(
            _dot(RIGHT, homes[row.person.pk], row.person.name, gap=row.has_gaps, until=_first_end(row))
            for row in rows
        ),
        lines=tuple(
            DrawnEdge(LEFT, houses[house], RIGHT, homes[person], standing)
            for (house, person), standing in best.items()
        ),
    )


def _y(n: int, many: int, tall: int) -> int:
    """The shorter column is spread over the height of the longer one."""
    return TOP + round((n + 0.5) * tall / many * ROW - ROW / 2)


def _first_end(row: PersonRow) -> datetime | None:
    stand = (vouch for role in row.roles for vouch in role.vouches if vouch.standing in ("good", "soon"))
    return min((valid.vouch.ends_at for valid in stand), default=None)


def _dot(x: int, y: int, name: str, *, gap: bool, until: datetime | None = None) -> Dot:
    short = name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…"
    corners = f"{x},{y - 8} {x + 8},{y + 6} {x - 8},{y + 6}" if gap else ""
    return Dot(x, y, y + 5, short, gap, until, corners)
