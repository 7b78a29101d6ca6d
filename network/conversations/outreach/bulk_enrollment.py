"""An organization's own people from a spreadsheet: each row is entered as the form would enter it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from network.audit.actions import record
from network.audit.rules import staff
from network.conversations.outreach.enrollment import enroll_and_tell
from network.conversations.rules.duress import is_everyday
from network.enrollment.actions.enroll import ConsentAsked, HereAlready
from network.enrollment.queries.facts import facts_for
from network.enrollment.rules.consent import CURRENT
from network.enrollment.rules.entries import NetworkFacts, NewMember, NewResponder
from network.enrollment.rules.forms import read_member, read_responder
from network.enrollment.spreadsheets import Report, SheetRefused, SheetRow, read_rows
from network.organizations.models import Organization

type OwnSheet = Literal["members", "responders"]
MOST = 100  # rows: all are written in one transaction, which holds the graph of vouches
SECRETS = ("pin", "duress_word")  # set in private, by the person
COLUMN = {"members": "organization", "responders": "organizations"}


class _OnlyALook(Exception):
    """Roll everything back."""


def load_own(
    sheet: OwnSheet, content: bytes, *, organization_id: UUID, staff_id: UUID, dry_run: bool, now: datetime
) -> Report:
    """Take a whole file, or none of it. Raises SheetRefused with every problem.

    It vouches for nobody: a verifier meets each person. A date of consent means that they were read the
    current form, and their phone gets the form's one text. Anyone who is already here, in this organization
    or in another that it doesn't know of, is answered as on the form.
    """
    own = Organization.objects.get(pk=organization_id)
    report = Report()
    rows = read_rows(sheet, content, report)
    if len(rows) > MOST:
        raise SheetRefused([_("the file has more than {n} rows: split it").format(n=MOST)])
    facts = facts_for([row.get("zip") for row in rows], is_everyday=is_everyday, today=now.date())
    entries = [_entry(row, sheet, own, facts) for row in rows]
    if rows and rows[0].problems:
        raise SheetRefused(rows[0].problems)
    try:
        with transaction.atomic():
            for entry in entries:
                _enter(entry, report, own, staff_id=staff_id, now=now)
            if dry_run:
                raise _OnlyALook
            record(
                "people.entered_by_sheet",
                f"organization:{own.pk}",
                by=staff(staff_id),
                now=now,
                subject=own.pk,
                added=report.added,
            )
    except _OnlyALook:
        pass
    return report


def _entry(
    row: SheetRow, sheet: OwnSheet, own: Organization, facts: NetworkFacts
) -> NewMember | NewResponder:
    if row.many(COLUMN[sheet]) != [own.slug]:
        row.bad(COLUMN[sheet], _("names another organization: write {slug}").format(slug=own.slug))
    for column in SECRETS:
        if row.get(column):
            row.bad(column, _("is set in private, by the person: leave it empty"))
    cells = {name: value for name, value in row.cells.items() if name not in SECRETS}
    return (
        row.take(read_member(cells, facts)) if sheet == "members" else row.take(read_responder(cells, facts))
    )


def _enter(
    entry: NewMember | NewResponder, report: Report, own: Organization, *, staff_id: UUID, now: datetime
) -> None:
    someone = entry.person
    ours = settings.NETWORK_LANGUAGES  # the words of consent are in these
    language = next((language for language in someone.languages if language in ours), ours[0])
    asked = ConsentAsked(CURRENT, language) if someone.consent_on else None
    try:
        enroll_and_tell(
            entry, organization_id=own.pk, asked=asked, met_in_person=False, staff_id=staff_id, now=now
        )
    except HereAlready:
        report.same += 1
    else:
        report.added += 1
