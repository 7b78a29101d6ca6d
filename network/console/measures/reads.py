"""Measures, coverage and zones in words and pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from network.console.measures.drawings import Bar, HeatCell, Spot, bars, grid, shape, zone_map
from network.console.shell import words
from network.reports.coverage import Coverage
from network.reports.rules.coverage import DAY, HOURS, Area, CoverageLevel, Thin, standing
from network.reports.rules.small_counts import Figure, K, Shown
from network.reports.rules.zones import Zone
from network.reports.shown import FigureRow, Unit
from network.reports.transparency import Transparency
from network.reports.zones import Peopled

NAMES: dict[str, str | Promise] = {
    "requests": gettext_lazy("Requests"),
    "asks": gettext_lazy("Asks"),
    "late_yeses": gettext_lazy("Yeses that came too late"),
    "stood_down": gettext_lazy("Asked, then stood down"),
    "first_yes_median": gettext_lazy("Minutes to the first yes, median"),
    "first_yes_p90": gettext_lazy("Minutes to the first yes, nine of ten"),
    "full_team_median": gettext_lazy("Minutes to a full team, median"),
    "full_team_p90": gettext_lazy("Minutes to a full team, nine of ten"),
    "arrival_median": gettext_lazy("Minutes to arrival, median"),
    "arrival_p90": gettext_lazy("Minutes to arrival, nine of ten"),
    "fill_rate": gettext_lazy("Filled"),
    "asks_per_yes": gettext_lazy("Asks for one yes"),
    "not_come": gettext_lazy("Nobody came, of those who said how it went"),
    "in_time": gettext_lazy("Full team before the set time"),
    "on_time": gettext_lazy("There by the set time, of those who arrived"),
    "able": gettext_lazy("People who may be asked"),
    "people_asked": gettext_lazy("People asked"),
    "gini": gettext_lazy("Gini figure of asks"),
    "most_asked_tenth": gettext_lazy("Asks that went to the most asked tenth"),
    "opt_outs": gettext_lazy("People who stopped our texts"),
}
STANDINGS: dict[CoverageLevel, str | Promise] = {
    CoverageLevel.ENOUGH: gettext_lazy("enough"),
    CoverageLevel.SHORT: gettext_lazy("half or more of what's needed"),
    CoverageLevel.LOW: gettext_lazy("less than half"),
    CoverageLevel.FEW: gettext_lazy("under 5"),
}
FEW = "<5"  # in a cell
WORST = 10


def in_words(figure: Figure, unit: Unit) -> str:
    """A figure as the page says it."""
    if figure.shown == Shown.UNDER and unit == Unit.COUNT:
        return _("under 5")
    if figure.value is None:
        return _("hidden (too few)")
    number = number_format(figure.value, use_l10n=True)
    if unit == Unit.PERCENT:
        number = _("%s %%") % number
    match figure.shown:
        case Shown.AT_LEAST:
            return _("%s or more") % number
        case Shown.AT_MOST:
            return _("%s or less") % number
    return number


@dataclass(frozen=True, slots=True)
class MeasureTable:
    """One group's figures: a row a figure, a column a kind or language."""

    title: str | Promise
    columns: list[str | Promise]
    rows: list[tuple[str | Promise, list[tuple[str | Promise, str]]]]  # each with its column's name


def tables(lines: Sequence[FigureRow]) -> list[MeasureTable]:
    """Those of help for now, by kind and by language."""
    titles: list[tuple[str, str, Callable[[str], str | Promise]]] = [
        ("kind", _("By kind"), lambda code: words.KINDS.get(code, code)),
        ("language", _("By the member’s language"), spoken),
    ]
    return [
        _table(title, [line for line in lines if line.group == group], name) for group, title, name in titles
    ]


def listed(lines: Sequence[FigureRow], *groups: str) -> list[tuple[str | Promise, str]]:
    """The figures of groups that have one column only."""
    return [(NAMES[line.name], in_words(line.figure, line.unit)) for line in lines if line.group in groups]


def _table(title: str, lines: Sequence[FigureRow], name: Callable[[str], str | Promise]) -> MeasureTable:
    columns = {line.of: name(line.of) for line in lines}
    rows: dict[str, list[tuple[str | Promise, str]]] = {}
    for line in lines:
        rows.setdefault(line.name, []).append((columns[line.of], in_words(line.figure, line.unit)))
    return MeasureTable(title, [*columns.values()], [(NAMES[key], row) for key, row in rows.items()])


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure, large, and what goes with it."""

    name: str | Promise
    figure: str
    unit: str | Promise = ""
    note: str = ""
    hidden: bool = False


TIMES: dict[str, str | Promise] = {
    "first_yes": gettext_lazy("Until the first yes"),
    "full_team": gettext_lazy("Until the team was full"),
    "arrival": gettext_lazy("Until somebody arrived"),
}


def tiles(lines: Sequence[FigureRow]) -> list[Tile]:
    """What help for now comes to: how many asked, how soon somebody came, what it took."""
    all_of = {line.name: line for line in lines if line.group == "all"}

    def shown(name: str) -> str:
        return in_words(all_of[name].figure, all_of[name].unit)

    def tile(name: str, title: str | Promise = "", *, unit: str = "", note: str = "") -> Tile:
        hidden = all_of[name].figure.value is None
        return Tile(title or NAMES[name], shown(name), "" if hidden else unit, note, hidden)

    return [
        tile("requests"),
        *(
            tile(
                f"{name}_median", title, unit=_("min"),
                note=_("half of all; nine of ten: %s") % shown(f"{name}_p90"),
            )
            for name, title in TIMES.items()
        ),
        tile("fill_rate", note=_("of those for whom people were asked")),
        tile("asks_per_yes", note=_("asks in all: %s") % shown("asks")),
        tile("not_come", _("Nobody came"), note=_("of those who said how it went")),
    ]  # fmt: skip


def times_drawn(lines: Sequence[FigureRow]) -> SafeString:
    """How long each step took for half of all, and for nine of ten; "" where too few are there to say."""
    minutes = {line.name: line.figure for line in lines if line.group == "all"}
    known = [name for name in TIMES if minutes[f"{name}_median"].value is not None]
    longest = max(minutes[f"{name}_{part}"].value or 0 for name in TIMES for part in ("median", "p90"))
    if not known or not longest:
        return _safe("")
    drawn, told = [], []
    for name in known:
        median, slow = minutes[f"{name}_median"], minutes[f"{name}_p90"]
        says = _("%s min") % in_words(median, Unit.MINUTES)
        if slow.value is not None:
            says = f"{in_words(median, Unit.MINUTES)} – {_('%s min') % in_words(slow, Unit.MINUTES)}"
        drawn.append(Bar(str(TIMES[name]), (median.value or 0) / longest, says, (slow.value or 0) / longest))
        told.append(f"{TIMES[name]}: {says}")
    return _safe(bars("times", _("How long it took"), ". ".join(told), drawn))


def load_drawn(lines: Sequence[FigureRow]) -> SafeString:
    """What part of all asks went to the tenth who were asked most; "" where too few are there to say."""
    tenth = next(line.figure for line in lines if line.name == "most_asked_tenth")
    if tenth.value is None:
        return _safe("")
    says = in_words(tenth, Unit.PERCENT)
    line = Bar(_("the most asked tenth of people"), tenth.value / 100, says)
    return _safe(bars("load", _("How the load is shared"), f"{line.label}: {says}", [line]))


def in_file(line: FigureRow) -> list[str]:
    """A row of the CSV file, in codes: the same in every language."""
    value = {Shown.UNDER: "under 5", Shown.HELD: "held back"}.get(line.figure.shown, f"{line.figure.value}")
    return [line.group, line.of, line.name, line.unit, value, line.figure.shown]


IN_FILE = ["group", "of", "figure", "unit", "value", "shown"]


def plain_cell(text: str) -> str:
    """Never a formula for the program that opens the file."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def spoken(code: str) -> str | Promise:
    return words.SPOKEN.get(code, code)


def zone_name(zone: Zone) -> str:
    """Such as "60608", or "60608 +2" with two more."""
    more = len(zone.zips) - 1
    return f"{zone.code} +{more}" if more else zone.code


def legend() -> list[tuple[SafeString, str | Promise]]:
    return [(_safe(shape(key)), what) for key, what in STANDINGS.items()]


def week_grid(coverage: Coverage, area: Area) -> SafeString:
    """Hours down, days across, for one area."""
    rows = [
        (f"{hour:02}", [_cell(area.eligible[DAY * day + hour], coverage.needed) for day in range(7)])
        for hour in range(DAY)
    ]
    title = _("%(zone)s, hour by hour") % {"zone": zone_name(area.zone)}
    return _safe(
        grid("week", title, _told([area], coverage), [str(WEEKDAYS_ABBR[day]) for day in range(7)], rows)
    )


def area_grid(coverage: Coverage) -> SafeString:
    """Areas down, days across: the thinnest hour of each day."""
    rows = [
        (zone_name(area.zone), [_cell(lowest, coverage.needed) for lowest in _thinnest(area)])
        for area in coverage.areas
    ]
    title, days = (
        _("Each area: the hardest hour to cover, day by day"),
        [str(WEEKDAYS_ABBR[day]) for day in range(7)],
    )
    return _safe(grid("areas", title, _told(coverage.areas, coverage), days, rows))


def _thinnest(area: Area) -> list[int]:
    return [min(area.eligible[first : first + DAY]) for first in range(0, HOURS, DAY)]


def _cell(eligible: int, needed: int) -> HeatCell:
    return HeatCell(standing(eligible, needed), _short(eligible))


def _told(areas: Sequence[Area], coverage: Coverage) -> str:
    enough = sum(count >= coverage.needed for area in areas for count in area.eligible)
    hours = HOURS * len(areas)
    sentence = _(
        "%(n)d of %(hours)d hours have the %(needed)d people needed. The table below has each number."
    )
    return sentence % {"n": enough, "hours": hours, "needed": coverage.needed}


def week_table(area: Area) -> list[tuple[str, list[str]]]:
    return [
        (f"{hour:02}", [_short(area.eligible[DAY * day + hour]) for day in range(7)]) for hour in range(DAY)
    ]


def area_table(coverage: Coverage) -> list[tuple[str, list[str]]]:
    return [
        (", ".join(area.zone.zips), [_short(lowest) for lowest in _thinnest(area)]) for area in coverage.areas
    ]


def _short(eligible: int) -> str:
    return FEW if eligible < K else str(eligible)


def _number(eligible: int) -> str:
    return _("under 5") if eligible < K else str(eligible)


def worst(coverage: Coverage) -> list[str]:
    """The thinnest hours in sentences, the worst first."""
    return [_sentence(thin, coverage.needed) for thin in coverage.thin[:WORST]]


def _sentence(thin: Thin, needed: int) -> str:
    sentence = _("%(zone)s, %(when)s: %(eligible)s available, %(needed)d needed.")
    return sentence % {
        "zone": zone_name(thin.zone),
        "when": _when(thin),
        "eligible": _number(thin.lowest),
        "needed": needed,
    }


def _when(thin: Thin) -> str:
    if thin.hours == HOURS:
        return _("at any hour")
    end_day, end = divmod(thin.start + thin.hours, DAY)
    clock = {"start": f"{thin.start:02}:00", "end": f"{end:02}:00"}
    if end_day <= 1 and thin.hours <= DAY:
        days = _("every day") if len(thin.days) == 7 else ", ".join(str(WEEKDAYS[day]) for day in thin.days)
        return _("%(days)s from %(start)s to %(end)s") % {"days": days, **clock}
    first = thin.days[0]
    ends_on = WEEKDAYS[(first + end_day) % 7]
    sentence = _("%(first)s from %(start)s to %(last)s at %(end)s")
    return sentence % {"first": WEEKDAYS[first], "last": ends_on, **clock}


def map_of(zones: Sequence[Peopled]) -> SafeString:
    spots = [
        Spot(*zone.zone.at, zone.people.value or 0, _in_circle(zone.people), zone_name(zone.zone))
        for zone in zones
        if zone.zone.at
    ]
    told = ngettext(
        "%d zone, drawn at the middle of its ZIPs. The table below has the number of each.",
        "%d zones, each drawn at the middle of its ZIPs. The table below has the number of each.",
        len(spots),
    )
    return _safe(
        zone_map("zones", _("Where the network’s people are"), told % len(spots), spots, scale=_("%d mi"))
    )


def _in_circle(people: Figure) -> str:
    return FEW if people.value is None else f"{people.value:g}"


def _safe(svg: str) -> SafeString:
    return SafeString(svg)  # ElementTree has escaped every word in it


def zone_rows(zones: Sequence[Peopled]) -> list[tuple[str, list[str]]]:
    return [
        (
            ", ".join(zone.zone.zips),
            [in_words(n, Unit.COUNT) for n in (zone.people, zone.members, zone.responders)],
        )
        for zone in zones
    ]


def transparency_rows(told: Transparency) -> list[tuple[str, str]]:
    """What, and how many: fewer than five are told as that."""
    rows = (
        (_("Demands by law to tell what is kept of somebody"), told.asked),
        (_("Of them, agreed to by a second person"), told.allowed),
        (_("Of them, printed"), told.printed),
        (_("Requests under a hold, so that nothing of them is erased"), told.held),
        (_("People erased at their own wish"), told.erased),
    )
    return [(name, in_words(figure, Unit.COUNT)) for name, figure in rows]
