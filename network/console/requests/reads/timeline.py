"""History in words: whose names a reader may see stand in it, by day, the newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format

from network.audit.models import Entry
from network.audit.queries import lines_that_name
from network.console.requests import timeline_words, words
from network.console.requests.undo import UNDO_FOR, Past, undoable
from network.console.shell import words as shared_words
from network.console.shell.paging import PageOfRows, page_of
from network.console.shell.reads.staff import staff_name
from network.console.shell.trust_words import PROPOSALS
from network.desk.actions import is_reopenable
from network.desk.models import Need
from network.dispatch.models import Exemption, Offer
from network.dispatch.rules.case import Width
from network.enrollment.queries.visible import visible_to
from network.people.models import Person
from network.privacy.keyring import open_keys
from network.staff.queries import staff_visible_to
from network.staff.rules.access import Who
from network.support.models import SupportRequest
from network.support.queries import local
from network.visits.actions.closing import is_resumable
from network.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Undo:
    """A button that exists already, for a few minutes beside the line that it undoes."""

    url: str
    fields: dict[str, str]
    until: datetime


@dataclass(frozen=True, slots=True)
class TimelineLine:
    at: datetime
    sentence: str
    code: str
    about: str
    actor: str
    number: int | None  # of the request
    undo: Undo | None = None


@dataclass(frozen=True, slots=True)
class TimelineDay:
    day: date
    lines: list[TimelineLine]


def of_request(support_request: SupportRequest, who: Who, *, show: str, now: datetime) -> list[TimelineDay]:
    """One request's last 100 lines, with those of its needs."""
    needs = Need.objects.filter(request_id=support_request.pk).values_list("pk", flat=True)
    about_this = Q(request_id=support_request.pk) | Q(about__in=[f"need:{need}" for need in needs])
    entries = list(_only(lines_that_name(about_this), show)[:100])
    return _days(
        entries,
        who,
        _undos(entries, support_request, who, now=now),
        quiet=support_request.duress or not support_request.member.person.safe_to_call,
    )


def of_person(person: Person, who: Who, *, show: str) -> list[TimelineDay]:
    """The last 100 lines that name somebody, themselves or by an offer or a visit of theirs."""
    theirs = [
        *(f"offer:{pk}" for pk in Offer.objects.filter(person=person).values_list("pk", flat=True)),
        *(f"visit:{pk}" for pk in Visit.objects.filter(person=person).values_list("pk", flat=True)),
    ]
    about_them = Q(person_id=person.pk) | Q(about__in=[f"person:{person.pk}", *theirs])
    entries = list(_only(lines_that_name(about_them), show)[:100])
    return _days(entries, who, {}, quiet=True)


AT_ONCE = 100  # of the network's lines


def of_all(who: Who, *, show: str, number: int) -> tuple[list[TimelineDay], PageOfRows[Entry]]:
    """The network's lines, the last ones first, a page of them."""
    page = page_of(_only(Entry.objects.all(), show), number, at_once=AT_ONCE, kept=f"show={show}&")
    return _days(page.rows, who, {}), page


def chosen(asked: str) -> str:
    return asked if asked in timeline_words.SHOWS else "everything"


def _only(entries: QuerySet[Entry], show: str) -> QuerySet[Entry]:
    some = Q()
    for beginning in timeline_words.OF.get(show, ()):
        some |= Q(action__startswith=beginning)
    return entries.filter(some).order_by("-at", "-pk")


def _days(
    entries: Sequence[Entry], who: Who, undos: dict[int, Undo], *, quiet: bool = False
) -> list[TimelineDay]:
    known = _Known.of(entries, who, quiet=quiet)
    lines = [
        TimelineLine(
            entry.at,
            sentence(entry, known),
            entry.action,
            entry.about,
            entry.actor,
            known.numbers.get(entry.request_id),
            undos.get(entry.pk),
        )
        for entry in entries
    ]
    return [TimelineDay(day, list(some)) for day, some in groupby(lines, lambda line: local(line.at).date())]


def sentence(entry: Entry, known: "_Known") -> str:
    """A line in words; a code that has none stands for itself."""
    code = entry.action
    if code == "request.time" and not entry.detail.get("starts_at"):
        code = "request.time.none"
    template = timeline_words.SENTENCES.get(code)
    if template is None:
        return code
    told = str(template) % _Values(known.values(entry))
    return told[:1].upper() + told[1:]


class _Values(dict[str, str]):
    """What a line of an older version doesn't have is left open."""

    def __missing__(self, name: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class _Known:
    """What the ids in some lines stand for, as far as the reader may know."""

    staff: dict[UUID, str]
    people: dict[UUID, str]
    whose: dict[str, UUID]  # which person an offer, a visit or a proposal is about
    reasons: dict[str, str]
    members: dict[UUID | None, UUID]  # whose request it is
    numbers: dict[UUID | None, int]
    quiet: bool  # then no reason suggests a call

    @classmethod
    def of(cls, entries: Sequence[Entry], who: Who, *, quiet: bool) -> "_Known":
        about: dict[str, set[UUID]] = {}
        for entry in entries:
            for what in (entry.actor, entry.about, f"person:{entry.detail.get('person')}"):
                kind, _, id = what.partition(":")
                if (known := _uuid(id)) is not None:
                    about.setdefault(kind, set()).add(known)
            if staff := _uuid(str(entry.detail.get("staff", ""))):
                about.setdefault("staff", set()).add(staff)
        rows: dict[str, QuerySet[Any]] = {
            "offer": Offer.objects.all(),
            "visit": Visit.objects.all(),
            "exemption": Exemption.objects.all(),
        }
        whose = {
            f"{kind}:{pk}": person
            for kind, found in rows.items()
            for pk, person in found.filter(pk__in=about.get(kind, ())).values_list("pk", "person")
        }
        requests = SupportRequest.objects.filter(pk__in={e.request_id for e in entries if e.request_id})
        asked = list(requests.values_list("pk", "number", "member__person"))
        persons = about.get("person", set()) | set(whose.values())
        members = list(staff_visible_to(who).filter(pk__in=about.get("staff", ())))
        people = list(visible_to(who).filter(pk__in=persons))
        open_keys([*(row.key_id for row in members), *(row.key_id for row in people)])
        return cls(
            staff={s.pk: staff_name(s) for s in members},
            people={p.pk: p.name for p in people},
            whose=whose,
            reasons={
                f"need:{pk}": str(shared_words.reason(reason, quiet=quiet))
                for pk, reason in Need.objects.filter(pk__in=about.get("need", ())).values_list(
                    "pk", "reason"
                )
            },
            members={pk: person for pk, _, person in asked},
            numbers={pk: number for pk, number, _ in asked},
            quiet=quiet,
        )

    def values(self, entry: Entry) -> dict[str, str]:
        detail = {name: str(value) for name, value in entry.detail.items()}
        told = detail | {
            "who": self._who(entry),
            "person": self._person(entry),
            "staff": self._staff(entry),
            "reason": self._reason(entry),
        }
        for name, table in (("kind", shared_words.KINDS), ("refusal", words.REFUSALS), ("what", PROPOSALS)):
            if name in detail:
                told[name] = str(table.get(detail[name], detail[name]))
        if detail.get("width", "").upper() in Width.__members__:
            told["width"] = str(words.WIDTHS.get(Width[detail["width"].upper()], detail["width"]))
        if detail.get("seconds", "").isdecimal():
            told["length"] = "{}:{:02}".format(*divmod(int(detail["seconds"]), 60))
        if entry.detail.get("starts_at"):
            told["when"] = _when(datetime.fromisoformat(detail["starts_at"]))
        return told

    def _who(self, entry: Entry) -> str:
        kind, _, id = entry.actor.partition(":")
        who = _uuid(id)
        if kind == "person" and who and self.members.get(entry.request_id) == who:
            return str(timeline_words.MEMBERS_TEXT)
        names = {"staff": self.staff, "person": self.people}.get(kind, {})
        return (names.get(who) if who else None) or str(timeline_words.ACTORS.get(kind, kind))

    def _person(self, entry: Entry) -> str:
        found = _uuid(str(entry.detail.get("person", ""))) or self.whose.get(entry.about)
        for what in (entry.about, entry.actor):
            if found is None and what.startswith("person:"):
                found = _uuid(what.partition(":")[2])
        if found and self.members.get(entry.request_id) == found:
            return str(timeline_words.THE_MEMBER)
        return (self.people.get(found) if found else None) or str(timeline_words.SOMEBODY)

    def _staff(self, entry: Entry) -> str:
        kind, _, id = entry.about.partition(":")
        found = _uuid(str(entry.detail.get("staff", ""))) or (_uuid(id) if kind == "staff" else None)
        return (self.staff.get(found) if found else None) or str(timeline_words.ACTORS["staff"])

    def _reason(self, entry: Entry) -> str:
        code = entry.detail.get("reason")
        if code:
            return str(shared_words.reason(str(code), quiet=self.quiet))
        return self.reasons.get(entry.about, str(timeline_words.SOMETHING))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _when(at: datetime) -> str:
    return date_format(local(at), "D j M, H:i T")


def _undos(
    entries: Sequence[Entry], support_request: SupportRequest, who: Who, *, now: datetime
) -> dict[int, Undo]:
    past = [
        Past(e.pk, e.action, e.about, e.at, e.actor.startswith("staff:"), e.actor == f"staff:{who.id}")
        for e in entries
    ]
    number, recent = support_request.number, [p for p in past if now - p.at < UNDO_FOR]
    found = {}
    standing = _standing(recent, who, now=now)
    if support_request.closed_at and is_resumable(support_request, now=now):
        standing.add(f"request:{support_request.pk}")
    for line, act in undoable(past, standing, now=now).items():
        (about, at) = next((e.about, e.at) for e in entries if e.pk == line)
        kind, _, id = about.partition(":")
        fields = {"back": reverse("request", args=[number])} if kind == "need" else {}
        if kind == "exemption":
            fields["exemption"] = id
        url = (
            reverse("need", args=[id, act]) if kind == "need" else reverse("request_act", args=[number, act])
        )
        found[line] = Undo(url, fields, at + UNDO_FOR)
    return found


def _standing(recent: Iterable[Past], who: Who, *, now: datetime) -> set[str]:
    """Of what was just done, what is still so."""
    abouts = {p.about for p in recent}
    ids = {a: found for a in abouts if (found := _uuid(a.partition(":")[2]))}
    needs = [found for about, found in ids.items() if about.startswith("need:")]
    exemptions = [found for about, found in ids.items() if about.startswith("exemption:")]
    open_ones = Exemption.objects.filter(pk__in=exemptions, agreed_at=None)
    still = set(open_ones.values_list("pk", flat=True))
    taken = Q(claimed_by=who.id, closed_at=None)
    done = Q(how="done", closed_at__isnull=False)
    for need in Need.objects.filter(taken | done, pk__in=needs):
        if need.closed_at is None or is_reopenable(need, now=now):
            still.add(need.pk)
    return {about for about, found in ids.items() if found in still}
