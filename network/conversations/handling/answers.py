"""What is said to whoever sent a text, and the question that is open to them after it."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from network.conversations.handling.message_context import Handling
from network.conversations.models import Conversation
from network.conversations.rules.commands import Command, Unclear
from network.conversations.rules.context import STEPS
from network.conversations.rules.replies import (
    ANSWERS,
    ENDS_BY,
    Reply,
    TextOutcome,
    asked_again,
    by_call,
    reply_to,
)
from network.database.compiled import Compiled
from network.database.writing import insert_once, save_columns
from network.desk.actions import settle
from network.desk.models import Need
from network.desk.rules import About, Reason
from network.dispatch.actions import offering
from network.dispatch.actions.offering import voucher_name
from network.messaging import contacts
from network.messaging.models import Outbound
from network.messaging.outbox import queueing
from network.messaging.outbox.queueing import Purpose
from network.messaging.outbox.wording import say as wording
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text
from network.messaging.texts.languages import switch
from network.messaging.texts.rendering import TABLES, fields, promised
from network.people.models import Member, Person
from network.support.queries import when
from network.trust.models import Vouch


def answer(turn: Handling, command: Command, outcome: TextOutcome, *, called: bool = False) -> None:
    """Say what the outcome calls for, and note the question that is now open.

    `called`: it was asked by keys in a call, which speaks for itself.
    """
    reply = by_call(outcome) if called else reply_to(outcome)
    conversation = turn.conversation or Conversation(person=turn.person)
    again = None
    if isinstance(command, Unclear):
        again = asked_again(turn.context.asked, reasked=conversation.reasked)
    if reply.unasked and not contacts.may_answer_unasked(turn.contact.pk, now=turn.now):
        turn.flag(Reason.TOO_MANY_TEXTS)
        return
    texts = [promised(text, safe_to_call=turn.person.safe_to_call) for text in reply.texts]
    if not contacts.may_answer(turn.contact, texts, ANSWERS, now=turn.now):
        turn.flag(Reason.TOO_MANY_TEXTS, due_at=turn.now if turn.fear else None)
        return
    if again is not None:
        _ask_again(turn, conversation, again)
        return
    owed = say_all(turn, reply.texts)
    if outcome is TextOutcome.LANGUAGE:
        _repeat_question(turn)
    if reply.texts and turn.person.standing == Person.Standing.ACTIVE:
        met = queueing.Meeting(owed[-1], offering.language_of(turn.person), turn.person.pk)
        queueing.introduce(
            [met],
            organizations=lambda _: {turn.person.pk: organization_of(turn.person, now=turn.now)},
            now=turn.now,
        )
    _note_question(turn, conversation, reply, command)


def _note_question(turn: Handling, conversation: Conversation, reply: Reply, command: Command) -> None:
    if reply.keeps_question:
        return
    if conversation.flagged_at and conversation.question in STEPS:
        about = About("request", str(conversation.request_id))
        settle(*_rung(conversation, about), about=about, by=turn.by, now=turn.now, how="answered")
    conversation.question = reply.question or ""
    conversation.request_id = turn.request.pk if turn.request else None
    conversation.visit_id = turn.visit_id
    conversation.asked_at = turn.now if reply.question else None
    conversation.ends_by = turn.ends_by
    conversation.reasked = False
    conversation.flagged_at = conversation.called_at = None
    _keep(conversation)


KEPT = ("question", "request_id", "visit_id", "asked_at", "ends_by", "reasked", "flagged_at", "called_at")


def _keep(conversation: Conversation) -> None:
    """A person's row is made with their first question, or by a page that asks one at the same moment."""
    if not (conversation._state.adding and insert_once(conversation)):
        save_columns(conversation, *KEPT)


def _rung(conversation: Conversation, about: About) -> tuple[Reason, ...]:
    """The needs that silence raised. A request for a person in their own words isn't settled by an answer."""
    if conversation.called_at is None:
        return (Reason.HALF_REQUEST,)
    asked = Need.objects.filter(reason=Reason.PERSON_PLEASE, about=str(about), closed_at=None)
    if asked.filter(raised_at=conversation.called_at, raised_again_at=None).exists():
        return (Reason.HALF_REQUEST, Reason.CALL_MEMBER, Reason.PERSON_PLEASE)
    return (Reason.HALF_REQUEST, Reason.CALL_MEMBER)


def _ask_again(turn: Handling, conversation: Conversation, question: Text) -> None:
    conversation.reasked = True
    _keep(conversation)
    question = promised(question, safe_to_call=turn.person.safe_to_call)
    words = wording(question, offering.language_of(turn.person), **_values(turn, question))
    # In the middle of an answer the network does not name itself.
    say(turn, Text.NOT_UNDERSTOOD_AGAIN, question=words.removeprefix(f"{settings.NETWORK_PREFIX}: "))


def _repeat_question(turn: Handling) -> None:
    """Ask the open question again in the language just chosen."""
    asked = turn.context.question
    text = asked_again(asked, reasked=False) if asked else None
    if text:
        say(turn, text)


def say(turn: Handling, text: Text, **values: object) -> Outbound | None:
    """Owe the sender one text in their language."""
    return say_all(turn, [text], **values)[0]


def say_all(turn: Handling, texts: Sequence[Text], **values: object) -> list[Outbound | None]:
    """Owe the sender these texts in their language, one after the other."""
    wanted = [promised(text, safe_to_call=turn.person.safe_to_call) for text in texts]
    lane = Lane.ANSWER if turn.context.is_member else Lane.OFFER
    purpose = Purpose(lane, turn.request.pk if turn.request else None, drill=turn.drill)
    language = offering.language_of(turn.person)
    letters = [
        queueing.letter(
            turn.person.phone, text, language, purpose=purpose, **{**_values(turn, text), **values}
        )
        for text in wanted
    ]
    owed = queueing.queue_all(letters, now=turn.now)
    if {Text.JOIN, Text.JOIN_REMINDER}.intersection(wanted):
        queueing.mark_introduced(turn.contact.pk, now=turn.now)
    return owed


def _values(turn: Handling, text: Text) -> dict[str, object]:
    """The values for this text's fields, taken from the sender's own situation."""
    wanted = fields(TABLES["en"][text])
    known: dict[str, object] = dict(turn.values)
    if "organization" in wanted and "organization" not in known:
        known["organization"] = organization_of(turn.person, now=turn.now)
    if "switch" in wanted:
        known["switch"] = switch(offering.language_of(turn.person), settings.NETWORK_LANGUAGES)
    if "code" in wanted and "code" not in known:
        known["code"] = turn.ends_by or turn.context.ends_by or ENDS_BY[text]
    if text in (Text.GIVE_UP_SURE, Text.GIVE_UP_SURE_WRITE):
        known.setdefault("name", (turn.person.name.split() or ["?"])[0])
    if "when" in wanted and turn.request and turn.request.starts_at:
        known.setdefault("when", when(turn.request.starts_at, turn.person.language))
    return {name: value for name, value in known.items() if name in wanted}


def organization_of(person: Person, *, now: datetime) -> str:
    """The name of the organization that gave us this phone, as long as its vouches count."""
    member: Member | None = getattr(person, "member", None)
    if member and member.organization.is_in_good_standing and not took_it_back(person, member):
        return str(member.organization.name)
    return voucher_name(person, now=now)


_own_vouches = Compiled(
    lambda person_id, organization_id: Vouch.objects.filter(
        person_id=person_id, organization_id=organization_id, role=Vouch.Role.MEMBER
    ).values_list("withdrawn_at", "held")
)


def took_it_back(person: Person, member: Member) -> bool:
    """Whether a member's own organization once vouched for them, and no such vouch is in force."""
    vouches = _own_vouches.all(person.pk, member.organization_id)
    return bool(vouches) and all(withdrawn_at or held for withdrawn_at, held in vouches)
