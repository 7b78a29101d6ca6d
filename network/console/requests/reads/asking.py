"""Why this person, in one sentence; and what the page about asking says of what was learned."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.console.requests import words
from network.console.requests.forms import Exempting
from network.console.shell import words as shared_words
from network.console.shell.reads.staff import staff_name
from network.dispatch.models import Exemption, Search
from network.dispatch.queries.reasons import Reasoned, Way, weighed
from network.dispatch.rules.chance import ASK_BANDS, KM_BANDS, Learned
from network.dispatch.rules.crowd import KM_IN_A_MILE
from network.dispatch.rules.fit import Refusal
from network.dispatch.rules.foretelling import (
    CHANCE_EDGES,
    ENOUGH_OFFERS,
    ENOUGH_YESES,
    FIFTHS,
    Band,
    Reliability,
    SilentWaves,
)
from network.privacy.keyring import open_keys
from network.reports.rules.small_counts import K
from network.support.models import SupportRequest
from network.support.queries import local

IN_THE_OPEN = 15
FOLDED = 300  # of a large network more would be a page too heavy for a phone


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One responder beside a request, in words. `way`: what a coordinator may do about them."""

    person_id: UUID
    name: str
    why: str
    refusal: str | Promise
    way: str  # one of dispatch.queries.reasons.Way, in small letters
    exempting: Exempting | None  # where a second person must agree


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who may be asked first, as the search ranks them; then whom a person may ask; then the others."""

    first: list[CandidateRow]
    rest: list[CandidateRow]
    left_off: int  # farther down than there is room for


def choice(support_request: SupportRequest, search: Search | None, *, now: datetime) -> Candidates:
    found = weighed(support_request, search, now=now)
    language = support_request.member.person.language
    spoken = shared_words.SPOKEN.get(language, language)
    shown = found[: IN_THE_OPEN + FOLDED]
    open_keys(candidate.person.key_id for candidate in shown)
    rows = [_row(candidate, spoken, now=now) for candidate in shown]
    return Candidates(rows[:IN_THE_OPEN], rows[IN_THE_OPEN:], len(found) - len(rows))


def _row(reasoned: Reasoned, spoken: str | Promise, *, now: datetime) -> CandidateRow:
    return CandidateRow(
        person_id=reasoned.person.pk,
        name=reasoned.person.name,
        why=sentence(reasoned, spoken, beside=reasoned.refusal, now=now),
        refusal=words.REFUSALS[reasoned.refusal] if reasoned.refusal else "",
        way=reasoned.way.name.lower(),
        exempting=Exempting.of(reasoned.person.pk) if reasoned.way is Way.BY_TWO else None,
    )


def sentence(
    reasoned: Reasoned, language: str | Promise, *, beside: Refusal | None = None, now: datetime
) -> str:
    """Such as: 2 mi away, speaks Spanish, said yes to 4 of 6, not asked since Tuesday.

    What the rule `beside` it says is not said twice.
    """
    found = reasoned.candidate
    parts = [_away(found.miles)]
    parts.append((_("speaks %s") if reasoned.speaks else _("does not speak %s")) % language)
    if found.standby:
        parts.append(_("said yes a moment ago, too late"))
    if reasoned.asked:
        parts.append(
            _("said yes to %(yes)d of %(asked)d") % {"yes": reasoned.said_yes, "asked": reasoned.asked}
        )
    parts.append(_last_asked(found.last_asked_at, found.asked_today, now=now))
    if found.probation and beside is not Refusal.PROBATION:
        parts.append(_("new"))
    if not found.on_hours and beside is not Refusal.HOURS:
        parts.append(_("outside their hours"))
    return ", ".join(parts)


def _away(miles: float | None) -> str:
    if miles is None:
        return _("place not known")
    return _("%d mi away") % round(miles) if miles >= 1 else _("less than 1 mi away")


def _last_asked(at: datetime | None, today: int, *, now: datetime) -> str:
    if at is None:
        return _("never asked yet")
    if today:
        return ngettext("asked %d time in 24 hours", "asked %d times in 24 hours", today) % today
    when = local(at)
    form = "l" if now - at < timedelta(days=6) else "SHORT_DATE_FORMAT"
    return _("not asked since %s") % date_format(when, form)


@dataclass(frozen=True, slots=True)
class Proposed:
    """An exception that one coordinator has proposed and a second must agree to."""

    exemption: Exemption
    by: str
    rule: str | Promise
    mine: bool  # who proposed it can't agree to it


def open_exemptions(request_id: UUID, *, staff_id: UUID) -> list[Proposed]:
    rows = Exemption.objects.filter(search__support_request=request_id, agreed_at=None)
    changes = list(rows.select_related("person", "proposed_by").order_by("proposed_at"))
    open_keys(key for change in changes for key in (change.person.key_id, change.proposed_by.key_id))
    return [
        Proposed(
            change,
            staff_name(change.proposed_by),
            words.REFUSALS[change.refusal],
            change.proposed_by_id == staff_id,
        )
        for change in changes
    ]


def exemption_of(request_id: UUID, exemption_id: UUID) -> Exemption:
    """One that is open, of this request. Raises Exemption.DoesNotExist."""
    return Exemption.objects.get(pk=exemption_id, search__support_request=request_id, agreed_at=None)


@dataclass(frozen=True, slots=True)
class Factor:
    """How much more often than others people say yes in this place; 1 changes nothing."""

    place: str
    times: float


def factors(learned: Learned) -> list[tuple[str, list[Factor]]]:
    """The learned table in words, a group for each thing that makes a yes likelier or rarer."""
    miles = [round(km / KM_IN_A_MILE) for km in KM_BANDS]
    groups = (
        ("d", _("Distance"), _bands(miles, _("under %s mi"), _("%(low)s to %(high)s mi"), _("over %s mi"))),
        ("v", _("Hours"), [_("outside their hours"), _("in their hours")]),
        (
            "a",
            _("Recent asks (each counts half as much for every day since)"),
            _bands(ASK_BANDS, _("under %s"), _("%(low)s to %(high)s"), _("over %s")),
        ),
        ("l", _("Language"), [_("does not speak the language"), _("speaks the language")]),
    )
    return [
        (title, [Factor(place, float(learned.factor(f"{name}{n}"))) for n, place in enumerate(places)])
        for name, title, places in groups
    ]


def _bands(edges: list[int] | tuple[float, ...], under: str, between: str, over: str) -> list[str]:
    inner = [between % {"low": low, "high": high} for low, high in pairwise(edges)]
    return [under % edges[0], *inner, over % edges[-1]]


@dataclass(frozen=True, slots=True)
class BandRow:
    """Figures of offers that were thought about equally likely."""

    band: str
    offers: str
    foretold: str
    came: str
    is_off: bool


@dataclass(frozen=True, slots=True)
class FifthRow:
    name: str
    share: str


@dataclass(frozen=True, slots=True)
class ReliabilityShown:
    doubts: list[str]
    enough: bool  # for a doubt to be possible
    bands: list[BandRow]
    fifths: list[FifthRow]
    silent: SilentWaves


def reliability_shown(reliability: Reliability) -> ReliabilityShown:
    """In words, with counts under K hidden: so few could be one person's habits."""
    yeses = sum(reliability.fifths.values())
    names = [_("the quickest"), _("quick"), _("in the middle"), _("slow"), _("the slowest")]
    shares = [
        f"{100 * reliability.fifths.get(n, 0) / yeses:.0f} %" if yeses >= ENOUGH_YESES else "–"
        for n in range(FIFTHS)
    ]
    return ReliabilityShown(
        doubts=[str(words.DOUBTS[doubt]) for doubt in reliability.doubts],
        enough=any(band.offers >= ENOUGH_OFFERS for band in reliability.bands.values()),
        bands=[_band_row(number, band) for number, band in sorted(reliability.bands.items())],
        fifths=[FifthRow(name, share) for name, share in zip(names, shares, strict=True)],
        silent=reliability.silent,
    )


def _band_row(number: int, band: Band) -> BandRow:
    low, high = (0.0, *CHANCE_EDGES)[number], (*CHANCE_EDGES, 1.0)[number]
    few = band.offers < K
    return BandRow(
        band=_("%(low)d to %(high)d %%") % {"low": round(100 * low), "high": round(100 * high)},
        offers=_("under %s") % K if few else str(band.offers),
        foretold="–" if few else number_format(band.foretold, 1),
        came="–" if few else str(band.came),
        is_off=band.is_off,
    )
