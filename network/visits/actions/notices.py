"""What responders and members are told about a visit."""

from datetime import datetime

from network.audit.rules import ENGINE
from network.desk.rules import About
from network.dispatch.actions.offering import language_of
from network.messaging.outbox.queueing import Purpose, queue
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import promised
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.queries import when
from network.support.rules.requests import Kind
from network.visits.models import Visit
from network.visits.queries import first_name
from network.visits.rules import stages
from network.visits.rules.stages import Plan


def tell(visit: Visit, text: Text, *, now: datetime, **values: object) -> None:
    """Owe the responder one text, in their first language, with times on the local clock."""
    purpose = Purpose(Lane.OFFER, visit.support_request_id, drill=visit.offer.drill)
    language = language_of(visit.person)
    text = promised(text, safe_to_call=visit.person.safe_to_call)
    values = {
        name: when(value, language) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    owed = queue(visit.person.phone, text, language, purpose=purpose, now=now, **values)
    if owed is None:
        support.ring(
            support.cant_text(visit.person),
            visit.support_request,
            about=About("person", str(visit.person_id)),
            person_id=visit.person_id,
            grave=visit.ended_at is None,
            by=ENGINE,
            now=now,
        )


def tell_at_home(visit: Visit, support_request: SupportRequest, text: Text, *, now: datetime) -> None:
    """Tell the family who is on the way; nothing under duress, or about a lawyer who calls."""
    by_phone = support_request.kind == Kind.LEGAL and visit.plan != Plan.GO
    if not (support_request.duress or by_phone or visit.offer.drill):
        support.tell_member(support_request, text, now=now, name=first_name(visit))


def tell_who_can_come(support_request: SupportRequest, names: list[str], *, now: datetime) -> None:
    text = Text.TIME_FOUND_BOTH if len(names) > 1 else Text.TIME_FOUND
    others = {"other": names[1]} if len(names) > 1 else {}
    support.tell_member(
        support_request, text, now=now, name=names[0], when=support_request.starts_at, **others
    )


def tell_who_comes(support_request: SupportRequest, crew: list[Visit], word: str, *, now: datetime) -> None:
    if support_request.duress:  # nothing automatic tells the member
        return
    names = [first_name(visit) for visit in crew]
    if stages.comes_later(support_request.starts_at, now):
        _tell_who_comes_at(support_request, names, word, now=now)
        return
    if support_request.kind == Kind.LEGAL:
        support.tell_member(support_request, Text.LAWYER_COMING, now=now, name=names[0], word=word)
        return
    if len(names) > 1:
        support.tell_member(
            support_request,
            Text.BOTH_ON_THE_WAY,
            now=now,
            name=names[0],
            other=names[1],
            word=word,
        )
        return
    minutes = stages.trip_minutes(crew[0].offer.minutes, crew[0].offer.miles)
    if minutes is None:
        support.tell_member(support_request, Text.ON_THE_WAY_NO_TIME, now=now, name=names[0], word=word)
    else:
        support.tell_member(
            support_request, Text.ON_THE_WAY, now=now, name=names[0], minutes=minutes, word=word
        )


def _tell_who_comes_at(
    support_request: SupportRequest, names: list[str], word: str, *, now: datetime
) -> None:
    text, others = Text.TIME_COMING, {}
    if support_request.kind == Kind.LEGAL:
        text = Text.TIME_LAWYER_COMING
    elif len(names) > 1:
        text, others = Text.TIME_BOTH_COMING, {"other": names[1]}
    support.tell_member(
        support_request, text, now=now, name=names[0], word=word, when=support_request.starts_at, **others
    )


def tell_word_is_void(
    support_request: SupportRequest, word: str | None, *, sought: bool, now: datetime
) -> None:
    """Tell the member that the word is void. Mention 20 minutes only if somebody is `sought`."""
    if word and not support_request.duress:
        text = Text.WORD_VOID if sought else Text.WORD_VOID_ONLY
        support.tell_member(support_request, text, now=now, word=word)
