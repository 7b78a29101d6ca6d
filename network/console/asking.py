"""Why this person, in one sentence; and what the page about asking shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.console import words
from network.dispatch.models import Exemption
from network.dispatch.queries import Reasoned, candidates_with_reasons, local
from network.dispatch.rules_fit import EXCUSED_BY_HAND, EXCUSED_BY_TWO, SOFT, Refusal

BY_HAND = EXCUSED_BY_HAND | {why for _width, why, _rule in SOFT}


@dataclass(frozen=True, slots=True)
class Row:
    """One responder beside a request, in words. `ask` says what a coordinator may do about them."""

    person_id: UUID
    name: str
    why: str
    refusal: str | Promise
    ask: str  # "ask", "anyway", "two" or nothing


def rows(request_id: UUID, language: str, *, now: datetime) -> list[Row]:
    """Everybody, as the search ranks them: who may be asked first."""
    spoken = words.SPOKEN.get(language, language)
    return [
        Row(
            one.person.pk, one.person.name, sentence(one, spoken, now=now),
            words.REFUSALS[one.refusal] if one.refusal else "", _may(one.refusal),
        )
        for one in candidates_with_reasons(request_id, now=now)
    ]  # fmt: skip


def _may(refusal: Refusal | None) -> str:
    if refusal is None:
        return "ask"
    if refusal in EXCUSED_BY_TWO:
        return "two"
    return "anyway" if refusal in BY_HAND else ""


def sentence(one: Reasoned, language: str | Promise, *, now: datetime) -> str:
    """Such as: 2 mi away, speaks Spanish, said yes to 4 of 6, not asked since Tuesday."""
    found = one.candidate
    parts = [_("place not known") if found.miles is None else _("%d mi away") % round(found.miles)]
    parts.append((_("speaks %s") if one.speaks else _("does not speak %s")) % language)
    if found.standby:
        parts.append(_("said yes a moment ago, too late"))
    if one.asked:
        parts.append(_("said yes to %(yes)d of %(asked)d") % {"yes": one.said_yes, "asked": one.asked})
    parts.append(_last_asked(found.last_asked_at, found.asked_today, now=now))
    if not found.on_hours:
        parts.append(_("outside their hours"))
    return ", ".join(parts)


def _last_asked(at: datetime | None, today: int, *, now: datetime) -> str:
    if at is None:
        return _("never asked yet")
    if today:
        return ngettext("asked %d time in 24 hours", "asked %d times in 24 hours", today) % today
    when = local(at)
    form = "l" if now - at < timedelta(days=6) else "SHORT_DATE_FORMAT"
    return _("not asked since %s") % date_format(when, form)


def open_exemptions(request_id: UUID) -> list[tuple[Exemption, str | Promise]]:
    """What one coordinator has proposed and a second must agree to."""
    found = Exemption.objects.filter(search__support_request=request_id, agreed_at=None)
    chosen = found.select_related("person", "proposed_by").order_by("proposed_at")
    return [(one, words.REFUSALS[one.refusal]) for one in chosen]
