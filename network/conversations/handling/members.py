"""Doing what a member's text asks: about a request of theirs, or their home."""

import secrets
from contextlib import suppress
from datetime import timedelta

from network.conversations.handling.message_context import Handling
from network.conversations.queries import calls_off_often, just_closed_by_text
from network.conversations.rules import commands as c
from network.conversations.rules.replies import TextOutcome
from network.desk.rules import Reason
from network.dispatch.actions import answering, by_hand, searching
from network.dispatch.models import Search
from network.duty.queries import expected, people_on
from network.people.actions import homes
from network.people.models import Member
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.queries import when, zone
from network.support.rules.requests import Event, Kind, State
from network.support.rules.requests import Outcome as End
from network.support.rules.set_time import answer_by
from network.visits.actions import closing, leaving, steps
from network.visits.queries import (
    of_request,
    who_went,
)

TWO_DIGITS = range(10, 100)
UNDONE_FOR = timedelta(minutes=30)  # what a text has ended
ANSWER_IN = timedelta(minutes=20)
FROZEN = {"phone": Reason.PHONE_UNSURE, "unmet": Reason.NOT_MET}  # else they said that they moved


type MemberCommand = (
    c.OpenRequest | c.AtHome | c.Elsewhere | c.ChooseKind | c.SomethingElse | c.Children
    | c.Described | c.FurtherText | c.AskNotNeeded | c.NotNeeded | c.KeepLooking | c.KeepWaiting
    | c.CallMe | c.Came | c.DidNotCome | c.NeedElse | c.Moved | c.PersonPlease | c.TimeRight | c.TimeWrong
)  # fmt: skip


def do(command: MemberCommand, turn: Handling) -> TextOutcome:
    if isinstance(command, c.OpenRequest):
        member = turn.person.member
        often = calls_off_often(member, now=turn.now)
        closed = None if command.later or often else just_closed_by_text(member, since=turn.now - UNDONE_FOR)
        return _take_back(closed, turn) if closed else open_by_text(command, turn, often=often)
    if isinstance(command, c.Moved):
        return _moved(turn)
    if isinstance(command, c.PersonPlease):
        turn.flag(Reason.PERSON_PLEASE)
        return TextOutcome.PERSON_SOON
    if turn.request is None:
        turn.flag(Reason.UNCLEAR_TEXT)
        return TextOutcome.SEEN
    turn.request = support.lock(turn.request.pk)
    if turn.request.state == State.CLOSED:  # a coordinator closed it while this text was on its way
        turn.flag(Reason.FURTHER_TEXT)
        return TextOutcome.SEEN
    return _about_request(command, turn, turn.request)


def _about_request(command: MemberCommand, turn: Handling, support_request: SupportRequest) -> TextOutcome:
    match command:
        case c.AtHome():
            support.confirm_home(support_request, by=turn.by, now=turn.now)
            return next_question(turn, support_request)
        case c.TimeRight():
            support.answer_time(support_request, right=True, by=turn.by, now=turn.now)
            return next_question(turn, support_request)
        case c.TimeWrong():
            support.answer_time(support_request, right=False, by=turn.by, now=turn.now)
            turn.flag(Reason.LATER)
            return TextOutcome.TIME_WRONG
        case c.Elsewhere():
            turn.flag(Reason.ELSEWHERE)
            _to_people(turn, support_request)
            return TextOutcome.ELSEWHERE
        case c.ChooseKind(kind):
            support.set_kind(support_request, kind, by=turn.by, now=turn.now)
            return next_question(turn, support_request)
        case c.Children(count):
            support.set_children(support_request, count, by=turn.by, now=turn.now)
            return next_question(turn, support_request)
        case c.SomethingElse():
            turn.flag(Reason.OTHER_HELP)
            _to_people(turn, support_request)
            return TextOutcome.DESCRIBE
        case c.Described():
            turn.flag(Reason.OTHER_HELP, due_at=turn.now if turn.fear else None)
            return TextOutcome.SEEN
        case c.AskNotNeeded():
            turn.ends_by = digits_if_somebody_comes(turn)
            return TextOutcome.ASK_NOT_NEEDED
        case c.NotNeeded():
            return _not_needed(turn, support_request)
        case c.KeepLooking():
            return go_on(turn, TextOutcome.KEEP_LOOKING)
        case c.KeepWaiting() | c.CallMe():
            return _wait_or_call(turn, support_request, wait=isinstance(command, c.KeepWaiting))
        case c.Came() | c.DidNotCome() | c.NeedElse():
            return _came(command, turn, support_request)
        case _:
            turn.flag(Reason.FURTHER_TEXT, due_at=turn.now if turn.fear else None)
            return TextOutcome.SEEN


def open_by_text(command: c.OpenRequest, turn: Handling, *, often: bool) -> TextOutcome:
    """A member's first text. A person can read it from here on; the home question is always asked.

    `often`: they asked and called off so often today that a person decides first.
    """
    member = turn.person.member
    frozen = member.frozen_at is not None
    turn.request = support.open_request(
        member,
        source=SupportRequest.Source.TEXT,
        by=turn.by,
        now=turn.now,
        kind=command.kind,
        by_hand=command.later or frozen or often,
    )
    turn.flag(Reason.NEW_REQUEST)
    if command.later:
        turn.flag(Reason.LATER)
    if often:  # a phone in other hands could tire every volunteer of the town: a person decides
        turn.flag(Reason.CALLED_OFF_OFTEN, due_at=turn.now if turn.fear else None)
    if frozen:
        moved = member.frozen_for not in FROZEN
        turn.flag(FROZEN.get(member.frozen_for, Reason.MOVED), due_at=None if moved else turn.now)
    return TextOutcome.ASK_HOME if people_on(now=turn.now) else _nobody_is_on(turn)


def _take_back(closed: SupportRequest, turn: Handling) -> TextOutcome:
    """The request was ended by text a moment ago: open the same again, and ask the same people first."""
    turn.request = closed
    turn.settle(Reason.CLOSED_BY_TEXT)
    turn.request = support.open_request(
        closed.member, source=SupportRequest.Source.TEXT, by=turn.by, now=turn.now, kind=Kind(closed.kind)
    )
    if closed.children:
        support.set_children(turn.request, closed.children, by=turn.by, now=turn.now)
    support.confirm_home(turn.request, by=turn.by, now=turn.now)
    turn.flag(Reason.NEW_REQUEST)
    searching.start(turn.request.pk, by=turn.by, now=turn.now)
    for person_id in who_went(closed.pk):
        with suppress(by_hand.NotFit):  # taken meanwhile: the search goes on without them
            by_hand.offer_by_hand(turn.request.pk, person_id=person_id, by=turn.by, now=turn.now)
    return TextOutcome.SEARCHING


def _nobody_is_on(turn: Handling) -> TextOutcome:
    """Say that nobody is on. If a shift is coming, promise who reads the text and when."""
    coming = expected(on=(), now=turn.now)
    if coming is None:
        return TextOutcome.ASK_HOME_NOBODY_ON
    turn.flag(Reason.READ_PROMISED, due_at=coming.starts_at, promise=True)
    turn.values |= {"name": coming.name, "time": coming.time}
    return TextOutcome.ASK_HOME_NOBODY_ON_UNTIL


def next_question(turn: Handling, support_request: SupportRequest) -> TextOutcome:
    """Ask for what is still missing, or start the search."""
    if not support_request.at_home:
        return TextOutcome.ASK_HOME
    if not support_request.kind:
        return TextOutcome.ASK_KIND
    if support_request.kind == Kind.CHILDCARE and not support_request.children:
        return TextOutcome.ASK_CHILDREN
    if support_request.time_right_at and support_request.state in (State.ASKING, State.STOPPED):
        return _for_set_time(turn, support_request)
    if support_request.state != State.ASKING:
        turn.flag(Reason.FURTHER_TEXT)
        return TextOutcome.SEEN
    if support_request.duress:  # the same answer to the letter; nobody is sent by machine
        _to_people(turn, support_request)
        turn.flag(Reason.ANSWER_PROMISED, due_at=turn.now + ANSWER_IN, promise=True)
        return TextOutcome.SEARCHING
    if support_request.by_hand:
        _to_people(turn, support_request)
        return TextOutcome.PERSON_SOON
    searching.start_held(support_request, by=turn.by, now=turn.now)
    return TextOutcome.SEARCHING


def _for_set_time(turn: Handling, support_request: SupportRequest) -> TextOutcome:
    """Search ahead for a time that the member confirmed. Under duress we only say that we do."""
    by = answer_by(support_request.starts_at, turn.now, zone())
    if support_request.duress:
        _to_people(turn, support_request)
        turn.flag(Reason.ANSWER_PROMISED, due_at=by, promise=True)
    elif support_request.member.frozen_at:
        return TextOutcome.PERSON_SOON
    else:
        by = searching.start(support_request.pk, by=turn.by, now=turn.now).answer_by or by
    language = turn.person.language
    assert support_request.starts_at is not None  # a time that is right is a time
    turn.values = {"when": when(support_request.starts_at, language), "by": when(by, language)}
    return TextOutcome.TIME_SAVED


def _to_people(turn: Handling, support_request: SupportRequest) -> None:
    """Search no further until a coordinator starts it."""
    if not support_request.by_hand:
        support.leave_to_people(support_request, by=turn.by, now=turn.now)
    if support_request.state == State.ASKING:
        support.advance(support_request, Event.STOP, by=turn.by, now=turn.now)
    elif support_request.state == State.SEARCHING:
        answering.stop(support_request.pk, by=turn.by, now=turn.now)


def _not_needed(turn: Handling, support_request: SupportRequest) -> TextOutcome:
    if support_request.duress:  # may not be their own wish: said the same, done by nobody
        turn.flag(Reason.DURESS)
        return TextOutcome.NOT_NEEDED
    if calls_off_often(support_request.member, now=turn.now):
        turn.flag(Reason.CALLED_OFF_OFTEN, due_at=turn.now)
        return TextOutcome.PERSON_SOON
    if _must_ask_again(turn):
        return TextOutcome.ASK_NOT_NEEDED
    closing.close_request(support_request.pk, outcome=End.NOT_NEEDED, by=turn.by, now=turn.now, told=True)
    turn.flag(Reason.CLOSED_BY_TEXT)  # the phone may be in another's hand: a coordinator sees it
    return TextOutcome.NOT_NEEDED


def _wait_or_call(turn: Handling, support_request: SupportRequest, *, wait: bool) -> TextOutcome:
    Search.objects.filter(support_request=support_request).update(nobody_answered_at=turn.now)
    if wait:
        return TextOutcome.WAITING
    turn.flag(support.speak_with(turn.person))
    return TextOutcome.WILL_CALL


def _came(
    command: c.Came | c.DidNotCome | c.NeedElse, turn: Handling, support_request: SupportRequest
) -> TextOutcome:
    well = isinstance(command, c.Came)
    if isinstance(command, c.NeedElse):
        turn.flag(Reason.OTHER_HELP)
        SupportRequest.objects.filter(pk=support_request.pk).update(came_answered_at=turn.now)
        return TextOutcome.NEED_ELSE
    steps.answer_came(support_request.pk, well=well, by=turn.by, now=turn.now)
    return TextOutcome.CAME_WELL if well else TextOutcome.DID_NOT_COME


def _moved(turn: Handling) -> TextOutcome:
    """Send nobody to the old home, and call back whoever is on the way there."""
    if _must_ask_again(turn):
        return TextOutcome.ASK_MOVED
    member = turn.person.member
    homes.freeze_home(member, Member.Frozen.MOVED, by=turn.by, now=turn.now)
    turn.flag(Reason.MOVED)
    if turn.request:
        answering.stop(turn.request.pk, by=turn.by, now=turn.now)
        for visit in of_request(turn.request.pk):
            if visit.there_at is None:
                leaving.end_visit(visit.pk, by=turn.by, now=turn.now)
    turn.values = {"organization": member.organization.name}
    return TextOutcome.MOVED


def go_on(turn: Handling, else_say: TextOutcome) -> TextOutcome:
    """Ask the question that must be answered before a search, if there is one; else say `else_say`."""
    if turn.request and turn.request.state == State.ASKING:
        turn.request = support.lock(turn.request.pk)
        return next_question(turn, turn.request)
    return else_say


def digits_if_somebody_comes(turn: Handling) -> int | None:
    """Two random digits to confirm with. Senders can be forged and our usual figures are known."""
    if turn.request is None or not of_request(turn.request.pk):
        return None
    taken = {offer.code for offer in turn.context.offers}
    return secrets.choice([code for code in TWO_DIGITS if code not in taken])


def _must_ask_again(turn: Handling) -> bool:
    """Whether somebody set out after we asked with a figure that everybody knows."""
    if turn.context.ends_by is None:
        turn.ends_by = digits_if_somebody_comes(turn)
    return turn.ends_by is not None
