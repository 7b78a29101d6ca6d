"""What the rows say of how far a network is set up."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise

from network.console.shell.access import has_factors
from network.console.shell.setting_up.rules import (
    DONE_BY,
    OF_AN_ORGANIZATION,
    SetupFacts,
    SetupLine,
    standing,
)
from network.console.shell.setting_up.words import BY_OTHERS, THINGS, Told
from network.desk.queries import open_needs
from network.duty.queries import proven_phones
from network.enrollment.queries.visible import visible_to
from network.messaging.queries import last_webhook_at
from network.organizations.models import Organization, SettingUp
from network.people.models import Person
from network.reports.models import PastRequest
from network.staff.models import Staff
from network.staff.queries import coordinators
from network.staff.rules.access import Action, Scope, Who, scope_of
from network.support.models import Drill, SupportRequest
from network.support.queries import open_requests
from network.trust.models import FoundingClosed
from network.trust.queries import a_pair_is_left


@dataclass(frozen=True, slots=True)
class SetupRow:
    """One line with its words, and where this reader does it, or who else does."""

    line: SetupLine
    told: Told
    url: str
    others: str | Promise


def facts(who: Who) -> SetupFacts:
    """People are counted among those whom this reader may see."""
    row = SettingUp.objects.first()
    founding = FoundingClosed.objects.first()
    here = visible_to(who).filter(standing=Person.Standing.ACTIVE, suspended_at=None)
    with_keys = [staff for staff in coordinators() if has_factors(staff)]
    return SetupFacts(
        number_set=bool(settings.TWILIO_NUMBER),
        heard_at=last_webhook_at(),
        coordinators=len(with_keys),
        stewards=sum(staff.role == Staff.Role.STEWARD for staff in with_keys),
        pair=a_pair_is_left(),
        phones=len(proven_phones()),
        organizations=Organization.objects.in_good_standing().count(),
        volunteers=here.filter(responder__isnull=False).count(),
        members=here.filter(member__isnull=False).count(),
        trials=_trials(),
        backup_at=row.backup_at if row else None,
        founding_closed_at=founding.at if founding else None,
    )


def _trials() -> int:
    played = Drill.objects.filter(ended__in=(Drill.Ended.DONE, Drill.Ended.OVER))
    trials = played.count() + SupportRequest.objects.filter(drill=None, closed_at__isnull=False).count()
    return trials or PastRequest.objects.count()  # those that are erased by now


def rows(who: Who) -> list[SetupRow]:
    """The lines that this reader sees: a verifier, what concerns their own organization's people."""
    own = scope_of(who, Action.SEE_SETTING_UP) is Scope.OWN
    lines = [line for line in standing(facts(who)) if not own or line.thing in OF_AN_ORGANIZATION]
    return [_row(who, line) for line in lines]


def _row(who: Who, line: SetupLine) -> SetupRow:
    told, action = THINGS[line.thing], DONE_BY[line.thing]
    theirs = action is not None and scope_of(who, action) is not None
    path, _, place = told.link.partition("#")
    name, *arguments = path.split("/")
    url = reverse(name, args=arguments) + (f"#{place}" if place else "") if name and theirs else ""
    return SetupRow(line, told, url, "" if theirs else BY_OTHERS[action])


def is_hidden() -> bool:
    """Whether a steward has put the list away."""
    return SettingUp.objects.filter(hidden_at__isnull=False).exists()


@dataclass(frozen=True, slots=True)
class Progress:
    rows: list[SetupRow]
    done: int

    @property
    def over(self) -> bool:
        return self.done == len(self.rows)


def progress(who: Who) -> Progress:
    steps = rows(who)
    return Progress(steps, sum(row.line.done for row in steps))


def on_the_board(who: Who) -> Progress | None:
    """The list while something is missing and nobody waits: an open need or request comes first."""
    if is_hidden() or open_needs().exists() or open_requests().exists():
        return None
    found = progress(who)
    return None if found.over else found
