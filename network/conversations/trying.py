"""What a text would do, with no network around it: situations by name, and the answer that would go out."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from network.conversations.rules import commands as c
from network.conversations.rules.commands import Command
from network.conversations.rules.context import Context, OpenOffer, Question, SenderStatus
from network.conversations.rules.replies import ENDS_BY, TextOutcome, asked_again, not_understood, reply_to
from network.messaging.rules.wording import SAMPLE
from network.messaging.texts.keys import Text
from network.messaging.texts.languages import LANGUAGES, next_language
from network.messaging.texts.rendering import TABLES, fields, render
from network.support.rules.requests import Kind, State
from network.visits.rules.stages import Stage

_FIRST = OpenOffer(UUID(int=41), 41, open=True)
_SECOND = OpenOffer(UUID(int=52), 52, open=True)


def _member(question: Question | None = None, request: State | None = None, **more: Any) -> Context:
    return Context(SenderStatus.ACTIVE, is_member=True, question=question, request=request, **more)


def _responder(**more: Any) -> Context:
    return Context(SenderStatus.ACTIVE, is_responder=True, **more)


SITUATIONS: dict[str, Context] = {
    "M": _member(),
    "MJ": _member(just_closed=True),
    "HOME": _member(Question.HOME, State.ASKING),
    "KIND": _member(Question.KIND, State.ASKING),
    "KIDS": _member(Question.CHILDREN, State.ASKING),
    "DESC": _member(Question.DESCRIBE, State.STOPPED),
    "SURE": _member(Question.NOT_NEEDED, State.SEARCHING),
    "WAIT": _member(Question.WAIT_OR_CALL, State.SEARCHING),
    "CAME": _member(Question.DID_THEY_COME, State.COVERED),
    "TIME": _member(Question.TIME, State.ASKING),
    "ENR": _member(Question.ENROLLED),
    "STILL": _member(Question.STILL_YOU),
    "SEARCH": _member(None, State.SEARCHING),
    "COMING": _member(None, State.COVERED),
    "STANDS": _responder(question=Question.STILL_STANDS, promised=1),
    "FINE": _responder(question=Question.VISIT_FINE, just_closed=True),
    "OFFER": _responder(offers=(_FIRST,)),
    "OFFER2": _responder(offers=(_FIRST, _SECOND)),
    "BOTH": _member(is_responder=True, offers=(_FIRST,)),
    "GOING": _responder(stage=Stage.GOING),
    "THERE": _responder(stage=Stage.THERE),
    "HELD": _responder(stage=Stage.HELD),
    "PROM": _responder(promised=1),
    "PROM+OFFER": _responder(promised=1, offers=(_FIRST,)),
    "R": _responder(),
    "BOTH_GOING": _member(is_responder=True, stage=Stage.GOING),
    "BOTH_JUST": _member(is_responder=True, just_closed=True),
    "INV": Context(SenderStatus.INVITED, question=Question.JOIN),
    "STR": Context(SenderStatus.STRANGER),
}


def name_of(command: Command) -> str:
    """What a text was understood as, in the names that other programs read: `Open(legal, LATER)`."""
    match command:
        case c.OpenRequest(kind, later):
            return f"Open({kind or '-'}{', LATER' if later else ''})"
        case c.ChooseKind(kind):
            return f"Kind({kind})"
        case c.Children(count):
            return f"Children({count})"
        case c.Accept(offer, _, minutes):
            return f"Accept({offer.int}{f', {minutes}min' if minutes else ''})"
        case c.Off(days):
            return f"Off({days})"
        case c.OffUntil(weekday):
            return f"OffUntil({weekday})"
        case c.SetLanguage(language):
            return f"Lang({language or next_language('en', tuple(LANGUAGES))})"
        case _:
            return type(command).__name__


_REQUEST: dict[Question, State] = {
    Question.TIME: State.ASKING, Question.HOME: State.ASKING, Question.KIND: State.ASKING,
    Question.CHILDREN: State.ASKING, Question.DESCRIBE: State.STOPPED, Question.NOT_NEEDED: State.SEARCHING,
    Question.WAIT_OR_CALL: State.SEARCHING, Question.DID_THEY_COME: State.COVERED,
}  # fmt: skip
_OF_RESPONDERS = frozenset({Question.STILL_STANDS, Question.VISIT_FINE, Question.GIVE_UP})
WHO = ("member", "responder", "both", "invited", "stranger")


def situation(
    who: str | None, *, asked: Question | None = None, offers: Iterable[int] = (), stage: Stage | None = None
) -> Context:
    """A situation put together from parts. Without `who`, it is that of whoever the parts are about."""
    given = tuple(OpenOffer(UUID(int=code), code, open=True) for code in offers)
    if who is None:
        who = "responder" if given or stage or asked in _OF_RESPONDERS else "member"
        who = "invited" if asked is Question.JOIN else who
    if who in ("invited", "stranger"):
        return SITUATIONS["INV" if who == "invited" else "STR"]
    return Context(
        SenderStatus.ACTIVE,
        is_member=who in ("member", "both"),
        is_responder=who in ("responder", "both"),
        question=asked,
        request=_REQUEST.get(asked) if asked else None,
        offers=given,
        stage=stage,
        promised=1 if asked is Question.STILL_STANDS else 0,
    )


def answer(command: Command, context: Context, language: str) -> list[str]:
    """The texts that would go out, with sample names, as if somebody were on duty."""
    return [_rendered(text, context, language) for text in texts(command, context)]


def texts(command: Command, context: Context) -> tuple[Text, ...]:
    """The keys of those texts."""
    if isinstance(command, c.Unclear) and (again := asked_again(context.asked, reasked=False)):
        return (Text.NOT_UNDERSTOOD_AGAIN, again)
    told = _TOLD.get(type(command))
    return (told,) if told else reply_to(_outcome(command, context)).texts


# What the other rooms say by themselves once this has happened.
_TOLD: dict[type[Command], Text] = {
    c.Accept: Text.ACCEPTED, c.Arrived: Text.THERE, c.Finished: Text.DONE, c.StillStands: Text.STANDS,
}  # fmt: skip
_OUTCOMES: dict[type[Command], TextOutcome] = {
    c.Stop: TextOutcome.SILENT, c.StopAsked: TextOutcome.SILENT, c.Restore: TextOutcome.SILENT,
    c.Reaction: TextOutcome.SILENT,
    c.FromStranger: TextOutcome.UNKNOWN_SENDER, c.FromRefused: TextOutcome.UNKNOWN_SENDER,
    c.AskStop: TextOutcome.ASK_STOP, c.AskMoved: TextOutcome.ASK_MOVED, c.AskGiveUp: TextOutcome.ASK_GIVE_UP,
    c.KeepTexting: TextOutcome.SEEN, c.SameHome: TextOutcome.SEEN, c.StillGoing: TextOutcome.SEEN_ON_VISIT,
    c.Join: TextOutcome.JOINED, c.AskToJoin: TextOutcome.ASK_JOIN, c.NotMe: TextOutcome.NOT_ME,
    c.ItIsMe: TextOutcome.IT_IS_ME, c.SetLanguage: TextOutcome.LANGUAGE,
    c.PersonPlease: TextOutcome.PERSON_SOON, c.OpenRequest: TextOutcome.ASK_HOME,
    c.AtHome: TextOutcome.ASK_KIND, c.Elsewhere: TextOutcome.ELSEWHERE, c.Children: TextOutcome.SEARCHING,
    c.SomethingElse: TextOutcome.DESCRIBE, c.Described: TextOutcome.SEEN, c.FurtherText: TextOutcome.SEEN,
    c.TimeRight: TextOutcome.TIME_SAVED, c.TimeWrong: TextOutcome.TIME_WRONG,
    c.AskNotNeeded: TextOutcome.ASK_NOT_NEEDED, c.NotNeeded: TextOutcome.NOT_NEEDED,
    c.KeepLooking: TextOutcome.KEEP_LOOKING, c.KeepWaiting: TextOutcome.WAITING,
    c.CallMe: TextOutcome.WILL_CALL, c.Came: TextOutcome.CAME_WELL, c.DidNotCome: TextOutcome.DID_NOT_COME,
    c.NeedElse: TextOutcome.NEED_ELSE, c.Moved: TextOutcome.MOVED, c.Decline: TextOutcome.THANKS_NOT_NOW,
    c.GiveUp: TextOutcome.GAVE_UP, c.CantKeep: TextOutcome.GAVE_UP_AT,
    c.VisitorNeedsPerson: TextOutcome.PERSON_NOW, c.VisitFine: TextOutcome.VISIT_FINE,
    c.VisitCall: TextOutcome.VISIT_CALL, c.On: TextOutcome.ON, c.Thanks: TextOutcome.GLAD,
}  # fmt: skip


def _outcome(command: Command, context: Context) -> TextOutcome:
    match command:
        case c.Unclear():
            return not_understood(context)
        case c.ChooseKind(kind):
            return TextOutcome.ASK_CHILDREN if kind is Kind.CHILDCARE else TextOutcome.SEARCHING
        case c.LateCode(offer):
            return TextOutcome.LATE_CODE if offer is None else TextOutcome.TOO_LATE
        case c.Off(days):
            return TextOutcome.OFF if days is None else TextOutcome.OFF_DAYS
        case c.OffUntil():
            return TextOutcome.OFF_DAYS
        case c.Duress(as_if):
            return _outcome(as_if, context)
        case _:
            return _OUTCOMES[type(command)]


def _rendered(text: Text, context: Context, language: str) -> str:
    wanted = fields(TABLES[language][text])
    known = dict(SAMPLE)
    if text in ENDS_BY:
        known["code"] = str(context.ends_by or ENDS_BY[text])
    elif context.answerable:
        known["code"] = str(context.answerable[0].code)
    return render(text, language, **{name: known[name] for name in wanted})
