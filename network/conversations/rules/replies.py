"""The answer to each outcome. Pure: an outcome in, texts and the open question out."""

from dataclasses import dataclass, replace
from enum import StrEnum

from network.conversations.rules.context import Context, Question
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import asks, promised


class TextOutcome(StrEnum):
    """What a text led to, as far as the answer depends on it."""

    SILENT = "silent"  # nothing is to be said
    ASK_JOIN = "ask_join"
    JOINED = "joined"
    NOT_ME = "not_me"
    IT_IS_ME = "it_is_me"
    ASK_HOME = "ask_home"
    ASK_HOME_NOBODY_ON = "ask_home_nobody_on"
    ASK_HOME_NOBODY_ON_UNTIL = "ask_home_nobody_on_until"
    ASK_KIND = "ask_kind"
    ASK_CHILDREN = "ask_children"
    SEARCHING = "searching"
    TIME_SAVED = "time_saved"
    TIME_WRONG = "time_wrong"
    GAVE_UP_AT = "gave_up_at"
    ELSEWHERE = "elsewhere"
    DESCRIBE = "describe"
    SEEN = "seen"
    PERSON_SOON = "person_soon"
    ASK_NOT_NEEDED = "ask_not_needed"
    NOT_NEEDED = "not_needed"
    KEEP_LOOKING = "keep_looking"
    WAITING = "waiting"
    WILL_CALL = "will_call"
    CAME_WELL = "came_well"
    DID_NOT_COME = "did_not_come"
    NEED_ELSE = "need_else"
    MOVED = "moved"
    LANGUAGE = "language"
    NOT_UNDERSTOOD = "not_understood"
    THANKS_NOT_NOW = "thanks_not_now"
    TOO_LATE = "too_late"
    TOO_OLD = "too_old"
    LATE_CODE = "late_code"
    GAVE_UP = "gave_up"
    PERSON_NOW = "person_now"
    VISIT_FINE = "visit_fine"
    VISIT_CALL = "visit_call"
    OFF = "off"
    OFF_DAYS = "off_days"
    ON = "on"
    UNKNOWN_SENDER = "unknown_sender"
    GLAD = "glad"
    ASK_STOP = "ask_stop"
    ASK_MOVED = "ask_moved"
    ASK_GIVE_UP = "ask_give_up"
    OFFER_AGAIN = "offer_again"
    SEEN_ON_VISIT = "seen_on_visit"


@dataclass(frozen=True, slots=True)
class Reply:
    """Texts in order; the question that is open after them (None: none). `unasked` ones are capped."""

    texts: tuple[Text, ...]
    question: Question | None = None
    keeps_question: bool = False
    unasked: bool = False


REPLIES: dict[TextOutcome, Reply] = {
    TextOutcome.SILENT: Reply((), keeps_question=True),
    TextOutcome.ASK_JOIN: Reply((Text.JOIN,), Question.JOIN),
    TextOutcome.JOINED: Reply((Text.JOINED,)),
    TextOutcome.NOT_ME: Reply((Text.NOT_ME,)),
    TextOutcome.IT_IS_ME: Reply((Text.CAME_WELL,)),
    TextOutcome.ASK_HOME: Reply((Text.HOME,), Question.HOME),
    TextOutcome.ASK_HOME_NOBODY_ON: Reply((Text.NOBODY_ON, Text.HOME_SHORT), Question.HOME),
    TextOutcome.ASK_HOME_NOBODY_ON_UNTIL: Reply((Text.NOBODY_ON_UNTIL, Text.HOME_SHORT), Question.HOME),
    TextOutcome.ASK_KIND: Reply((Text.KIND,), Question.KIND),
    TextOutcome.ASK_CHILDREN: Reply((Text.CHILDREN,), Question.CHILDREN),
    TextOutcome.SEARCHING: Reply((Text.SEARCHING,)),
    TextOutcome.TIME_SAVED: Reply((Text.TIME_SAVED,)),
    TextOutcome.TIME_WRONG: Reply((Text.PERSON_SOON,)),
    TextOutcome.GAVE_UP_AT: Reply((Text.GAVE_UP_AT,), keeps_question=True),
    TextOutcome.ELSEWHERE: Reply((Text.ELSEWHERE,)),
    TextOutcome.DESCRIBE: Reply((Text.DESCRIBE,), Question.DESCRIBE),
    TextOutcome.SEEN: Reply((Text.FURTHER,), keeps_question=True, unasked=True),
    TextOutcome.PERSON_SOON: Reply((Text.PERSON_SOON,)),
    TextOutcome.ASK_NOT_NEEDED: Reply((Text.NOT_NEEDED_SURE,), Question.NOT_NEEDED),
    TextOutcome.NOT_NEEDED: Reply((Text.NOT_NEEDED_CLOSED,)),
    TextOutcome.KEEP_LOOKING: Reply((Text.KEEP_LOOKING,)),
    TextOutcome.WAITING: Reply((Text.WAITING,)),
    TextOutcome.WILL_CALL: Reply((Text.WILL_CALL,)),
    TextOutcome.CAME_WELL: Reply((Text.CAME_WELL,)),
    TextOutcome.DID_NOT_COME: Reply((Text.DID_NOT_COME,)),
    TextOutcome.NEED_ELSE: Reply((Text.NEED_SOMETHING_ELSE,), Question.DESCRIBE),
    TextOutcome.MOVED: Reply((Text.MOVED,)),
    TextOutcome.LANGUAGE: Reply((Text.LANGUAGE_NOW,), keeps_question=True, unasked=True),
    TextOutcome.NOT_UNDERSTOOD: Reply((Text.NOT_UNDERSTOOD,), keeps_question=True, unasked=True),
    TextOutcome.THANKS_NOT_NOW: Reply((Text.THANKS_NOT_NOW,), keeps_question=True),
    TextOutcome.TOO_LATE: Reply((Text.TOO_LATE,), keeps_question=True),
    TextOutcome.TOO_OLD: Reply((Text.YES_TOO_LATE_REVIEW,), keeps_question=True),
    TextOutcome.LATE_CODE: Reply((Text.LATE_CODE,), keeps_question=True, unasked=True),
    TextOutcome.GAVE_UP: Reply((Text.GAVE_UP,)),
    TextOutcome.PERSON_NOW: Reply((Text.NEED_PERSON_NOW,), keeps_question=True),
    TextOutcome.VISIT_FINE: Reply((Text.VISIT_FINE,)),
    TextOutcome.VISIT_CALL: Reply((Text.VISIT_CALL,)),
    TextOutcome.OFF: Reply((Text.OFF_UNTIL_ON,), keeps_question=True),
    TextOutcome.OFF_DAYS: Reply((Text.OFF_DAYS,), keeps_question=True),
    TextOutcome.ON: Reply((Text.ON_AGAIN,), keeps_question=True),
    TextOutcome.UNKNOWN_SENDER: Reply((Text.UNKNOWN_SENDER,)),
    TextOutcome.ASK_STOP: Reply((Text.STOP_SURE,), Question.STOP),
    TextOutcome.ASK_MOVED: Reply((Text.MOVED_SURE,), Question.MOVED),
    TextOutcome.ASK_GIVE_UP: Reply((Text.GIVE_UP_SURE,), Question.GIVE_UP),
    TextOutcome.OFFER_AGAIN: Reply((Text.OFFER_AGAIN,), keeps_question=True, unasked=True),
    TextOutcome.SEEN_ON_VISIT: Reply((Text.SEEN_ON_VISIT,), keeps_question=True, unasked=True),
    TextOutcome.GLAD: Reply((Text.CAME_WELL,), keeps_question=True, unasked=True),
}

# Every text that may be an answer, their twins for a phone that nobody may call among them.
ANSWERS = frozenset(
    promised(text, safe_to_call=safe)
    for reply in REPLIES.values()
    for text in reply.texts
    for safe in (True, False)
)

AGAIN: dict[Question, Text] = {
    Question.JOIN: Text.JOIN,
    Question.TIME: Text.TIME_RIGHT,
    Question.HOME: Text.HOME_SHORT,
    Question.KIND: Text.KIND,
    Question.CHILDREN: Text.CHILDREN_AGAIN,
    Question.NOT_NEEDED: Text.NOT_NEEDED_SURE,
    Question.STOP: Text.STOP_SURE,
    Question.MOVED: Text.MOVED_SURE,
    Question.GIVE_UP: Text.GIVE_UP_SURE,
}
# The figure that ends or undoes; while somebody is on the way two digits of that one question stand for it.
ENDS_BY: dict[Text, int] = {Text.NOT_NEEDED_SURE: 2, Text.MOVED_SURE: 1}


def reply_to(outcome: TextOutcome) -> Reply:
    return REPLIES[outcome]


def by_call(outcome: TextOutcome) -> Reply:
    """The reply to what was asked by keys in a call, where questions, and that we have it, are spoken."""
    reply = REPLIES[outcome]
    texts = () if reply.unasked else tuple(text for text in reply.texts if not asks(text))
    return replace(reply, texts=texts, unasked=False)


def not_understood(context: Context) -> TextOutcome:
    """Repeat an offer's code or a visit's figures, if no other question is open."""
    if context.stage is not None:
        return TextOutcome.SEEN_ON_VISIT
    if len(context.answerable) == 1 and context.asked is None:
        return TextOutcome.OFFER_AGAIN
    return TextOutcome.NOT_UNDERSTOOD


def asked_again(question: Question | None, *, reasked: bool) -> Text | None:
    """The question to repeat once when its answer wasn't understood. A person reads the text anyway."""
    return None if reasked or question is None else AGAIN.get(question)
