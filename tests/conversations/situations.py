"""The situations in which a text may come, by name, and the names of what it was understood as."""

from uuid import UUID

from network.conversations import commands as c
from network.conversations.commands import Command
from network.conversations.rules import Context, OpenOffer, Question, Standing
from network.support.rules import State
from network.visits.rules import Stage

FIRST = OpenOffer(UUID(int=41), 41, open=True)
SECOND = OpenOffer(UUID(int=52), 52, open=True)


def member(question: Question | None = None, request: State | None = None, **more: object) -> Context:
    return Context(Standing.ACTIVE, is_member=True, question=question, request=request, **more)


def responder(**more: object) -> Context:
    return Context(Standing.ACTIVE, is_responder=True, **more)


SITUATIONS = {
    "M": member(),
    "MJ": member(just_closed=True),
    "HOME": member(Question.HOME, State.ASKING),
    "KIND": member(Question.KIND, State.ASKING),
    "KIDS": member(Question.CHILDREN, State.ASKING),
    "DESC": member(Question.DESCRIBE, State.STOPPED),
    "SURE": member(Question.NOT_NEEDED, State.SEARCHING),
    "WAIT": member(Question.WAIT_OR_CALL, State.SEARCHING),
    "CAME": member(Question.DID_THEY_COME, State.COVERED),
    "TIME": member(Question.TIME, State.ASKING),
    "ENR": member(Question.ENROLLED),
    "STILL": member(Question.STILL_YOU),
    "SEARCH": member(None, State.SEARCHING),
    "COMING": member(None, State.COVERED),
    "STANDS": responder(question=Question.STILL_STANDS, promised=1),
    "FINE": responder(question=Question.VISIT_FINE, just_closed=True),
    "OFFER": responder(offers=(FIRST,)),
    "OFFER2": responder(offers=(FIRST, SECOND)),
    "BOTH": member(is_responder=True, offers=(FIRST,)),
    "GOING": responder(stage=Stage.GOING),
    "THERE": responder(stage=Stage.THERE),
    "HELD": responder(stage=Stage.HELD),
    "PROM": responder(promised=1),
    "PROM+OFFER": responder(promised=1, offers=(FIRST,)),
    "R": responder(),
    "BOTH_GOING": member(is_responder=True, stage=Stage.GOING),
    "BOTH_JUST": member(is_responder=True, just_closed=True),
    "INV": Context(Standing.INVITED, question=Question.JOIN),
    "STR": Context(Standing.STRANGER),
}


def name_of(command: Command) -> str:
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
        case c.SetLanguage(language):
            return f"Lang({language})"
        case _:
            return type(command).__name__


def is_one_of(command: Command, accepted: list[str]) -> bool:
    """An entry without parentheses takes any; `Accept(41)` takes it with minutes too."""
    name = name_of(command)
    return any(
        name in (one, one[:-1] + name[len(one) - 1 :]) or name.split("(")[0] == one for one in accepted
    )
