"""One text at a time: understand it in its context, act, answer, all in one transaction."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from network.audit import rules as audit
from network.audit.actions import record
from network.audit.rules import ENGINE, Actor, error_of
from network.conversations.acting import act
from network.conversations.commands import Command, Restore, Stop, Unclear
from network.conversations.crying import tell_of_cry
from network.conversations.models import Conversation
from network.conversations.queries import context_of, read
from network.conversations.replies import ANSWERS, ENDS_BY, Outcome, Reply, asked_again, reply_to
from network.conversations.rules import decide
from network.conversations.rules_context import STEPS, Context
from network.conversations.turn import Turn
from network.database.compiled import Compiled
from network.database.writing import insert_once, save_columns
from network.desk.actions import raise_need, settle
from network.desk.models import Need
from network.desk.rules import About, Reason
from network.dispatch import actions as dispatch
from network.dispatch.actions import voucher_name
from network.messaging import actions as messaging
from network.messaging.actions import Purpose
from network.messaging.backfill import is_catching_up
from network.messaging.copies import COPY, are_many, is_copied, last_said
from network.messaging.models import Contact, Inbound, Outbound
from network.messaging.queries import texts_to_handle
from network.messaging.rules import InState, Lane, asks_to_start, asks_to_stop
from network.messaging.texts import TABLES, Text, fields, promised
from network.messaging.texts.languages import switch
from network.messaging.wording import say as wording
from network.people.models import Member, Person
from network.people.queries import person_by_fingerprint
from network.privacy.queries import fingerprint
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.queries import open_of_person, when
from network.support.rules import Kind
from network.trust.models import Vouch
from network.visits import actions as visits

log = logging.getLogger("porchlight")
STRANGERS_AT_ONCE = 100
TEXTS_AT_ONCE = 8  # then the searches that they made due are planned
A_FLOOD = 100  # open needs about unknown phones


def _first(texts: QuerySet[Inbound]) -> QuerySet[Inbound]:
    """The text to handle first, held with its phone; phones that somebody is at are left to them.

    Phones take turns: whoever was heard the longest ago comes first, and theirs in the order they came.
    """
    earlier = Inbound.objects.filter(
        Q(came_at__lt=OuterRef("came_at")) | Q(came_at=OuterRef("came_at"), arrival__lt=OuterRef("arrival")),
        contact=OuterRef("contact"),
        state=InState.WAITING,
    )
    return (
        texts.exclude(Exists(earlier))
        .select_for_update(no_key=True, skip_locked=True, of=("self", "contact"))
        .select_related("contact")
        .order_by(F("contact__last_in_at").asc(nulls_first=True), "arrival")[:1]
    )


_next = Compiled(lambda now: _first(texts_to_handle(now)))
_next_of_strangers = Compiled(lambda now: _first(texts_to_handle(now, ours=False)))


def handle_waiting(*, now: datetime) -> int:
    """Handle a few texts of known phones. Returns how many were handled, or failed."""
    return _handle_some(_next, most=TEXTS_AT_ONCE, now=now)


def handle_strangers(*, now: datetime) -> int:
    """Handle a batch of texts of phones that nobody has. Returns how many."""
    return _handle_some(_next_of_strangers, most=STRANGERS_AT_ONCE, now=now)


def _handle_some(take: Compiled[Inbound], *, most: int, now: datetime) -> int:
    """Right after a gap nothing is handled until the carrier's list was read, since older texts may still be
    missing."""
    if is_catching_up(now=now):
        return 0
    handled = 0
    while handled < most and _handle_one(take, now=now):
        handled += 1
    return handled


def _handle_one(take: Compiled[Inbound], *, now: datetime) -> bool:
    """False where there is none.

    One that fails is tried three times, holding back the later ones of its phone for a few seconds; then a
    person reads it and the later ones go on.
    """
    text: Inbound | None = None
    try:
        with transaction.atomic():
            text = take.first(now)
            if text is None:
                return False
            assert text.contact is not None  # who has none waits for nothing
            _handle(text, text.contact, now=now)
    except Exception as error:
        if text is None or text.contact_id is None:
            raise
        # The kind of error only: its message may hold what the text says.
        log.error("text %s failed: %s", text.pk, error_of(error))
        _failed(text.pk, text.contact_id, now=now)
    return True


def _failed(text_id: UUID, contact_id: UUID, *, now: datetime) -> None:
    with transaction.atomic():
        if messaging.failed(text_id, now=now):
            person = person_by_fingerprint(bytes(Contact.objects.get(pk=contact_id).fingerprint))
            waits = open_of_person(person.pk) if person else None
            raise_need(
                Reason.FAILED_TEXT, about=About("contact", str(contact_id)), now=now, by=ENGINE,
                request_id=waits.pk if waits else None, person_id=person.pk if person else None,
            )  # fmt: skip


def _handle(text: Inbound, contact: Contact, *, now: datetime) -> None:
    messaging.heard_from(contact, now=now)
    person = person_by_fingerprint(bytes(contact.fingerprint))
    found = read(person, contact, now=now)
    context = found.context
    decision = decide(text.body or "", context)
    command = told_by_carrier(text, context) or decision.command
    if bytes(contact.fingerprint) == fingerprint(settings.TWILIO_NUMBER):
        messaging.handled(text, understood="FromOurselves", request_id=None, now=now)
        return
    text.said_before = last_said(contact)
    again = decision.fear and not _is_attended(found.request)  # nobody has the first cry in hand
    if not (isinstance(command, Stop | Restore) or again) and is_copied(text, contact):
        _copy(text, contact, person, now=now)
        return
    if not messaging.to_us(json.loads(text.form or "{}")):
        _set_aside(text, contact, person, fear=decision.fear, now=now)
        return
    if person is None or person.standing == Person.Standing.REFUSED:
        _stranger(contact, text, person, fear=decision.fear, now=now)
        messaging.handled(text, understood=type(command).__name__, request_id=None, now=now)
        return
    by = audit.person(person.pk)
    turn = Turn(
        person, contact, context, by, now, request=found.request, conversation=found.conversation,
        fear=decision.fear,
    )  # fmt: skip
    turn.danger = decision.danger
    outcome = act(command, turn)
    request_id = turn.request.pk if turn.request else None
    _media(text, turn)
    answer(turn, command, outcome)
    messaging.handled(text, understood=type(command).__name__, request_id=request_id, now=now)
    record(
        "text.handled", f"person:{person.pk}", by=by, now=now,
        request_id=request_id, understood=type(command).__name__,
    )  # fmt: skip


def _copy(text: Inbound, contact: Contact, person: Person | None, *, now: datetime) -> None:
    """The carrier brought the same text again under another id: what it asks was done.

    Many are no accident, and a person looks.
    """
    if person and are_many(text, contact):
        request = open_of_person(person.pk)
        about = About("request", str(request.pk)) if request else About("person", str(person.pk))
        raise_need(
            Reason.TOO_MANY_TEXTS, about=about, now=now, by=ENGINE, person_id=person.pk,
            request_id=request.pk if request else None,
        )  # fmt: skip
    messaging.handled(text, understood=COPY, request_id=None, now=now)


_needs_of = Compiled(
    lambda request_id: Need.objects.filter(request_id=request_id, closed_at=None).values_list("pk")[:1]
)


def _is_attended(waits: SupportRequest | None) -> bool:
    """Whether their open request waits for a person: else that they say it again is all that tells."""
    return waits is not None and bool(_needs_of.all(waits.pk))


def _set_aside(text: Inbound, contact: Contact, person: Person | None, *, fear: bool, now: datetime) -> None:
    """Sent to another number than ours: nothing is done or answered, and a person reads it."""
    if person is None or person.standing == Person.Standing.REFUSED:
        if fear:
            _tell_of_cry(contact, person, now=now)
        _flag_stranger(contact, person, now=now)
    else:
        raise_need(
            Reason.FAILED_TEXT, about=About("contact", str(contact.pk)), now=now, by=ENGINE,
            person_id=person.pk, due_at=now if fear else None,
        )  # fmt: skip
    messaging.handled(text, understood="ToAnother", request_id=None, now=now)


def _tell_of_cry(contact: Contact, person: Person | None, *, now: datetime) -> None:
    about = About("person", str(person.pk)) if person else About("contact", str(contact.pk))
    tell_of_cry(about, person_id=person.pk if person else None, now=now)


def _media(text: Inbound, turn: Turn) -> None:
    """A picture or a voice note is seen or heard by a person, whatever the words beside it."""
    if text.media:
        turn.flag(Reason.FURTHER_TEXT)


def told_by_carrier(text: Inbound, context: Context) -> Command | None:
    """What the carrier itself made of a text: its opt-out words may be others than ours."""
    word = json.loads(text.form or "{}").get("OptOutType", "")
    if asks_to_stop(text.body or "", word):
        return Stop()
    if context.opted_out and asks_to_start(text.body or "", word, sender=settings.TWILIO_NUMBER):
        return Restore()
    return None


def _stranger(contact: Contact, text: Inbound, person: Person | None, *, fear: bool, now: datetime) -> None:
    """One neutral reply in 24 hours, the same whether or not the number was ever known."""
    context = context_of(None, contact, now=now)
    match told_by_carrier(text, context):
        case Stop():
            messaging.opt_out(contact.pk, now=now)
        case Restore():
            messaging.opt_in(contact.pk)
    if fear:
        _tell_of_cry(contact, person, now=now)
    _flag_stranger(contact, person, now=now)
    if not context.opted_out and messaging.may_answer_stranger(contact.pk, now=now):
        purpose = Purpose(Lane.REMINDER, not_before=on_the_second(text.received_at))
        messaging.queue(contact.phone, Text.UNKNOWN_SENDER, "en", purpose=purpose, now=now)


def on_the_second(came_at: datetime) -> datetime:
    """When an answer leaves that must not tell by its time how long we looked for whose phone it is."""
    whole = came_at.replace(microsecond=0)
    return whole if whole == came_at else whole + timedelta(seconds=1)


def _flag_stranger(contact: Contact, person: Person | None, *, now: datetime) -> None:
    """Each on the board, until there are so many that one line must stand for all.

    `person`: who said that they aren't in the network. The phone learns nothing of it; the board does.
    """
    if person:
        about = About("person", str(person.pk))
        raise_need(Reason.UNCLEAR_TEXT, about=about, now=now, by=ENGINE, person_id=person.pk)
        return
    many = Need.objects.filter(reason=Reason.UNKNOWN_SENDER, closed_at=None).count() >= A_FLOOD
    if many:
        raise_need(Reason.FLOOD, about=About("strangers", "all"), now=now, by=ENGINE)
    else:
        raise_need(Reason.UNKNOWN_SENDER, about=About("contact", str(contact.pk)), now=now, by=ENGINE)


def answer(turn: Turn, command: Command, outcome: Outcome) -> None:
    """Say what the outcome calls for, and note the question that is now open."""
    reply = reply_to(outcome)
    conversation = turn.conversation or Conversation(person=turn.person)
    again = None
    if isinstance(command, Unclear):
        again = asked_again(turn.context.asked, reasked=conversation.reasked)
    if reply.unasked and not messaging.may_answer_unasked(turn.contact.pk, now=turn.now):
        turn.flag(Reason.TOO_MANY_TEXTS)
        return
    texts = [promised(text, safe_to_call=turn.person.safe_to_call) for text in reply.texts]
    if not messaging.may_answer(turn.contact, texts, ANSWERS, now=turn.now):
        turn.flag(Reason.TOO_MANY_TEXTS, due_at=turn.now if turn.fear else None)
        return
    if again is not None:
        _ask_again(turn, conversation, again)
        return
    owed = say_all(turn, reply.texts)
    if outcome is Outcome.LANGUAGE:
        _repeat_question(turn)
    if reply.texts and turn.person.standing == Person.Standing.ACTIVE:
        met = messaging.Meeting(owed[-1], dispatch.language_of(turn.person), turn.person.pk)
        messaging.introduce(
            [met], organizations=lambda _: {turn.person.pk: organization_of(turn.person, now=turn.now)},
            now=turn.now,
        )  # fmt: skip
    _note_question(turn, conversation, reply, command)


def _note_question(turn: Turn, conversation: Conversation, reply: Reply, command: Command) -> None:
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
    """Theirs is made with the first question, or by whoever asks one from the console at the same moment."""
    if not (conversation._state.adding and insert_once(conversation)):
        save_columns(conversation, *KEPT)


def _rung(conversation: Conversation, about: About) -> tuple[Reason, ...]:
    """What silence rang. That somebody asked for a person in their own words is settled by no answer."""
    if conversation.called_at is None:
        return (Reason.HALF_REQUEST,)
    asked = Need.objects.filter(reason=Reason.PERSON_PLEASE, about=str(about), closed_at=None)
    if asked.filter(raised_at=conversation.called_at, raised_again_at=None).exists():
        return (Reason.HALF_REQUEST, Reason.CALL_MEMBER, Reason.PERSON_PLEASE)
    return (Reason.HALF_REQUEST, Reason.CALL_MEMBER)


def _ask_again(turn: Turn, conversation: Conversation, question: Text) -> None:
    conversation.reasked = True
    _keep(conversation)
    question = promised(question, safe_to_call=turn.person.safe_to_call)
    words = wording(question, dispatch.language_of(turn.person), **_values(turn, question))
    # In the middle of an answer the network does not name itself.
    say(turn, Text.NOT_UNDERSTOOD_AGAIN, question=words.removeprefix(f"{settings.NETWORK_PREFIX}: "))


def _repeat_question(turn: Turn) -> None:
    """After a change of language the open question is asked again in it."""
    asked = turn.context.question
    text = asked_again(asked, reasked=False) if asked else None
    if text:
        say(turn, text)


def say(turn: Turn, text: Text, **values: object) -> Outbound | None:
    """Owe the sender one text in their language."""
    return say_all(turn, [text], **values)[0]


def say_all(turn: Turn, texts: Sequence[Text], **values: object) -> list[Outbound | None]:
    """Owe the sender these texts in their language, one after the other."""
    wanted = [promised(text, safe_to_call=turn.person.safe_to_call) for text in texts]
    lane = Lane.ANSWER if turn.context.is_member else Lane.OFFER
    purpose = Purpose(lane, turn.request.pk if turn.request else None, drill=turn.drill)
    language = dispatch.language_of(turn.person)
    letters = [
        messaging.letter(
            turn.person.phone, text, language, purpose=purpose, **{**_values(turn, text), **values}
        )
        for text in wanted
    ]
    owed = messaging.queue_all(letters, now=turn.now)
    if {Text.JOIN, Text.JOIN_REMINDER}.intersection(wanted):
        messaging.mark_introduced(turn.contact.pk, now=turn.now)
    return owed


def _values(turn: Turn, text: Text) -> dict[str, object]:
    """The values that this text's fields take from the sender's own situation."""
    wanted = fields(TABLES["en"][text])
    known: dict[str, object] = dict(turn.values)
    if "organization" in wanted and "organization" not in known:
        known["organization"] = organization_of(turn.person, now=turn.now)
    if "switch" in wanted:
        known["switch"] = switch(dispatch.language_of(turn.person), settings.NETWORK_LANGUAGES)
    if "code" in wanted and "code" not in known:
        known["code"] = turn.ends_by or turn.context.ends_by or ENDS_BY[text]
    if text in (Text.GIVE_UP_SURE, Text.GIVE_UP_SURE_WRITE):
        known.setdefault("name", (turn.person.name.split() or ["?"])[0])
    if "when" in wanted and turn.request and turn.request.starts_at:
        known.setdefault("when", when(turn.request.starts_at, turn.person.language))
    return {name: value for name, value in known.items() if name in wanted}


def organization_of(person: Person, *, now: datetime) -> str:
    """The organization that gave us this phone, by name; never one whose word doesn't count any more."""
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
    """Whether a member's own organization vouched for them once, and none of those words stands."""
    mine = _own_vouches.all(person.pk, member.organization_id)
    return bool(mine) and all(withdrawn_at or held for withdrawn_at, held in mine)


class AlreadyOpen(Exception):
    """This member has an open request; its number is the argument."""


@transaction.atomic
def open_for_member(
    member_id: UUID,
    *,
    kind: Kind,
    children: int | None,
    starts_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> SupportRequest:
    """A member called or came by: a coordinator opens the request, who has asked that they are home.

    Raises AlreadyOpen, dispatch.NotReady.
    """
    member = Member.objects.select_related("person", "organization").get(pk=member_id)
    already = open_of_person(member.person_id)
    if already:
        raise AlreadyOpen(already.number)
    opened = support.open_request(member, source=SupportRequest.Source.COORDINATOR, by=by, now=now, kind=kind)
    if children:
        support.set_children(opened, children, by=by, now=now)
    if starts_at:
        visits.set_time(opened.pk, starts_at, right=True, by=by, now=now)
        return opened
    support.confirm_home(opened, by=by, now=now)
    dispatch.start(opened.pk, by=by, now=now)
    support.tell_member(opened, Text.SEARCHING, now=now)
    return opened
