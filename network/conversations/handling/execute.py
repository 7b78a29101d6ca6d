"""Doing what a text asks: one function a command, each returning what is to be answered."""

from typing import assert_never

from django.conf import settings

from network.audit.actions import record
from network.conversations.handling import members, responders
from network.conversations.handling.cries import tell_of_cry
from network.conversations.handling.message_context import Handling
from network.conversations.queries import calls_off_often
from network.conversations.rules import commands as c
from network.conversations.rules.commands import Command
from network.conversations.rules.context import Question
from network.conversations.rules.replies import TextOutcome, not_understood
from network.desk.rules import About, Reason
from network.dispatch.actions import answering
from network.dispatch.models import Offer
from network.dispatch.rules.case import OfferState
from network.enrollment.actions import claims
from network.messaging import contacts
from network.messaging.texts.languages import next_language
from network.people.actions import persons
from network.support import actions as support
from network.support.queries import open_of_person
from network.visits.actions import closing
from network.visits.queries import (
    live_of_person,
    of_request,
    promised,
)


def act(command: Command, turn: Handling) -> TextOutcome:
    """Do what the text asks. The outcome says what is answered, not whether it went well for us."""
    match command:
        case c.AskStop() | c.AskMoved() | c.AskGiveUp():
            return _ask_first(command, turn)
        case c.KeepTexting() | c.SameHome() | c.StillGoing():
            return _as_it_was(command, turn)
        case c.Stop() | c.StopAsked() | c.Restore() | c.NotMe() | c.ItIsMe() | c.Join() | c.AskToJoin():
            return _leave_or_join(command, turn)
        case c.Accept() | c.Decline() | c.LateCode():
            return responders.about_offer(command, turn)
        case c.Arrived() | c.Finished() | c.GiveUp() | c.VisitorNeedsPerson():
            return responders.about_visit(command, turn)
        case c.StillStands() | c.CantKeep():
            return responders.about_set_time(turn, stands=isinstance(command, c.StillStands))
        case c.VisitFine() | c.VisitCall():
            return responders.how_was_it(turn, fine=isinstance(command, c.VisitFine))
        case c.Off() | c.OffUntil() | c.On():
            return responders.rest(command, turn)
        case c.SetLanguage(language):
            return _language(turn, language)
        case c.Thanks():
            return TextOutcome.GLAD
        case c.Reaction(disliked):
            if disliked:
                turn.flag(Reason.UNCLEAR_TEXT)
            return TextOutcome.SILENT
        case c.Unclear():
            turn.flag(Reason.UNCLEAR_TEXT, due_at=turn.now if turn.fear else None)
            if turn.context.answerable:
                turn.values["code"] = turn.context.answerable[0].code
            return not_understood(turn.context)
        case c.Duress(as_if):
            return _duress(as_if, turn)
        case c.FromStranger() | c.FromRefused():
            return TextOutcome.SILENT  # handled before there is a person
        case (
            c.OpenRequest() | c.AtHome() | c.Elsewhere() | c.ChooseKind() | c.SomethingElse()
            | c.Children() | c.Described() | c.FurtherText() | c.AskNotNeeded() | c.NotNeeded()
            | c.KeepLooking() | c.KeepWaiting() | c.CallMe() | c.Came() | c.DidNotCome()
            | c.NeedElse() | c.Moved() | c.PersonPlease() | c.TimeRight() | c.TimeWrong()
        ):  # fmt: skip
            return members.do(command, turn)
        case _:
            assert_never(command)


def _ask_first(command: c.AskStop | c.AskMoved | c.AskGiveUp, turn: Handling) -> TextOutcome:
    """Ask back before silencing or undoing help. A coordinator is told at once, and nothing changes yet."""
    match command:
        case c.AskStop():
            turn.flag(Reason.STOP_ASKED, due_at=turn.now)
            return TextOutcome.ASK_STOP
        case c.AskMoved():
            turn.flag(Reason.MOVED, due_at=turn.now)
            turn.ends_by = members.digits_if_somebody_comes(turn)
            return TextOutcome.ASK_MOVED
        case c.AskGiveUp():
            return responders.ask_give_up(turn)


def _as_it_was(command: c.KeepTexting | c.SameHome | c.StillGoing, turn: Handling) -> TextOutcome:
    """They were asked, and said no: settle what a coordinator was told, and carry on where we were."""
    match command:
        case c.StillGoing():
            return responders.still_going(turn)
        case c.KeepTexting():
            turn.settle(Reason.STOP_ASKED)
        case c.SameHome():
            turn.settle(Reason.MOVED)
    return members.go_on(turn, TextOutcome.SEEN)


def _leave_or_join(
    command: c.Stop | c.StopAsked | c.Restore | c.NotMe | c.ItIsMe | c.Join | c.AskToJoin, turn: Handling
) -> TextOutcome:
    match command:
        case c.Stop() | c.StopAsked():
            contacts.opt_out(turn.contact.pk, now=turn.now)
            out = live_of_person(turn.person.pk) or promised(turn.person.pk)
            waited_for = turn.request is not None or bool(out)
            comes = bool(out) or (turn.request is not None and bool(of_request(turn.request.pk)))
            turn.flag(
                Reason.OPTED_OUT if isinstance(command, c.Stop) else Reason.STOP_ASKED,
                due_at=turn.now if waited_for else None,  # somebody is out there: call now
                grave=comes,
            )
            for offer in Offer.objects.filter(person=turn.person, state=OfferState.OPEN):
                answering.undeliverable(offer.pk, now=turn.now)
            return TextOutcome.SILENT
        case c.Restore():
            contacts.opt_in(turn.contact.pk)
            record("person.opted_in", f"person:{turn.person.pk}", by=turn.by, now=turn.now)
            return TextOutcome.SILENT
        case c.ItIsMe():
            persons.confirm_phone(turn.person.pk, by=turn.by, now=turn.now)
            return TextOutcome.IT_IS_ME
        case c.NotMe() if _not_to_this_organization(turn):
            return TextOutcome.PERSON_SOON
        case c.NotMe():
            persons.refuse(turn.person, by=turn.by, now=turn.now)
            turn.flag(Reason.WRONG_NUMBER)
            return TextOutcome.NOT_ME
        case c.Join():
            persons.join(turn.person, by=turn.by, now=turn.now)
            return TextOutcome.JOINED
        case c.AskToJoin():
            turn.flag(Reason.INVITED_WROTE)
            if turn.fear:
                tell_of_cry(About("person", str(turn.person.pk)), person_id=turn.person.pk, now=turn.now)
            return TextOutcome.ASK_JOIN


def _not_to_this_organization(turn: Handling) -> bool:
    """Someone who was here already says no to an organization that enrolled them too: they stay."""
    told_at = turn.now - turn.context.question_age
    if turn.context.asked is not Question.ENROLLED or not claims.disown(
        turn.person.pk, told_at=told_at, by=turn.by, now=turn.now
    ):
        return False
    turn.flag(Reason.CLAIMED, due_at=turn.now)
    return True


def _language(turn: Handling, language: str | None) -> TextOutcome:
    """Set the language by name, or the network's next one. One that we don't write goes to a person."""
    chosen = language or next_language(turn.person.language, settings.NETWORK_LANGUAGES)
    if chosen not in settings.NETWORK_LANGUAGES:
        turn.flag(Reason.UNCLEAR_TEXT)
        return TextOutcome.NOT_UNDERSTOOD
    persons.set_language(turn.person, chosen, by=turn.by, now=turn.now)
    return TextOutcome.LANGUAGE


def _duress(as_if: Command, turn: Handling) -> TextOutcome:
    """Answer exactly as to any other text, send nobody, and tell the coordinators."""
    if turn.request is None:
        opening = as_if if isinstance(as_if, c.OpenRequest) else c.OpenRequest(None, later=False)
        often = calls_off_often(turn.person.member, now=turn.now)
        outcome = members.open_by_text(opening, turn, often=often)
        assert turn.request is not None
        support.mark_duress(turn.request, by=turn.by, now=turn.now)
        turn.flag(Reason.DURESS)
        return outcome
    turn.flag(Reason.DURESS)
    closing.hold_for_duress(turn.request.pk, by=turn.by, now=turn.now)
    turn.request = open_of_person(turn.person.pk)
    return act(as_if, turn)
