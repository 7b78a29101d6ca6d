"""An organization's own people as rows of the spreadsheets that the import reads."""

from collections import defaultdict
from collections.abc import Container, Iterator
from datetime import datetime
from uuid import UUID

from network.enrollment.models import Export
from network.enrollment.queries.claims import as_typed
from network.enrollment.queries.visible import people_of
from network.enrollment.rules.exports import phone, spreadsheet
from network.enrollment.spreadsheets import COLUMNS
from network.organizations.models import Organization
from network.people.models import Person
from network.people.rules.hours import write_hours
from network.privacy.keyring import opened
from network.trust.models import Vouch


def members_sheet(organization: Organization) -> tuple[bytes, int]:
    """The organization's members as a spreadsheet, and how many. It never has a duress word."""
    members = (person for person in _people(organization)[0] if _is_member(person, organization))
    rows = [_member(person, organization) for person in opened(members)]
    return spreadsheet(COLUMNS["members"], rows), len(rows)


def _people(organization: Organization) -> tuple[list[Person], Container[UUID]]:
    """People as its verifiers see them, in order of enrollment, and those that are shown as it typed them."""
    people = list(people_of(organization.pk).select_related("member", "responder"))
    typed = as_typed(people, organization.pk)
    shown = [person for person in people if person.standing != Person.Standing.REFUSED]
    return sorted(shown, key=lambda person: (person.enrolled_at, person.pk)), typed


def _is_member(person: Person, organization: Organization) -> bool:
    member = getattr(person, "member", None)
    return member is not None and member.organization_id == organization.pk


def _member(person: Person, organization: Organization) -> dict[str, object]:
    home = person.member
    return {
        "phone": phone(person.phone), "name": person.name, "language": person.language,
        "organization": organization.slug, "street": home.street, "unit": home.unit, "city": home.city,
        "state": home.state, "zip": home.zip, "consent_on": person.consent_on,
    }  # fmt: skip


def responders_sheet(organization: Organization, *, now: datetime) -> tuple[bytes, int]:
    """The people it vouches for now, with those kinds only, and how many. Never with a PIN, and nothing about
    who else vouches for them."""
    rows = list(_responders(organization, now=now))
    return spreadsheet(COLUMNS["responders"], rows), len(rows)


def _responders(organization: Organization, *, now: datetime) -> Iterator[dict[str, object]]:
    people, typed = _people(organization)
    kinds: dict[UUID, set[str]] = defaultdict(set)
    own = Vouch.objects.filter(organization=organization, withdrawn_at=None, ends_at__gt=now)
    for person_id, role, held in own.values_list("person", "role", "held"):
        if not held or person_id in typed:  # whoever typed them isn't shown that a vouch is held
            kinds[person_id].add(role)
    for person in opened(people):
        responder = getattr(person, "responder", None)
        vouched = sorted(kinds[person.pk] & set(responder.kinds)) if responder else []
        if responder and vouched:
            yield {
                "phone": phone(person.phone),
                "name": person.name,
                "languages": ";".join(person.languages),
                "organizations": organization.slug,
                "kinds": ";".join(vouched),
                "zip": responder.zip,
                "max_miles": responder.max_miles,
                "hours": write_hours(responder.hours),
                "clearance_until": responder.clearance_until,
                "bar_number": responder.bar_number,
                "bar_state": responder.bar_state,
                "wake_at_night": "yes" if responder.wake_at_night else "no",
                "consent_on": person.consent_on,
            }


def waiting_export(staff_id: UUID, *, now: datetime) -> Export | None:
    """The file that waits for this account, if any."""
    exports = Export.objects.filter(made_for=staff_id, sealed__isnull=False, ends_at__gt=now)
    return exports.select_related("organization").order_by("-made_at").first()
