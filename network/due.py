"""When each step of the engine is next wanted, read from the rows that it would find.

A moment may be named too early, never too late: then a step looks and finds nothing. All rows are asked in
one statement, whose words don't depend on the time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import (
    DateTimeField,
    Exists,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Greatest
from psycopg import ClientCursor

from network.audit.models import Block, Head, Line
from network.conversations.outreach.unanswered import CALL_AFTER, HALF_REQUEST, REMIND_AFTER
from network.conversations.queries import still_asked
from network.conversations.rules.context import STEPS, Question
from network.database.compiled import prepared
from network.desk.models import Claim, Heartbeat, Need, Tick
from network.desk.queries import strays
from network.desk.rules import ALIVE_FOR, CLAIM_LASTS, Reason
from network.dispatch.models import Learning, Offer, Search, Surge
from network.dispatch.rules.case import OfferState
from network.dispatch.rules.chance import SETTLES_IN
from network.duty.models import AlarmCall
from network.duty.queries import ringing_for_nothing
from network.duty.rules.alarm import CallState
from network.enrollment.models import Export
from network.enrollment.queries.phone_recheck import LOST
from network.enrollment.rules.phone_recheck import ANSWER_IN, CHECK_AFTER, GONE
from network.messaging.gateway import erasing as carriers_copies
from network.messaging.inbox import backfill
from network.messaging.models import Canary, Contact, Inbound, Outbound, Watch
from network.messaging.rules.states import InState, OutState
from network.messaging.texts.keys import Text
from network.organizations.models import Backups
from network.people.models import Member, Person
from network.privacy import runs
from network.privacy.models import ErasingRun, Key
from network.support.actions import TIME_SILENCE
from network.support.models import Drill, SupportRequest
from network.support.rules.requests import State
from network.support.rules.set_time import LAST_CALL
from network.trust.models import Proposal, Vouch
from network.trust.queries import trust_rules
from network.trust.rules.graph import LIMITS
from network.trust.rules.proposals import ProposalState
from network.visits.models import Visit
from network.visits.rules.confirm import LONG_BEFORE, SILENCE_LONG_BEFORE
from network.visits.rules.confirm import SILENCE as SILENCE_NEAR
from network.visits.rules.stages import CAME_SILENCE, LIVE, SILENCE, Stage

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
EARLIEST_REMINDER = timedelta(days=max(LIMITS["first_reminder_days"][1], LIMITS["last_reminder_days"][1]))


@dataclass(frozen=True, slots=True)
class Rows:
    """What waits in one table, and the moment of each row's turn."""

    rows: QuerySet[Any]
    at: Any  # an expression that gives a time
    by: str = ""  # a column whose index begins with the row whose moment is the first: only that one is read


type Owed = tuple[Rows, ...]
type Asked = tuple[tuple[str, Callable[[], Owed]], ...]


def earliest(owed: Asked) -> dict[str, datetime]:
    """The first moment of each name that has rows, by one statement."""
    found: dict[str, datetime] = {}
    connection.ensure_connection()
    statement = _statement(owed)
    # Planning it takes three times as long as running it, so each connection keeps the plan.
    with prepared() as cursor:
        cursor.execute(statement)
        for name, at in cursor.fetchall():
            found[name] = min(at, found.get(name, at))
    return found


@cache
def _statement(owed: Asked) -> str:
    parts = [_first(name, part) for name, rows in owed for part in rows()]
    words, values = parts[0].union(*parts[1:], all=True).query.sql_with_params()
    return ClientCursor(connection.connection).mogrify(words, values)


def _first(name: str, part: Rows) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = part.rows.annotate(step=Value(name))
    if part.by:
        found = found.annotate(moment=part.at).order_by(part.by)[:1]
    else:
        found = found.order_by().values("step").annotate(moment=Min(part.at))
        found = found.filter(moment__isnull=False)
    return found.values_list("step", "moment")


def texts_in() -> Owed:
    waiting = Inbound.objects.filter(state=InState.WAITING, contact__isnull=False)
    return (Rows(waiting, F("next_attempt_at")),)


def workers() -> Owed:
    """The next sign of life that would be missing; at once where one is, since that may be over."""
    rung = Need.objects.filter(reason=Reason.QUEUE_SILENT, closed_at=None)
    return (Rows(Tick.objects.all(), F("at") + ALIVE_FOR), Rows(rung, F("raised_at")))


def claims() -> Owed:
    return (Rows(Claim.objects.all(), F("seen_at") + CLAIM_LASTS), Rows(strays(), F("raised_at")))


def needs() -> Owed:
    return (Rows(Need.objects.filter(closed_at=None, claimed_by=None), F("raised_at")),)


def alarm_calls() -> Owed:
    waiting = AlarmCall.objects.exclude(state=CallState.OVER)
    return (Rows(waiting, F("look_at")), Rows(ringing_for_nothing(), F("made_at")))


def unvouched() -> Owed:
    out_there = Visit.objects.filter(person=OuterRef("pk"), stage__in=LIVE).exclude(
        stage=Stage.HELD, offer__starts_at__isnull=False
    )
    waiting = Person.objects.filter(~Exists(out_there), unvouched_at__isnull=False, suspended_at=None)
    return (Rows(waiting, F("unvouched_at")),)


def suspended() -> Owed:
    hanging = {"person__suspended_at__isnull": False}
    at = F("person__suspended_at")
    return (
        Rows(Offer.objects.filter(state=OfferState.OPEN, **hanging), at),
        Rows(Visit.objects.filter(stage__in=LIVE, **hanging), at),
    )


def moved() -> Owed:
    visits = Visit.objects.filter(
        stage__in=LIVE, began_at__lt=F("support_request__member__moved_at")
    ).exclude(stage=Stage.THERE)
    offers = Offer.objects.filter(
        state=OfferState.OPEN, asked_at__lt=F("search__support_request__member__moved_at")
    )
    return (
        Rows(visits, F("support_request__member__moved_at")),
        Rows(offers, F("search__support_request__member__moved_at")),
    )


def drills() -> Owed:
    plays = Exists(SupportRequest.objects.filter(drill=OuterRef("pk")).exclude(state=State.CLOSED))
    return (
        Rows(Drill.objects.filter(ended_at=None), F("ends_at")),
        Rows(Drill.objects.filter(ended_at=None), F("wanted_at")),
        Rows(Drill.objects.filter(~plays, ended_at=None), F("started_at")),
        Rows(Drill.objects.filter(plays, ended_at__isnull=False), F("ended_at")),
    )


def proposals() -> Owed:
    return (Rows(Proposal.objects.filter(state=ProposalState.OPEN), F("ends_at")),)


def exports() -> Owed:
    return (Rows(Export.objects.filter(sealed__isnull=False), F("ends_at")),)


def texts_not_delivered() -> Owed:
    lost = Outbound.objects.filter(state__in=(OutState.REFUSED, OutState.UNDELIVERED), loss_acted_on_at=None)
    return (Rows(lost, Coalesce("final_at", "owed_at")),)


def offers() -> Owed:
    return (Rows(Offer.objects.filter(state=OfferState.OPEN), F("open_until")),)


def holds() -> Owed:
    return (Rows(Offer.objects.filter(holding=True), F("holds_until")),)


def answers() -> Owed:
    unsettled = Offer.objects.filter(settled_at=None)
    return (
        Rows(unsettled, Coalesce("answered_at", "late_yes_at", F("asked_at") + SETTLES_IN)),
        Rows(unsettled.filter(state=OfferState.UNDELIVERABLE), F("asked_at")),
    )


def surges() -> Owed:
    return (Rows(Surge.objects.filter(ended_at=None), F("ends_at")),)


def last_calls() -> Owed:
    near = Search.objects.filter(last_call_at=None, support_request__state=State.SEARCHING)
    return (Rows(near, F("support_request__starts_at") - LAST_CALL),)


def searches() -> Owed:
    return (Rows(Search.objects.all(), F("due_at")),)


def promises() -> Owed:
    waiting = Search.objects.filter(
        answered_at=None,
        support_request__state__in=(State.SEARCHING, State.STOPPED),
        support_request__duress=False,
    )
    return (Rows(waiting, F("answer_by")),)


def confirmations() -> Owed:
    return (Rows(Visit.objects.filter(stage=Stage.HELD), F("confirm_at")),)


def not_there() -> Owed:
    unasked = Visit.objects.filter(asked_at=None)
    return (
        Rows(unasked.filter(stage=Stage.GOING), F("there_by")),
        Rows(unasked.filter(stage=Stage.THERE), F("done_by")),
    )


def silent() -> Owed:
    asked = SupportRequest.objects.filter(came_answered_at=None, came_flagged_at=None)
    return (
        Rows(Visit.objects.filter(stage__in=LIVE, flagged_at=None), F("asked_at") + SILENCE),
        Rows(asked.exclude(state=State.CLOSED), F("came_asked_at") + CAME_SILENCE),
    )


def times() -> Owed:
    asked = SupportRequest.objects.filter(time_flagged_at=None).exclude(state=State.CLOSED)
    return (Rows(asked, F("time_asked_at") + TIME_SILENCE),)


def half_requests() -> Owed:
    asked = still_asked().filter(question__in=STEPS, called_at=None)
    return (
        Rows(asked.filter(flagged_at=None), F("asked_at") + HALF_REQUEST),
        Rows(asked, F("asked_at") + CALL_AFTER),
    )


def invitations() -> Owed:
    asked = still_asked().filter(question=Question.JOIN, called_at=None)
    return (
        Rows(asked.filter(flagged_at=None), F("asked_at") + REMIND_AFTER),
        Rows(asked.filter(flagged_at__isnull=False), Greatest("asked_at", "flagged_at") + REMIND_AFTER),
    )


def phones() -> Owed:
    """Of members: one that wrote since it was asked, the end of the asking, ones lost, and long silence.

    Of the last only the earliest moment that could be: `silence` knows who has written since.
    """
    members = Member.objects.filter(person__standing=Person.Standing.ACTIVE, frozen_at=None)
    asked = members.filter(phone_asked_at__isnull=False)
    its = Contact.objects.filter(fingerprint=OuterRef("person__fingerprint"))
    heard = its.filter(last_in_at__gt=OuterRef("phone_asked_at"))
    failed = Outbound.objects.filter(
        contact__fingerprint=OuterRef("person__fingerprint"),
        text=Text.STILL_YOU,
        state__in=LOST,
        owed_at=OuterRef("phone_asked_at"),
    )
    lost = Need.objects.filter(reason=Reason.REFUSED_SEND, person_id=OuterRef("person"))
    unasked = Member.objects.filter(frozen_at=None, phone_asked_at=None)
    return (
        Rows(asked.filter(Exists(heard)), F("phone_asked_at")),
        Rows(asked, F("phone_asked_at") + ANSWER_IN),
        Rows(asked.filter(Exists(failed)), F("phone_asked_at")),
        Rows(members.filter(Exists(its.filter(unreachable_code__in=GONE))), F("attested_at")),
        Rows(members.filter(Exists(lost)), F("attested_at")),
        Rows(unasked, F("attested_at") + CHECK_AFTER, by="attested_at"),
    )


def silence(now: datetime) -> datetime | None:
    """The next moment of `phones`, with who has written since their home was attested."""
    owed = phones()
    its = Contact.objects.filter(fingerprint=OuterRef("person__fingerprint"))
    lately = its.filter(last_in_at__gt=OuterRef("attested_at"))
    last = lately.order_by("-last_in_at").values("last_in_at")[:1]
    members = Member.objects.filter(
        person__standing=Person.Standing.ACTIVE, frozen_at=None, phone_asked_at=None
    )
    exact = Rows(members, Coalesce(Subquery(last), F("attested_at")) + CHECK_AFTER)
    moments = [_first("", part).values_list("moment", flat=True).first() for part in (*owed[:-1], exact)]
    return min((at for at in moments if at), default=None)


def texts_out_late() -> Owed:
    return (Rows(Outbound.objects.filter(state=OutState.OWED), F("expires_at")),)


def texts_out() -> Owed:
    held = Outbound.objects.filter(state__in=(OutState.SENDING, OutState.UNKNOWN))
    return (
        Rows(Outbound.objects.filter(state=OutState.OWED), F("not_before")),
        Rows(held, F("leased_until")),
    )


def at_the_carrier() -> Owed:
    """Receipts to be asked for, pictures to fetch, words to erase."""
    texts_in, texts_out = Inbound.objects.all(), Outbound.objects.exclude(sid="")
    return (
        Rows(Outbound.objects.filter(state=OutState.SENT, ask_at__isnull=False), F("ask_at")),
        Rows(texts_in.filter(media_due_at__isnull=False), F("media_due_at")),
        Rows(
            texts_in.filter(media_due_at=None, erase_at__isnull=False), F("erase_at") + carriers_copies.AFTER
        ),
        Rows(texts_out.filter(erase_at__isnull=False), F("erase_at") + carriers_copies.AFTER),
    )


def backups() -> Owed:
    """The night's. Whether a folder was set is seen in the round of all steps, once a minute."""
    return (Rows(Backups.objects.all(), F("next_at")),)


def canary() -> Owed:
    """The next text to ourselves, or the moment at which the last one is lost."""
    return (Rows(Canary.objects.all(), F("next_at")), Rows(Canary.objects.all(), F("lost_at")))


def heartbeat() -> Owed:
    return (Rows(Heartbeat.objects.all(), F("next_at")),)


def the_carriers_list() -> Owed:
    """When the carrier's list is read next: at once after a gap, but not right after it could not be read."""
    gap = Q(read_at=None) | Q(read_at__lt=F("wanted_at"))
    tried = F("tried_at") + backfill.AGAIN
    return (
        Rows(Watch.objects.filter(gap), Coalesce(tried, "wanted_at", Value(LONG_AGO))),
        Rows(Watch.objects.exclude(gap), Greatest(F("read_at") + backfill.EVERY, tried)),
    )


def the_line() -> Owed:
    """When the line counts as silent; at once where the board says so, since that may be over."""
    rung = Need.objects.filter(reason=Reason.CARRIER_SILENT, about=str(backfill.LIST), closed_at=None)
    tried = Watch.objects.filter(tried_at__isnull=False)
    heard = Greatest("read_at", Coalesce("wanted_at", "tried_at"))
    return (Rows(tried, heard + backfill.SILENT), Rows(rung, F("raised_at")))


def unconfirmed() -> Owed:
    asked = Visit.objects.filter(stage=Stage.HELD, confirm_asked_at__isnull=False)
    long_before = Q(offer__starts_at__gte=F("confirm_asked_at") + LONG_BEFORE)
    return (
        Rows(asked.filter(long_before), F("confirm_asked_at") + SILENCE_LONG_BEFORE),
        Rows(asked.exclude(long_before), F("confirm_asked_at") + SILENCE_NEAR),
    )


class Midnight(Func):
    """The first moment of a date, some days on, by the clock of a time zone."""

    template = "(%(expressions)s)"
    arg_joiner = " + "
    output_field = DateTimeField()

    def __init__(self, date: str, *, days: int, zone: str) -> None:
        super().__init__(F(date), Value(days, output_field=IntegerField()))
        self.template = f"((%(expressions)s)::timestamp AT TIME ZONE '{zone}')"


def forgetting() -> Owed:
    """The midnight after the last night's work."""
    return (Rows(Learning.objects.all(), Midnight("decayed_on", days=1, zone=settings.TIME_ZONE)),)


def strangers() -> Owed:
    """What was sealed under a day's key goes when the day after is over, or no longer waits."""
    over = Greatest(Midnight("day", days=2, zone="UTC"), F("kept_until"))
    return (Rows(Key.objects.filter(day__isnull=False), over),)


def unsealed() -> Owed:
    """Lines of the history that are in no block yet."""
    last = Block.objects.order_by("-number").values("up_to")[:1]
    beyond = Line.objects.filter(pk__gt=Coalesce(Subquery(last), 0))
    return (Rows(beyond, F("at"), by="pk"),)


def heads() -> Owed:
    return (Rows(Head.objects.all(), F("next_at")),)


def erasing() -> Owed:
    """When the last round of erasing goes on, or the next one begins."""
    return (Rows(ErasingRun.objects.all(), F("next_at"), by="-started_at"),)


def stopped_erasing() -> Owed:
    """A day after the last finished round, or after the first that began; at once where it was told."""
    finished = ErasingRun.objects.filter(finished_at__isnull=False)
    rung = Need.objects.filter(reason=Reason.ERASING_STOPPED, closed_at=None)
    none = ~Exists(finished)
    return (
        Rows(finished, F("finished_at") + runs.STOPPED_AFTER, by="-started_at"),
        Rows(ErasingRun.objects.filter(none), F("started_at") + runs.STOPPED_AFTER),
        Rows(rung, F("raised_at")),
    )


def _vouches() -> QuerySet[Vouch]:
    """Of organizations that stand, as long as they aren't withdrawn."""
    return Vouch.objects.filter(
        withdrawn_at=None, organization__admitted_at__isnull=False, organization__suspended_at=None
    )


def vouches() -> Owed:
    return (Rows(_vouches(), F("ends_at") - EARLIEST_REMINDER, by="ends_at"),)


def renewals(now: datetime) -> datetime | None:
    """When an organization hears next that vouches of its end: early, and once more when it is late."""
    running = _vouches().filter(ends_at__gt=now)
    rules = trust_rules()
    early, late = sorted((rules.first_reminder_days, rules.last_reminder_days), reverse=True)
    unsaid = running.filter(reminded_at=None).aggregate(at=Min("ends_at"))["at"]
    again = running.filter(reminded_at__lt=F("ends_at") - timedelta(days=late)).aggregate(at=Min("ends_at"))
    moments = [at - timedelta(days=days) for at, days in ((unsaid, early), (again["at"], late)) if at]
    return min(moments, default=None)
