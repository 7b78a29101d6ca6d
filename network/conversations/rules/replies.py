"""The answer to each outcome. Pure: an outcome in, texts and the open question out."""

from dataclasses import dataclass
from enum import StrEnum

from network.conversations.rules.context import Context, Question
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import promised


class Outcome(StrEnum):
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


REPLIES: dict[Outcome, Reply] = {
    Outcome.SILENT: Reply((), keeps_question=True),
    Outcome.ASK_JOIN: Reply((Text.JOIN,), Question.JOIN),
    Outcome.JOINED: Reply((Text.JOINED,)),
    Outcome.NOT_ME: Reply((Text.NOT_ME,)),
    Outcome.IT_IS_ME: Reply((Text.CAME_WELL,)),
    Outcome.ASK_HOME: Reply((Text.HOME,), Question.HOME),
    Outcome.ASK_HOME_NOBODY_ON: Reply((Text.NOBODY_ON, Text.HOME_SHORT), Question.HOME),
    Outcome.ASK_HOME_NOBODY_ON_UNTIL: Reply((Text.NOBODY_ON_UNTIL, Text.HOME_SHORT), Question.HOME),
    Outcome.ASK_KIND: Reply((Text.KIND,), Question.KIND),
    Outcome.ASK_CHILDREN: Reply((Text.CHILDREN,), Question.CHILDREN),
    Outcome.SEARCHING: Reply((Text.SEARCHING,)),
    Outcome.TIME_SAVED: Reply((Text.TIME_SAVED,)),
    Outcome.TIME_WRONG: Reply((Text.PERSON_SOON,)),
    Outcome.GAVE_UP_AT: Reply((Text.GAVE_UP_AT,), keeps_question=True),
    Outcome.ELSEWHERE: Reply((Text.ELSEWHERE,)),
    Outcome.DESCRIBE: Reply((Text.DESCRIBE,), Question.DESCRIBE),
    Outcome.SEEN: Reply((Text.FURTHER,), keeps_question=True, unasked=True),
    Outcome.PERSON_SOON: Reply((Text.PERSON_SOON,)),
    Outcome.ASK_NOT_NEEDED: Reply((Text.NOT_NEEDED_SURE,), Question.NOT_NEEDED),
    Outcome.NOT_NEEDED: Reply((Text.NOT_NEEDED_CLOSED,)),
    Outcome.KEEP_LOOKING: Reply((Text.KEEP_LOOKING,)),
    Outcome.WAITING: Reply((Text.WAITING,)),
    Outcome.WILL_CALL: Reply((Text.WILL_CALL,)),
    Outcome.CAME_WELL: Reply((Text.CAME_WELL,)),
    Outcome.DID_NOT_COME: Reply((Text.DID_NOT_COME,)),
    Outcome.NEED_ELSE: Reply((Text.NEED_SOMETHING_ELSE,), Question.DESCRIBE),
    Outcome.MOVED: Reply((Text.MOVED,)),
    Outcome.LANGUAGE: Reply((Text.LANGUAGE_NOW,), keeps_question=True, unasked=True),
    Outcome.NOT_UNDERSTOOD: Reply((Text.NOT_UNDERSTOOD,), keeps_question=True, unasked=True),
    Outcome.THANKS_NOT_NOW: Reply((Text.THANKS_NOT_NOW,), keeps_question=True),
    Outcome.TOO_LATE: Reply((Text.TOO_LATE,), keeps_question=True),
    Outcome.TOO_OLD: Reply((Text.YES_TOO_LATE_REVIEW,), keeps_question=True),
    Outcome.LATE_CODE: Reply((Text.LATE_CODE,), keeps_question=True, unasked=True),
    Outcome.GAVE_UP: Reply((Text.GAVE_UP,)),
    Outcome.PERSON_NOW: Reply((Text.NEED_PERSON_NOW,), keeps_question=True),
    Outcome.VISIT_FINE: Reply((Text.VISIT_FINE,)),
    Outcome.VISIT_CALL: Reply((Text.VISIT_CALL,)),
    Outcome.OFF: Reply((Text.OFF_UNTIL_ON,), keeps_question=True),
    Outcome.OFF_DAYS: Reply((Text.OFF_DAYS,), keeps_question=True),
    Outcome.ON: Reply((Text.ON_AGAIN,), keeps_question=True),
    Outcome.UNKNOWN_SENDER: Reply((Text.UNKNOWN_SENDER,)),
    Outcome.ASK_STOP: Reply((Text.STOP_SURE,), Question.STOP),
    Outcome.ASK_MOVED: Reply((Text.MOVED_SURE,), Question.MOVED),
    Outcome.ASK_GIVE_UP: Reply((Text.GIVE_UP_SURE,), Question.GIVE_UP),
    Outcome.OFFER_AGAIN: Reply((Text.OFFER_AGAIN,), keeps_question=True, unasked=True),
    Outcome.SEEN_ON_VISIT: Reply((Text.SEEN_ON_VISIT,), keeps_question=True, unasked=True),
    Outcome.GLAD: Reply((Text.CAME_WELL,), keeps_question=True, unasked=True),
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


def reply_to(outcome: Outcome) -> Reply:
    return REPLIES[outcome]


def not_understood(context: Context) -> Outcome:
    """Repeat an offer's code or a visit's figures, if no other question is open."""
    if context.stage is not None:
        return Outcome.SEEN_ON_VISIT
    if len(context.answerable) == 1 and context.asked is None:
        return Outcome.OFFER_AGAIN
    return Outcome.NOT_UNDERSTOOD


def asked_again(question: Question | None, *, reasked: bool) -> Text | None:
    """The question to repeat once when its answer wasn't understood. A person reads the text anyway."""
    return None if reasked or question is None else AGAIN.get(question)
