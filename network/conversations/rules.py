"""Understanding one text in its context. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from network.conversations import commands as c
from network.conversations import quoting, resting, spoken, typed
from network.conversations import words as w
from network.conversations.commands import Command
from network.conversations.duress import text_without, without_word
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
    STOP = "stop"  # no more texts at all?
    MOVED = "moved"  # do they live somewhere else now?
    GIVE_UP = "give_up"  # can they not go at all?
    WAIT_OR_CALL = "wait_or_call"
    DID_THEY_COME = "did_they_come"
    VISIT_FINE = "visit_fine"


CLOSING = frozenset({Question.DID_THEY_COME, Question.VISIT_FINE})
IS_IT_YOU = frozenset({Question.ENROLLED, Question.STILL_YOU})
YIELDING = CLOSING | IS_IT_YOU
YIELDS_AFTER = timedelta(minutes=15)  # then an offer is the question that a bare answer is to
MOST_CHILDREN = 12
STOPPED_BY = " \n.,!'\"*"  # signs beside a stop word that say nothing more
SHORT = 4  # words in which a kind's name is the choice
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
    ends_by: int | None = (
        None  # two digits that the open question shows in place of the one that ends or undoes
    )
    a_person_asked: bool = False  # the last text they got was written by a coordinator, lately

    @property
    def answerable(self) -> tuple[OpenOffer, ...]:
        return tuple(offer for offer in self.offers if offer.open and not offer.stale)

    @property
    def asked(self) -> Question | None:
        """The open question, unless it yields to an open offer."""
        yields = self.question in YIELDING or self.question_age > YIELDS_AFTER
        return None if yields and self.answerable else self.question


class Rule(StrEnum):
    """What decided, in the order in which it is looked at."""

    CARRIER_WORD = "a word of the carrier's, alone"
    NOT_SERVED = "a phone that isn't in the network"
    DURESS_WORD = "the duress word"
    REACTION = "a reaction to a text of ours"
    MACHINE = "written by a machine"
    QUOTATION = "our own words"
    INVITATION = "invited, and not joined yet"
    LEFT_ALONE = "asks for no more texts"
    TO_A_PERSON = "answers a coordinator's own question"
    CODE = "the code of an offer"
    ANSWER = "answers the open question"
    ANY_TIME = "a person, not me, or a language"
    VISIT = "about the visit"
    REST = "off or on"
    MEMBER = "anything else from a member"
    NOTHING = "nothing that we know"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a text asks of us, what decided it, and whether a cry for help stands in it, whatever it asks."""

    command: Command
    rule: Rule
    fear: bool
    danger: bool = False  # more than a plain "help" stands in it


def understand(text: str, context: Context) -> Command:
    """What this text asks of us."""
    return decide(text, context).command


def decide(text: str, context: Context) -> Decision:
    """The same with its reason. Never raises, and never guesses at a place, an opt-out or a closing."""
    shown = typed.clean(text)
    words = w.fold(shown)
    command, rule = _decide(text, shown, words, context)
    return Decision(command, rule, w.afraid(words), w.in_danger(words))


def _decide(text: str, shown: str, words: w.Words, context: Context) -> tuple[Command, Rule]:
    if is_stop(text):
        return c.Stop(), Rule.CARRIER_WORD
    if context.opted_out and is_start(text):
        return c.Restore(), Rule.CARRIER_WORD
    if context.standing is Standing.STRANGER:
        return c.FromStranger(), Rule.NOT_SERVED
    if context.standing is Standing.REFUSED:
        return c.FromRefused(), Rule.NOT_SERVED
    # Before anything is taken off: a word at the end may look like the name under a text.
    secret = context.duress_word if context.is_member else None
    if secret and without_word(words, secret) is not None:
        left = text_without(shown, secret)
        as_if = _own(left, w.fold(left), context) if left.strip() else _known("", w.Words(), context)
        return c.Duress(as_if[0]), Rule.DURESS_WORD
    return _own(shown, words, context)


def _own(text: str, words: w.Words, context: Context) -> tuple[Command, Rule]:
    """What somebody wrote themselves, less what stands in the text beside it."""
    reaction = quoting.reaction(text)
    own = typed.unsigned(quoting.without_quotations(text))
    quoted = reaction is not None or (text.strip() and not own)
    if quoted and w.afraid(w.fold(beside := quoting.beside_quotations(text))):
        return _known(beside, w.fold(beside), context)
    if reaction is not None:
        return c.Reaction(reaction.disliked), Rule.REACTION
    if quoting.by_itself(text) and not w.afraid(words):
        return c.Unclear(), Rule.MACHINE
    if quoted:
        return c.Reaction(disliked=False), Rule.QUOTATION
    return _known(own, words if own == text else w.fold(own), context)


def _known(text: str, words: w.Words, context: Context) -> tuple[Command, Rule]:
    bare = words if len(words) > w.LONG else w.Words(_without_vocatives(typed.without_courtesy(words)))
    steps: tuple[tuple[Rule, Callable[[], Command | None]], ...] = (
        (Rule.TO_A_PERSON, lambda: _to_a_person(bare, context)),
        (Rule.INVITATION, lambda: _invited(text, words, bare, context)),
        (Rule.LEFT_ALONE, lambda: _left_alone(text, words, bare, context)),
        (Rule.CODE, lambda: _coded(text, bare, context)),
        (Rule.ANSWER, lambda: _whole_answer(text, bare, context)),
        (Rule.ANY_TIME, lambda: _any_time(text, words, bare, context)),
        (Rule.VISIT, lambda: _visitor(text, bare, context)),
        (Rule.REST, lambda: _responder(text, bare, context)),
        (Rule.MEMBER, lambda: _member(text, words, context)),
    )
    if len(words) > w.LONG:
        steps = tuple(step for step in steps if step[0] not in _SHORT_ONLY)
        if context.asked is Question.DESCRIBE:
            return c.Described(), Rule.ANSWER
    return next(((found, rule) for rule, look in steps if (found := look())), (c.Unclear(), Rule.NOTHING))


_SHORT_ONLY = frozenset({Rule.TO_A_PERSON, Rule.CODE, Rule.ANSWER, Rule.VISIT, Rule.REST})


def _without_vocatives(words: tuple[str, ...]) -> tuple[str, ...]:
    """Whoever is spoken to goes; "2 guys" are counted."""
    left = tuple(
        word
        for before, word in zip(("", *words), words, strict=False)
        if word not in w.VOCATIVES or (word in w.COUNTED and before.isdigit())
    )
    return typed.without_courtesy(left) if left and len(left) < len(words) else words


def _whole_answer(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    """To what was asked, and no question of their own."""
    if context.asked is not Question.DESCRIBE and (typed.asks(text) or typed.is_measured(text)):
        return None
    return _answer(text, words, context) or _figure_beside_words(text, words, context)


def _figure_beside_words(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    """ "2 wrong number", "la 1, someone to come": the figure and the words mean the same answer.

    "No 2" may mean that it isn't the second.
    """
    given = typed.without_choice(words)
    if given[:1] and w.is_just(given[:1], w.NO, slips=False):
        return None
    for figure, rest in ((given[:1], given[1:]), (given[-1:], given[:-1])):
        if rest and rest[0] not in w.COUNTED and figure[0].isdigit() and len(figure[0]) == 1:
            answer = _answer(figure[0], figure, context)
            same = typed.without_courtesy(rest)
            kind = w.made_of(same, w.SAID_WELL + w.THANKS, slips=False)
            said = _answer(" ".join(same), same, context) or _any_time("", same, same, context)
            if answer and (kind or said == answer):
                return answer
    return None


def _to_a_person(words: tuple[str, ...], context: Context) -> Command | None:
    """A bare yes, no or figure while a coordinator's own words were the last is for the coordinator.

    But for what is theirs at any time: 0, 9, the code of an open offer, and 3, 4 and 5 on a visit.
    """
    if not context.a_person_asked or not words:
        return None
    figures = w.as_digits(words)
    if len(figures) == 1 and figures[0].isdigit():
        figure = int(figures[0][:4])
        on_visit = context.stage is not None and figure in (3, 4, 5)
        always = figure in (0, 9) or any(offer.open and offer.code == figure for offer in context.offers)
        return None if on_visit or always else c.FurtherText()
    return c.FurtherText() if w.made_of(words, w.YES + w.NO, slips=False) else None


def _left_alone(text: str, words: tuple[str, ...], bare: tuple[str, ...], context: Context) -> Command | None:
    """Nothing but that; among other words it is asked first, if it is of texts. Never with fear.

    A word of the carrier's with signs or courtesy is that word; but "cancel" and "end" may be about what is
    under way, and where nothing is they are asked about.
    """
    wish = w.STOP_ASKED + w.JUST_STOP_ASKED
    once = tuple(dict.fromkeys(bare))
    if bare == ("stop",):
        return c.StopAsked() if is_stop(text.strip(STOPPED_BY)) else c.AskStop()
    if once in w.STOP_SIGNED:
        return c.StopAsked()
    under_way = context.request or context.stage or context.offers or context.promised
    if once in w.STOP_OR_OVER and not under_way:
        return c.AskStop()
    if w.made_of(bare, wish + w.ANY_MORE, slips=False) and w.says(bare, wish, slips=False):
        return c.StopAsked()
    if w.is_just(bare, w.LIKE_STOP, slips=False):
        return c.AskStop()
    if w.OF_TEXTS.isdisjoint(words) or not w.says(words, w.STOP_ASKED, slips=False):
        return None
    others = w.says(words, w.PERSON + w.REPORTED)
    speaks_of_more = w.afraid(words) or others or w.HAS_FIGURE.search(" ".join(words))
    return None if speaks_of_more else c.AskStop()


def _invited(text: str, words: tuple[str, ...], bare: tuple[str, ...], context: Context) -> Command | None:
    """Who isn't in yet loses nothing by being left alone: they aren't asked whether they mean it."""
    if context.standing is not Standing.INVITED:
        return None
    if _left_alone(text, words, bare, context):
        return c.StopAsked()
    if context.question is Question.JOIN and not (typed.asks(text) or typed.is_measured(text)):
        bare = typed.choice(w.as_digits(_without_vocatives(typed.without_courtesy(words))), yes=1)
        if bare[:1] == ("2",) and w.is_just(bare[1:], w.NO + w.NOT_ME, slips=False):
            return c.NotMe()
        if bare == ("1",) or w.made_of(bare, w.JOIN + w.YES, slips=False):
            return c.Join()
        if bare == ("2",) or w.is_just(bare, w.NO + w.NOT_ME, slips=False):
            return c.NotMe()
    return _language(words) or c.AskToJoin()


def _language(words: tuple[str, ...]) -> Command | None:
    if words == ("0",):
        return c.SetLanguage(None)
    for code, names in w.LANGUAGES.items():
        exact = w.LANGUAGES_TO_THE_LETTER.get(code)
        if w.is_just(words, names) or (exact and w.is_just(words, exact, slips=False)):
            return c.SetLanguage(code)
    return None


def _coded(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    """An offer is accepted by its own two digits, beside which stands at most a yes, thanks or minutes."""
    if context.asked is Question.CHILDREN or not words:
        return None
    if context.is_member and context.request is None and w.afraid(words):
        return None
    codes = {offer.code: offer for offer in context.offers}
    words = spoken.with_codes(words, codes)
    named = [word for word in words if len(word) == 2 and word.isdigit() and int(word) in codes]
    if len(set(named)) > 1:
        return c.Unclear()
    if not named:
        unknown = len(words) == 1 and len(words[0]) == 2 and words[0].isdigit() and int(words[0]) > 9
        unknown = unknown and int(words[0]) != context.ends_by
        return c.LateCode(None) if unknown and context.is_responder and context.stage is None else None
    code, mine = named[0], codes[int(named[0])]
    at = words.index(code)
    if not mine.open:
        return c.LateCode(mine.id) if at == 0 else None
    if not spoken.stands_alone(text, code) or typed.asks(text):
        return c.Unclear()
    before, after = words[:at], words[at + 1 :]
    if all(not rest or w.made_of(rest, w.ACCEPTING) for rest in (before, spoken.without_minutes(after))):
        said = text.strip()[2:].strip(" .,;:-") if text.strip()[:2] == code else " ".join(after)
        return c.Accept(mine.id, said, w.minutes_said(said, after))
    to_member = context.is_member and (at > 0 or w.afraid(words))
    return None if to_member else c.Unclear()


def _answer(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    """An answer to the one open question."""
    match context.asked:
        case Question.TIME:
            return _time(words)
        case Question.STILL_STANDS:
            return _still_stands(words)
        case Question.ENROLLED | Question.STILL_YOU as asked:
            return _is_it_you(words, no=None if asked is Question.ENROLLED else 2)
        case Question.HOME:
            return _not_later(_home(words), text, words)
        case Question.KIND:
            return _not_later(_kind(words), text, words)
        case Question.CHILDREN:
            return _children(words)
        case Question.DESCRIBE:
            return None if words in (("0",), ("9",)) else c.Described()
        case Question.NOT_NEEDED:
            return _not_needed(words, ends_by=context.ends_by or 2)
        case Question.STOP:
            return _pick(words, {1: c.StopAsked(), 2: c.KeepTexting()}) or (
                c.KeepTexting() if w.is_just(words, w.KEEP_TEXTING, slips=False) else None
            )
        case Question.MOVED:
            return _pick(words, {context.ends_by or 1: c.Moved(), 2: c.SameHome()}, no=2)
        case Question.GIVE_UP:
            return _pick(words, {1: c.StillGoing(), 5: c.GiveUp()}) or (
                c.StillGoing() if w.is_just(words, w.STILL_GOING, slips=False) else None
            )
        case Question.WAIT_OR_CALL:
            return (
                _pick(words, {1: c.KeepWaiting(), 2: c.CallMe()})
                or (c.KeepWaiting() if w.is_just(words, w.WAIT) else None)
                or (c.CallMe() if w.is_just(words, w.CALL_ME + w.WRITE_TO_ME, slips=False) else None)
            )
        case Question.DID_THEY_COME:
            return _came(words)
        case Question.VISIT_FINE:
            return (
                _pick(words, {1: c.VisitFine(), 2: c.VisitCall()}, yes=1)
                or (
                    c.VisitFine()
                    if w.made_of(words, w.FINE + w.THANKS + w.YES + w.SAID_WELL, slips=False)
                    else None
                )
                or (c.VisitCall() if w.is_just(words, w.CALL_ME + w.WRITE_TO_ME, slips=False) else None)
            )
        case _:
            return _yes_or_no(text, words, context)


def _not_later(found: Command | None, text: str, words: tuple[str, ...]) -> Command | None:
    """A kind that is wanted on another day is a person's to read."""
    later = isinstance(found, c.ChooseKind) and len(words) > 1 and w.names_another_time(text, words)
    return None if later else found


def _pick(
    words: tuple[str, ...], choices: dict[int, Command], *, yes: int | None = None,
    no: int | None = None,
) -> Command | None:  # fmt: skip
    """A bare digit, or a bare yes or no where the question has one."""
    digits = typed.choice(w.as_digits(words), yes=yes)
    if len(digits) == 1 and digits[0].isdigit() and len(digits[0]) < 3:
        return choices.get(int(digits[0]))
    if yes is not None and w.is_just(words, w.YES, slips=False):
        return choices[yes]
    return choices[no] if no is not None and w.is_just(words, w.NO, slips=False) else None


def _time(words: tuple[str, ...]) -> Command | None:
    picked = _pick(words, {1: c.TimeRight(), 2: c.TimeWrong()}, yes=1, no=2)
    if picked:
        return picked
    if w.is_just(words, w.NOT_RIGHT, slips=False):
        return c.TimeWrong()
    right = w.RIGHT + w.YES + w.THANKS
    return c.TimeRight() if w.made_of(words, right, slips=False) else None


def _is_it_you(words: tuple[str, ...], *, no: int | None) -> Command | None:
    """Other words than an answer are what they always are: "help" opens a request."""
    picked = _pick(words, {1: c.ItIsMe(), 2: c.NotMe()}, yes=1, no=no)
    return picked or (c.ItIsMe() if w.made_of(words, w.IT_IS_ME + w.YES, slips=False) else None)


def _home(words: tuple[str, ...]) -> Command | None:
    """Where the member is, by a text that says nothing else: where others are, or were, is no answer."""
    picked = _pick(words, {1: c.AtHome(), 2: c.Elsewhere()}, yes=1, no=2)
    if picked:
        return picked
    away = w.ELSEWHERE + w.NOT_HOME
    if w.says(words, away, slips=False) and w.made_of(words, away + w.I_AM + w.NO, slips=False):
        return c.Elsewhere()
    if w.says(words, w.OTHERS_HOME, slips=False):
        return c.Elsewhere() if _at_others_home(words) else None
    if not w.DENYING.isdisjoint(words):
        return None
    at_home = w.made_of(words, w.JUST_HOME + w.AT_HOME + w.I_AM + w.YES) or _says_home_first(words)
    if at_home:
        return None if w.says(words, w.ANOTHER_PLACE, slips=False) else c.AtHome()
    return _choose(_kind_asked(words)) if _wishes(words) else None


def _wishes(words: tuple[str, ...]) -> bool:
    """Whether a kind that stands in the words is asked for, not spoken of; fear beside it isn't a choice."""
    if w.afraid(words) or w.says(words, w.HAVING + w.REPORTED, slips=False):
        return False
    return len(words) <= SHORT or w.says(words, w.WISHES, slips=False)


def _at_others_home(words: tuple[str, ...]) -> bool:
    """ "I am at my sister's", short, and said of nobody else."""
    if len(words) > AT_MOST or w.afraid(words):
        return False
    first = w.where(words, w.OTHERS_HOME, slips=False)
    return not first or w.made_of(words[:first], w.I_AM + w.NO)


def _says_home_first(words: tuple[str, ...]) -> bool:
    """ "Yes at home with the kids": short, and begun by the answer."""
    if len(words) > AT_MOST:
        return False
    return any(
        w.made_of(words[:span], w.AT_HOME + w.I_AM + w.YES) and w.says(words[:span], w.AT_HOME)
        for span in range(2, len(words) + 1)
    )  # fmt: skip


def _still_stands(words: tuple[str, ...]) -> Command | None:
    picked = _pick(words, {1: c.StillStands(), 2: c.CantKeep(), 5: c.CantKeep()}, yes=1, no=2)
    if picked:
        return picked
    if _gives_up(words) or w.is_just(words, w.NOT_NOW, slips=False):
        return c.CantKeep()
    sure = w.YES + w.CAN_GO + w.STANDS
    says_yes = w.made_of(words, w.ACCEPTING + w.STANDS) and w.says(words, sure, slips=False)
    return c.StillStands() if says_yes else None


def _gives_up(words: tuple[str, ...]) -> bool:
    """Not going, and nothing else: "can't go any faster" is no such text."""
    return w.says(words, w.CANT_GO, slips=False) and w.made_of(words, w.GIVING_UP, slips=False)


def _choose(kind: Kind | None) -> Command | None:
    return c.ChooseKind(kind) if kind else None


def kind_in(words: tuple[str, ...]) -> Kind | None:
    """The one kind that the words name; None for none or for several."""
    named = kinds_in(words)
    return named.pop() if len(named) == 1 else None


def kinds_in(words: tuple[str, ...]) -> set[Kind]:
    tables = {Kind.LEGAL: w.LAWYER, Kind.CHILDCARE: w.CHILDCARE, Kind.ACCOMPANIMENT: w.COMPANY}
    return {kind for kind, said in tables.items() if w.says(words, said)}


def _is_mixed(words: tuple[str, ...]) -> bool:
    """Refused, or a figure beside words: perhaps not what one of the words alone would mean."""
    refused = not w.DENYING.isdisjoint(words) or w.says(words, w.REFUSING, slips=False)
    doubted = w.says(words, w.DOUBTING + w.OTHER, slips=False)
    return refused or doubted or any(word.isdigit() for word in words)


def _kind(words: tuple[str, ...]) -> Command | None:
    choices: dict[int, Command] = {
        1: c.ChooseKind(Kind.ACCOMPANIMENT),
        2: c.ChooseKind(Kind.LEGAL),
        3: c.ChooseKind(Kind.CHILDCARE),
        4: c.SomethingElse(),
    }
    named = kind_in(words)
    if not kinds_in(words) and w.says(words, w.MINDS_CHILDREN, slips=False):
        named = Kind.CHILDCARE
    bare = words[1:] if words[:1] and words[0] in w.ARTICLES else words
    told = w.is_just(bare, w.CHILDCARE + w.LAWYER + w.COMPANY)  # with fear beside it a word is no choice
    if named is Kind.CHILDCARE and not told and not w.says(words, w.CARE + w.MINDS_CHILDREN, slips=False):
        named = None  # to speak of children isn't to ask for care
    unsure = _is_mixed(words) or not (told or _wishes(words))
    picked = _pick(words, choices) or (None if unsure else _choose(named))
    return picked or (c.SomethingElse() if w.is_just(words, w.OTHER) else None)


def _children(words: tuple[str, ...]) -> Command | None:
    """While a count is asked, a text that is nothing but a count of children is the count.

    Several numbers may be ages, and whatever else is counted is no child: a person reads.
    """
    numbers = [word for word in w.as_digits(words) if word.isdigit()]
    others = tuple(word for word in w.as_digits(words) if not word.isdigit())
    counts_children = not others or w.made_of(others, w.CHILDREN_COUNTED)
    if len(numbers) == 1 and counts_children and _follows_a_count(words):
        count = int(numbers[0][:3])
        return c.Children(count) if 1 <= count <= MOST_CHILDREN else c.Unclear()
    return c.Unclear() if numbers else None


def _follows_a_count(words: tuple[str, ...]) -> bool:
    """ "2 ninos y una bebe" is three."""
    return not any(
        word in ("y", "and", "plus", "mas", "ak") and not w.BABY.isdisjoint(words[at + 1 : at + 4])
        for at, word in enumerate(words)
    )


def _not_needed(words: tuple[str, ...], *, ends_by: int) -> Command | None:
    picked = _pick(words, {1: c.KeepLooking(), ends_by: c.NotNeeded()})
    if ends_by == 2 and w.is_just(words, w.NOT_NEEDED_LABEL, slips=False):
        return c.NotNeeded()
    if picked:
        return picked
    first = w.where(words, w.KEEP_LOOKING)
    denied = first is not None and not w.DENYING.isdisjoint(words[max(first - 2, 0) : first])
    both = w.says(words, w.NOT_NEEDED + w.NOT_NEEDED_LABEL, slips=False)
    return None if first is None or denied or both else c.KeepLooking()


def _came(words: tuple[str, ...]) -> Command | None:
    picked = _pick(words, {1: c.Came(), 2: c.DidNotCome(), 3: c.NeedElse()}, yes=1, no=2)
    if picked:
        return picked
    if w.says(words, w.DID_NOT_COME):
        return None if w.says(words, w.ALL_WELL, slips=False) else c.DidNotCome()
    if not w.DENYING.isdisjoint(words):
        return None
    if w.made_of(words, w.CAME + w.YES):
        return c.Came()
    if w.says(words, w.CAME, slips=False) and w.made_of(words, w.CAME + w.YES + w.THANKS + w.SAID_WELL):
        return c.Came()
    if w.is_just(words, w.THANKS):
        return c.Thanks()
    return c.NeedElse() if w.is_just(words, w.OTHER) else None


def _yes_or_no(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    """A bare answer while exactly one offer is the open question."""
    if len(context.answerable) != 1 or context.stage is not None:
        return None
    if typed.asks(text):
        return None
    offer = context.answerable[0].id
    refuses = w.says(words, w.NO + w.NOT_NOW + w.CANT_GO, slips=False)
    if w.as_digits(words) == ("2",) or (refuses and w.made_of(words, w.DECLINING, slips=False)):
        return c.Decline(offer)
    if w.made_of(words, w.ACCEPTING) and w.says(words, w.YES + w.CAN_GO, slips=False):
        return c.Accept(offer, "", None)
    return c.Unclear() if w.is_just(words, w.ON, slips=False) else None


def _any_time(text: str, words: tuple[str, ...], bare: tuple[str, ...], context: Context) -> Command | None:
    bare = w.as_digits(bare)
    if context.stage and (bare == ("9",) or w.says(words, w.PERSON) or _needs_help(words, bare)):
        return c.VisitorNeedsPerson()
    to_lawyer = w.says(words, w.LAWYER, slips=False)
    opens = context.is_member and context.request is None and (w.afraid(words) or to_lawyer)
    wants = w.says(words, w.PERSON) and not w.says(words, w.NO_WISH, slips=False)
    if bare == ("9",) or (wants and not opens):
        return c.PersonPlease()
    if w.made_of(bare, w.NOT_ME + w.NO, slips=False) and w.says(bare, w.NOT_ME, slips=False):
        return c.Unclear() if typed.asks(text) else _not_them(context)
    return _language(bare)


def _not_them(context: Context) -> Command:
    """Where nobody asked, a person looks first: "wrong person" may be who stands before them."""
    if context.question in IS_IT_YOU:
        return c.NotMe()
    return c.FurtherText() if context.request and not context.asked else c.Unclear()


def _needs_help(words: tuple[str, ...], bare: tuple[str, ...]) -> bool:
    """Of somebody on a visit, short: a call too many harms nobody."""
    if w.is_just(bare, w.HELP_HERE):
        return True
    return (
        len(words) <= AT_MOST + 2 and w.NEGATIVE.isdisjoint(words) and w.says(words, w.HELP_HERE, slips=False)
    )


def _visitor(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    """Three, four, five and their words, from somebody who has a visit; each only as the whole text."""
    if typed.asks(text) or (len(words) == 1 and typed.is_measured(text)):
        return None
    words = w.as_digits(words)
    five = words[:1] == ("5",) and (len(words) == 1 or w.made_of(words[1:], w.GIVING_UP, slips=False))
    gives_up = five or _gives_up(words)
    if context.stage is None:
        return c.CantKeep() if context.promised and gives_up else None
    if gives_up:
        return c.GiveUp()
    if words == ("3",) or w.is_just(words, w.THERE) or w.is_just(words, w.JUST_THERE, slips=False):
        return c.Arrived()
    if (
        words == ("4",)
        or (w.says(words, w.DONE, slips=False) and w.made_of(words, w.DONE + w.FINE + w.THANKS))
        or w.is_just(words, w.JUST_DONE, slips=False)
    ):
        return c.Finished()
    gives_up = any(_ends_giving_up(clause) for clause in w.clauses(text))
    return c.AskGiveUp() if gives_up and not w.afraid(words) else None


def _ends_giving_up(clause: tuple[str, ...]) -> bool:
    """ "Something came up I can't go": the whole of it, or its end; what has an "if" is no such thing."""
    if not w.CONDITION.isdisjoint(clause) and not _gives_up(clause):
        return False
    return any(_gives_up(clause[at:]) for at in range(max(len(clause) - AT_MOST, 0), len(clause)))


def _responder(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    if not context.is_responder or not words or typed.asks(text):
        return None
    if w.is_just(words[:1], w.OFF, slips=False):
        return resting.off(words[1:]) or resting.off(typed.without_courtesy(words)[1:])
    return c.On() if w.is_just(words, w.ON, slips=False) and context.stage is None else None


def _member(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    if not context.is_member:
        return c.Thanks() if w.is_just(words, w.THANKS) and not context.answerable else None
    afraid = w.afraid(words)
    if w.made_of(typed.without_courtesy(words), w.MOVED, slips=False):
        return c.AskMoved()
    if context.request is None:
        # Of a responder who was asked, or is out: more likely about that than about their own home.
        elsewhere = context.stage is not None or bool(context.answerable)
        is_it_you = context.question in IS_IT_YOU
        if is_it_you and not afraid and _is_parting(words):
            return c.Thanks()
        begins = words[:1] in (("1",), ("2",)) or w.is_just(words[:1], w.YES, slips=False)
        asks_who = is_it_you and (begins or w.says(words, w.WHO, slips=False))
        own_home = w.says(words, w.OWN_HOME, slips=False) and w.says(words, w.ASKS_TO_COME, slips=False)
        waits = (elsewhere and not own_home) or asks_who
        return c.Unclear() if waits and not afraid else _opening(text, words, context)
    over = w.says(words, w.NOT_NEEDED, slips=False) and not w.says(
        words, w.NOT_FALSE + w.REPORTED, slips=False
    )
    if over and not afraid:
        return c.AskNotNeeded()
    if not afraid and any(w.made_of(clause, w.MOVED, slips=False) for clause in w.clauses(text)):
        return c.AskMoved()
    if context.request is State.ASKING and context.asked in (Question.HOME, Question.KIND):
        return c.Unclear()
    return c.Unclear() if context.asked else c.FurtherText()


def _opening(text: str, words: tuple[str, ...], context: Context) -> Command:
    """The first text of a request. Fear opens it for now, whatever day or hour is named beside it."""
    afraid = w.afraid(words)
    kind = w.says(words, w.THANKS, slips=False) and w.made_of(words, w.THANKS + w.SAID_WELL, slips=False)
    thanks = kind or w.is_just(words, w.THANKS) or (context.just_closed and _is_parting(words))
    if thanks and not afraid:
        return c.Thanks()
    return c.OpenRequest(_kind_asked(words), w.names_another_time(text, words) and not afraid)


def _is_parting(words: tuple[str, ...]) -> bool:
    """What is said after a request is over: thanks, a laugh, hearts."""
    if not words or w.made_of(words, w.THANKS + w.YES + w.NO + w.SAID_WELL):
        return True
    says_thanks = len(words) <= AT_MOST + 2 and w.says(words, w.THANKS, slips=False)
    return says_thanks and w.BUT.isdisjoint(words)


def _kind_asked(words: tuple[str, ...]) -> Kind | None:
    """The kind that a first text asks for. To speak of children isn't to ask for care."""
    kind = None if w.says(words, w.REFUSING, slips=False) else kind_in(words)
    cares = kind is not Kind.CHILDCARE or w.is_just(words, w.CHILDCARE) or w.says(words, w.CARE)
    return kind if cares else None
