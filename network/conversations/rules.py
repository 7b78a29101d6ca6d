"""Understanding one text in its context. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from network.conversations import commands as c
from network.conversations import quoting
from network.conversations import words as w
from network.conversations.commands import Command
from network.messaging.rules import is_start, is_stop
from network.support.rules import Kind, State
from network.visits.rules import Stage


class Standing(StrEnum):
    STRANGER = "stranger"
    INVITED = "invited"
    ACTIVE = "active"
    REFUSED = "refused"


class Question(StrEnum):
    """The one question that is open to a phone, offers apart."""

    JOIN = "join"
    ENROLLED = "enrolled"  # told that they are in: not them?
    STILL_YOU = "still_you"  # asked now and then whether the phone is still theirs
    TIME = "time"  # is the set time right?
    STILL_STANDS = "still_stands"  # may we count on you at the set time?
    HOME = "home"
    KIND = "kind"
    CHILDREN = "children"
    DESCRIBE = "describe"
    NOT_NEEDED = "not_needed"
    WAIT_OR_CALL = "wait_or_call"
    DID_THEY_COME = "did_they_come"
    VISIT_FINE = "visit_fine"


CLOSING = frozenset({Question.DID_THEY_COME, Question.VISIT_FINE})
IS_IT_YOU = frozenset({Question.ENROLLED, Question.STILL_YOU})
YIELDING = CLOSING | IS_IT_YOU
YIELDS_AFTER = timedelta(minutes=15)  # then an offer is the question that a bare answer is to
MOST_CHILDREN = 12
AT_MOST = 8  # words in which "at home" is taken for the answer; a longer text is read


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """An offer of the last 24 hours, or open for a set time; `open`: may still be answered.

    `stale`: asked so long ago that a bare yes or no is hardly about it; its code always is.
    """

    id: UUID
    code: int
    open: bool
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """All that understanding may know of the sender."""

    standing: Standing
    is_member: bool = False
    is_responder: bool = False
    question: Question | None = None
    question_age: timedelta = timedelta(0)
    request: State | None = None
    offers: tuple[OpenOffer, ...] = ()
    stage: Stage | None = None
    promised: int = 0  # visits accepted for set times to come
    duress_word: str | None = None
    opted_out: bool = False
    just_closed: bool = False  # a request or visit of theirs ended within the hour

    @property
    def answerable(self) -> tuple[OpenOffer, ...]:
        return tuple(offer for offer in self.offers if offer.open and not offer.stale)

    @property
    def asked(self) -> Question | None:
        """The open question, unless it yields to an open offer."""
        yields = self.question in YIELDING or self.question_age > YIELDS_AFTER
        return None if yields and self.answerable else self.question


def understand(text: str, context: Context) -> Command:
    """What this text asks of us. Never raises, and never guesses at a place, an opt-out or a closing."""
    if is_stop(text):
        return c.Stop()
    if context.opted_out and is_start(text):
        return c.Restore()
    if context.standing is Standing.STRANGER:
        return c.FromStranger()
    if context.standing is Standing.REFUSED:
        return c.FromRefused()
    reaction = quoting.reaction(text)
    if reaction is not None:
        return c.Reaction(reaction.disliked)
    if quoting.by_itself(text):
        return c.Unclear()
    own = quoting.without_quotations(text)
    if text.strip() and not own:
        return c.Reaction(disliked=False)
    return _own(own, context)


def _own(text: str, context: Context) -> Command:
    """What somebody wrote themselves."""
    words = w.fold(text)
    if context.is_member and context.duress_word:
        rest = _without(words, w.fold(context.duress_word))
        if rest is not None:
            return c.Duress(_known(" ".join(rest), rest, context))
    return _known(text, words, context)


def _without(words: tuple[str, ...], secret: tuple[str, ...]) -> tuple[str, ...] | None:
    """The words less the duress word; None where it doesn't stand there."""
    span = len(secret)
    for at in range(len(words) - span + 1):
        if span and words[at : at + span] == secret:
            return words[:at] + words[at + span :]
    return None


def _known(text: str, words: tuple[str, ...], context: Context) -> Command:
    if context.standing is Standing.INVITED:
        return _invited(words, context)
    if w.says(words, w.STOP_ASKED, slips=False) or w.is_just(words, w.JUST_STOP_ASKED, slips=False):
        return c.StopAsked()
    return (
        _coded(text, words, context)
        or _answer(text, words, context)
        or _anywhere(words, context)
        or _visitor(words, context)
        or _responder(words, context)
        or _member(text, words, context)
        or c.Unclear()
    )


def _invited(words: tuple[str, ...], context: Context) -> Command:
    if context.question is Question.JOIN:
        if w.is_just(words, (("1",), *w.JOIN, *w.YES), slips=False):
            return c.Join()
        if w.is_just(words, (("2",), *w.NO), slips=False) or w.says(words, w.NOT_ME, slips=False):
            return c.NotMe()
    return _language(words) or c.AskToJoin()


def _language(words: tuple[str, ...]) -> Command | None:
    if words == ("0",):
        return c.SetLanguage(None)
    for code, names in w.LANGUAGES.items():
        exact = w.LANGUAGES_TO_THE_LETTER.get(code, ())
        if w.is_just(words, names) or w.is_just(words, exact, slips=False):
            return c.SetLanguage(code)
    return None


def _coded(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    """An offer is accepted by its own two digits, first in the text or alone."""
    if context.asked is Question.CHILDREN or not words:
        return None
    code = words[0]
    if len(code) != 2 or not code.isdigit() or int(code) < 10:
        return None
    mine = next((offer for offer in context.offers if offer.code == int(code)), None)
    if mine is None:
        return c.LateCode(None) if context.is_responder and len(words) == 1 else None
    if not mine.open:
        return c.LateCode(mine.id)
    rest = words[1:]
    if w.says(rest, w.CANT_GO + w.NOT_NOW) or not {"no", "not", "non"}.isdisjoint(rest):
        return c.Unclear()
    said = text.strip()[2:].strip(" .,;:-") if text.strip()[:2].isdigit() else " ".join(rest)
    return c.Accept(mine.id, said, w.minutes_said(said, rest))


def _answer(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    """An answer to the one open question."""
    match context.asked:
        case Question.TIME:
            return _pick(words, {1: c.TimeRight(), 2: c.TimeWrong()}, yes=1, no=2)
        case Question.STILL_STANDS:
            return _still_stands(words)
        case Question.ENROLLED | Question.STILL_YOU as asked:
            return _is_it_you(words, no=None if asked is Question.ENROLLED else 2)
        case Question.HOME:
            return _home(words)
        case Question.KIND:
            return _kind(words)
        case Question.CHILDREN:
            return _children(words)
        case Question.DESCRIBE:
            return None if w.is_just(words, (("0",), ("9",))) else c.Described()
        case Question.NOT_NEEDED:
            return _not_needed(words)
        case Question.WAIT_OR_CALL:
            return _pick(words, {1: c.KeepWaiting(), 2: c.CallMe()}, yes=1) or (
                c.KeepWaiting() if w.is_just(words, w.WAIT) else None
            )
        case Question.DID_THEY_COME:
            return _came(words)
        case Question.VISIT_FINE:
            return _pick(words, {1: c.VisitFine(), 2: c.VisitCall()}, yes=1) or (
                c.VisitFine() if w.is_just(words, (*w.FINE, *w.THANKS)) else None
            )
        case _:
            return _yes_or_no(words, context)


def _pick(
    words: tuple[str, ...], choices: dict[int, Command], *, yes: int | None = None,
    no: int | None = None,
) -> Command | None:  # fmt: skip
    """A bare digit, or a bare yes or no where the question has one."""
    digits = w.as_digits(words)
    if len(digits) == 1 and digits[0].isdigit() and len(digits[0]) < 3:
        return choices.get(int(digits[0]))
    if yes is not None and w.is_just(words, w.YES, slips=False):
        return choices[yes]
    return choices[no] if no is not None and w.is_just(words, w.NO, slips=False) else None


def _is_it_you(words: tuple[str, ...], *, no: int | None) -> Command | None:
    """Other words than an answer are what they always are: "help" opens a request."""
    picked = _pick(words, {1: c.ItIsMe(), 2: c.NotMe()}, yes=1, no=no)
    return picked or (c.ItIsMe() if w.is_just(words, w.IT_IS_ME, slips=False) else None)


def _home(words: tuple[str, ...]) -> Command | None:
    picked = _pick(words, {1: c.AtHome(), 2: c.Elsewhere()}, yes=1, no=2)
    if picked:
        return picked
    if w.says(words, w.ELSEWHERE + w.NOT_HOME):
        return c.Elsewhere()
    if not w.NEGATIVE.isdisjoint(words):
        return _kind_word(words)
    if w.is_just(words, w.JUST_HOME) or (len(words) <= AT_MOST and w.says(words, w.AT_HOME)):
        return c.AtHome()
    return _kind_word(words)


def _still_stands(words: tuple[str, ...]) -> Command | None:
    picked = _pick(words, {1: c.StillStands(), 2: c.CantKeep(), 5: c.CantKeep()}, yes=1, no=2)
    if picked:
        return picked
    if w.says(words, w.CANT_GO):
        return c.CantKeep()
    return c.StillStands() if w.is_just(words, w.YES + w.CAN_GO) else None


def _kind_word(words: tuple[str, ...]) -> Command | None:
    kind = kind_in(words)
    return c.ChooseKind(kind) if kind else None


def kind_in(words: tuple[str, ...]) -> Kind | None:
    """The one kind that the words name; None for none or for several."""
    named = {
        kind
        for kind, said in (
            (Kind.LEGAL, w.LAWYER),
            (Kind.CHILDCARE, w.CHILDCARE),
            (Kind.ACCOMPANIMENT, w.COMPANY),
        )
        if w.says(words, said)
    }
    return named.pop() if len(named) == 1 else None


def _kind(words: tuple[str, ...]) -> Command | None:
    choices: dict[int, Command] = {
        1: c.ChooseKind(Kind.ACCOMPANIMENT),
        2: c.ChooseKind(Kind.LEGAL),
        3: c.ChooseKind(Kind.CHILDCARE),
        4: c.SomethingElse(),
    }
    picked = _pick(words, choices) or _kind_word(words)
    return picked or (c.SomethingElse() if w.is_just(words, w.OTHER) else None)


def _children(words: tuple[str, ...]) -> Command | None:
    """While a count is asked, a digit is the count. Several numbers may be ages: a person reads."""
    numbers = [word for word in w.as_digits(words) if word.isdigit()]
    if len(numbers) == 1 and len(numbers[0]) < 3 and 1 <= int(numbers[0]) <= MOST_CHILDREN:
        return c.Children(int(numbers[0]))
    return c.Unclear() if numbers else None


def _not_needed(words: tuple[str, ...]) -> Command | None:
    picked = _pick(words, {1: c.NotNeeded(), 2: c.KeepLooking()}, yes=1, no=2)
    if picked:
        return picked
    return c.KeepLooking() if w.says(words, w.KEEP_LOOKING) else None


def _came(words: tuple[str, ...]) -> Command | None:
    picked = _pick(words, {1: c.Came(), 2: c.DidNotCome(), 3: c.NeedElse()}, yes=1, no=2)
    if picked:
        return picked
    if w.says(words, w.DID_NOT_COME):
        return c.DidNotCome()
    if not w.NEGATIVE.isdisjoint(words):
        return None
    if w.is_just(words, w.CAME):
        return c.Came()
    return c.NeedElse() if w.is_just(words, w.OTHER) else None


def _yes_or_no(words: tuple[str, ...], context: Context) -> Command | None:
    """A bare answer while exactly one offer is the open question."""
    if len(context.answerable) != 1 or context.stage is not None:
        return None
    offer = context.answerable[0].id
    if w.is_just(words, w.YES + w.CAN_GO, slips=False):
        return c.Accept(offer, "", None)
    if words == ("2",) or w.is_just(words, w.NO + w.NOT_NOW + w.CANT_GO, slips=False):
        return c.Decline(offer)
    return None


def _anywhere(words: tuple[str, ...], context: Context) -> Command | None:
    if words == ("9",) or w.says(words, w.PERSON):
        return c.VisitorNeedsPerson() if context.stage else c.PersonPlease()
    if w.is_just(words, w.NOT_ME, slips=False):
        return c.NotMe()
    return _language(words)


def _visitor(words: tuple[str, ...], context: Context) -> Command | None:
    """Three, four, five and their words, from somebody who has a visit."""
    if context.stage is None:
        gives_up = words == ("5",) or w.says(words, w.CANT_GO)
        return c.CantKeep() if context.promised and gives_up else None
    if words == ("5",) or w.says(words, w.CANT_GO):
        return c.GiveUp()
    if words == ("3",) or w.is_just(words, w.THERE) or w.is_just(words, w.JUST_THERE, slips=False):
        return c.Arrived()
    if words == ("4",) or w.is_just(words, w.DONE) or w.is_just(words, w.JUST_DONE, slips=False):
        return c.Finished()
    return None


def _responder(words: tuple[str, ...], context: Context) -> Command | None:
    if not context.is_responder or not words:
        return None
    if w.is_just(words[:1], w.OFF, slips=False) and len(words) <= 3:
        days = [int(word) for word in words[1:] if word.isdigit() and len(word) < 4]
        return c.Off(days[0] if days and days[0] else None)
    return c.On() if w.is_just(words, w.ON, slips=False) else None


def _member(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    if not context.is_member:
        return c.Thanks() if w.is_just(words, w.THANKS) else None
    if w.says(words, w.MOVED, slips=False):
        return c.Moved()
    if context.request is None:
        return _opening(text, words, context)
    if w.says(words, w.NOT_NEEDED, slips=False):
        return c.AskNotNeeded()
    if context.request is State.ASKING and context.asked in (Question.HOME, Question.KIND):
        return c.Unclear()
    return c.Unclear() if context.asked else c.FurtherText()


def _opening(text: str, words: tuple[str, ...], context: Context) -> Command:
    if w.is_just(words, w.THANKS) or (context.just_closed and w.is_just(words, w.YES + w.NO)):
        return c.Thanks()
    return c.OpenRequest(kind_in(words), w.names_another_time(text, words))
