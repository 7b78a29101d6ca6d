"""Doing what a responder's text asks: about an offer, a visit, or their rest."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from network.conversations.handling.message_context import Handling
from network.conversations.rules import commands as c
from network.conversations.rules.replies import TextOutcome
from network.desk.actions import raise_need, settle
from network.desk.rules import About, Reason
from network.dispatch.actions import answering, by_hand
from network.dispatch.models import Offer
from network.people.actions import persons
from network.support.queries import when
from network.visits.actions import acceptance, leaving, set_time, steps
from network.visits.models import Visit
from network.visits.queries import first_name, last_fine_question, live_of_person, promised, to_confirm
from network.visits.rules.stages import StepNotPossible

UNTIL_ON = timedelta(days=3650)


def about_offer(command: c.Accept | c.Decline | c.LateCode, turn: Handling) -> TextOutcome:
    """A yes, a no, or a code that is no longer open."""
    turn.drill = Offer.objects.filter(pk__in=[command.offer], drill=True).exists()
    match command:
        case c.Accept(offer, said, minutes):
            return _accept(turn, c.Accept(offer, said, minutes))
        case c.Decline(offer):
            answering.decline(offer, by=turn.by, now=turn.now)
            return TextOutcome.THANKS_NOT_NOW
        case c.LateCode(None):
            turn.flag(Reason.UNCLEAR_TEXT)
            return TextOutcome.LATE_CODE
        case c.LateCode(offer):
            assert offer is not None
            return _accept(turn, c.Accept(offer, "", None))


def _accept(turn: Handling, command: c.Accept) -> TextOutcome:
    """A yes by code, in time or late. Dispatch decides, under the request's lock."""
    try:
        acceptance.accept(command.offer, said=command.said, minutes=command.minutes, by=turn.by, now=turn.now)
    except answering.TooLate:
        instead = answering.late_yes(command.offer, by=turn.by, now=turn.now)
        return TextOutcome.SILENT if instead else TextOutcome.TOO_LATE
    except answering.TooOld:
        if turn.drill:
            return TextOutcome.TOO_LATE
        offer = Offer.objects.select_related("search").get(pk=command.offer)
        raise_need(
            Reason.LATE_YES,
            about=About("offer", str(offer.pk)),
            now=turn.now,
            by=turn.by,
            request_id=offer.search.support_request_id,
            person_id=turn.person.pk,
        )
        return TextOutcome.TOO_OLD
    except by_hand.NotFit:
        if turn.drill:
            return TextOutcome.TOO_LATE
        turn.flag(Reason.LATE_YES)
        return TextOutcome.TOO_OLD
    return TextOutcome.SILENT  # the acceptance tells both sides itself


def about_visit(
    command: c.Arrived | c.Finished | c.GiveUp | c.VisitorNeedsPerson, turn: Handling
) -> TextOutcome:
    """There, done, can't go, or a person please, about the visit that they are on now."""
    visit = live_of_person(turn.person.pk)
    if visit is None:
        turn.flag(Reason.UNCLEAR_TEXT)
        return TextOutcome.NOT_UNDERSTOOD
    turn.drill = visit.offer.drill
    try:
        match command:
            case c.Arrived():
                steps.arrive(visit.pk, by=turn.by, now=turn.now)
            case c.Finished():
                steps.finish(visit.pk, by=turn.by, now=turn.now)
            case c.GiveUp():
                leaving.give_up(visit.pk, by=turn.by, now=turn.now)
                _settle_whether_they_go(visit, turn)
                turn.values = {"name": first_name(visit)}
                return TextOutcome.GAVE_UP
            case c.VisitorNeedsPerson():
                steps.ask_for_person(visit.pk, by=turn.by, now=turn.now)
                return TextOutcome.PERSON_NOW
    except StepNotPossible:
        turn.flag(Reason.UNCLEAR_TEXT)
        return TextOutcome.NOT_UNDERSTOOD
    return TextOutcome.SILENT


def ask_give_up(turn: Handling) -> TextOutcome:
    """Perhaps they can't go. The visit stays as it is until they confirm that."""
    visit = live_of_person(turn.person.pk)
    if visit is None:
        turn.flag(Reason.UNCLEAR_TEXT)
        return TextOutcome.NOT_UNDERSTOOD
    turn.drill, turn.visit_id = visit.offer.drill, visit.pk
    raise_need(
        Reason.MAY_NOT_GO,
        about=About("visit", str(visit.pk)),
        now=turn.now,
        by=turn.by,
        request_id=visit.support_request_id,
        person_id=turn.person.pk,
    )
    turn.values = {"name": first_name(visit)}
    return TextOutcome.ASK_GIVE_UP


def still_going(turn: Handling) -> TextOutcome:
    """They are going after all."""
    visit = live_of_person(turn.person.pk)
    if visit:
        turn.drill = visit.offer.drill
        _settle_whether_they_go(visit, turn)
    return TextOutcome.SEEN_ON_VISIT


def _settle_whether_they_go(visit: Visit, turn: Handling) -> None:
    about = About("visit", str(visit.pk))
    settle(Reason.MAY_NOT_GO, about=about, by=turn.by, now=turn.now, how="answered")


def about_set_time(turn: Handling, *, stands: bool) -> TextOutcome:
    """About the visit that we asked about, or their only one; otherwise a coordinator reads the text."""
    promised_visits = promised(turn.person.pk)
    visit = to_confirm(turn.person.pk) or (promised_visits[0] if len(promised_visits) == 1 else None)
    if visit is None:
        turn.flag(Reason.UNCLEAR_TEXT)
        return TextOutcome.NOT_UNDERSTOOD
    if stands:
        set_time.confirm(visit.pk, by=turn.by, now=turn.now)
        return TextOutcome.SILENT
    leaving.give_up(visit.pk, by=turn.by, now=turn.now)
    turn.values = {"name": first_name(visit)}
    return TextOutcome.GAVE_UP_AT


def how_was_it(turn: Handling, *, fine: bool) -> TextOutcome:
    """About the visit that we asked about last."""
    visit: Visit | None = last_fine_question(turn.person.pk)
    if visit:
        steps.answer_fine(visit.pk, fine=fine, by=turn.by, now=turn.now)
    return TextOutcome.VISIT_FINE if fine else TextOutcome.VISIT_CALL


def rest(command: c.Off | c.OffUntil | c.On, turn: Handling) -> TextOutcome:
    """Don't ask them for some days, or until they text ON; or ask them again."""
    match command:
        case c.Off(None):
            until = turn.now + UNTIL_ON
            persons.set_off(turn.person.pk, until=until, by=turn.by, now=turn.now)
            return TextOutcome.OFF
        case c.Off(days):
            assert days is not None
            until = turn.now + timedelta(days=days)
            persons.set_off(turn.person.pk, until=until, by=turn.by, now=turn.now)
            turn.values = {"when": when(until, turn.person.language)}
            return TextOutcome.OFF_DAYS
        case c.OffUntil(weekday):
            begins = _next(weekday, now=turn.now)
            persons.set_off(turn.person.pk, until=begins, by=turn.by, now=turn.now)
            turn.values = {"when": when(begins, turn.person.language)}
            return TextOutcome.OFF_DAYS
        case c.On():
            persons.set_off(turn.person.pk, until=None, by=turn.by, now=turn.now)
            return TextOutcome.ON


def _next(weekday: int, *, now: datetime) -> datetime:
    """When that weekday begins next, by the network's clock."""
    today = timezone.localdate(now)
    ahead = (weekday - today.weekday() - 1) % 7 + 1
    return timezone.make_aware(datetime.combine(today + timedelta(days=ahead), time()))
