"""An organisation's own people as rows of the spreadsheets that the import takes."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from network.people.imports import COLUMNS
from network.people.models import Export, Member, Organization, Person, Responder
from network.people.queries_trust import vouches_in_force
from network.people.rules import write_hours
from network.people.rules_exporting import phone, sheet

LEFT_ALONE = (Person.Standing.REFUSED, Person.Standing.PRACTICE)  # not them; or nobody


def members_sheet(organization: Organization) -> tuple[bytes, int]:
    """Its members, and how many. Never a duress word."""
    rows = list(_members(organization))
    return sheet(COLUMNS["members"], rows), len(rows)


def _members(organization: Organization) -> Iterator[dict[str, object]]:
    theirs = Member.objects.filter(organization=organization).exclude(person__standing__in=LEFT_ALONE)
    for one in theirs.select_related("person").order_by("person__enrolled_at", "pk"):
        person = one.person
        yield {
            "phone": phone(person.phone), "name": person.name, "language": person.language,
            "organization": organization.slug, "street": one.street, "unit": one.unit, "city": one.city,
            "state": one.state, "zip": one.zip, "consent_on": person.consent_on,
        }  # fmt: skip


def responders_sheet(organization: Organization, *, now: datetime) -> tuple[bytes, int]:
    """Whom it vouches for now, in the kinds for which it does, and how many. Never a PIN, and no word of
    who else vouches for them."""
    rows = list(_responders(organization, now=now))
    return sheet(COLUMNS["responders"], rows), len(rows)


def _responders(organization: Organization, *, now: datetime) -> Iterator[dict[str, object]]:
    kinds: dict[UUID, set[str]] = defaultdict(set)
    for vouch in vouches_in_force(now=now).filter(organization=organization):
        kinds[vouch.person_id].add(vouch.role)
    theirs = Responder.objects.filter(person__in=list(kinds)).exclude(person__standing__in=LEFT_ALONE)
    for one in theirs.select_related("person").order_by("person__enrolled_at", "pk"):
        person = one.person
        vouched = sorted(kinds[person.pk] & set(one.kinds))
        if vouched:
            yield {
                "phone": phone(person.phone), "name": person.name, "languages": ";".join(person.languages),
                "organizations": organization.slug, "kinds": ";".join(vouched), "zip": one.zip,
                "max_miles": one.max_miles, "hours": write_hours(one.hours),
                "clearance_until": one.clearance_until, "bar_number": one.bar_number,
                "bar_state": one.bar_state, "wake_at_night": "yes" if one.wake_at_night else "no",
                "consent_on": person.consent_on,
            }  # fmt: skip


def waiting_export(staff_id: UUID, *, now: datetime) -> Export | None:
    """The file that waits for this one, if any."""
    mine = Export.objects.filter(made_for=staff_id, sealed__isnull=False, ends_at__gt=now)
    return mine.select_related("organization").order_by("-made_at").first()
