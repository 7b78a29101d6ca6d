"""Who comes: accepting, the word and the links, and leaving again."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from network.audit.actions import record
from network.audit.rules import ENGINE, Actor
from network.database.writing import save_columns
from network.desk.actions import raise_need, settle
from network.desk.rules import About, Reason
from network.dispatch.actions import answering, searching
from network.dispatch.actions.offering import language_of
from network.dispatch.models import Search
from network.dispatch.queries.engagements import places_left
from network.messaging.outbox.queueing import Purpose, queue
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import promised
from network.people.models import Responder
from network.privacy.rules.sealing import token_digest
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.queries import when, zone
from network.support.rules.requests import Kind, State
from network.visits import queries
from network.visits.models import Visit, VisitWord
from network.visits.queries import first_name
from network.visits.rules import stages
from network.visits.rules.confirm import next_confirmation
from network.visits.rules.stages import Plan, Stage, VisitStep

TOKEN_BYTES = 16  # 128 bits, 22 characters
OF_A_LINK = (Reason.LINK_ELSEWHERE, Reason.LINK_REFUSED, Reason.LINK_OFTEN)


@transaction.atomic
def accept(offer_id: UUID, *, said: str = "", minutes: int | None = None, by: Actor, now: datetime) -> Visit:
    """A yes becomes a visit, and everybody it concerns is told. Raises what answering.accept raises."""
    offer = answering.accept(offer_id, said=said, minutes=minutes, by=by, now=now)
    known = Visit.objects.filter(offer=offer).first()
    if known:
        return known
    support_request = offer.search.support_request  # held since the yes was settled
    visit = Visit.objects.create(
        support_request=support_request,
        offer=offer,
        person=offer.person,
        stage=Stage.HELD,
        began_at=_after_others(support_request, now=now),
        confirm_at=next_confirmation(offer.starts_at, now, zone()) if offer.starts_at else None,
    )
    recorded("visit.accepted", visit, by=by, now=now)
    _flag_missing_pin(visit, now=now)
    whole = places_left(support_request) == 0
    if visit.confirm_at:
        tell(visit, Text.ACCEPTED_AT, now=now, name=first_name(visit), when=support_request.starts_at)
    elif not whole:
        tell(visit, Text.HELD_FIRST, now=now, name=first_name(visit))
    if whole:
        go_or_wait(support_request, by=by, now=now)
    return visit


def _after_others(support_request: SupportRequest, *, now: datetime) -> datetime:
    """Whoever said yes first is named first, even if two did at once. The caller holds the request."""
    last = Visit.objects.filter(support_request=support_request).aggregate(at=Max("began_at"))["at"]
    return max(now, last + timedelta(microseconds=1)) if last else now


def go_or_wait(support_request: SupportRequest, *, by: Actor, now: datetime) -> None:
    """All places are taken: they set out; or, for a set time, they are asked again when it is near."""
    crew = queries.of_request(support_request.pk)
    if queries.crew_is_ready(crew):
        confirm_crew(support_request, crew, by=by, now=now)
        return
    if not support_request.duress:
        _tell_who_can_come(support_request, [first_name(visit) for visit in crew], now=now)
    _is_found(crew[0].offer.search, by=by, now=now)


def _tell_who_can_come(support_request: SupportRequest, names: list[str], *, now: datetime) -> None:
    text = Text.TIME_FOUND_BOTH if len(names) > 1 else Text.TIME_FOUND
    others = {"other": names[1]} if len(names) > 1 else {}
    support.tell_member(
        support_request, text, now=now, name=names[0], when=support_request.starts_at, **others
    )


def _is_found(search: Search, *, by: Actor, now: datetime) -> None:
    """The member knows who comes: settle the needs that waited for that."""
    searching.promise_kept(search, now=now)
    settle(
        Reason.NOBODY_FOUND,
        Reason.PLACE_LOST,
        Reason.SEARCH_LATE,
        Reason.MANY_ASKED,
        about=About("request", str(search.support_request_id)),
        by=by,
        now=now,
    )


def _flag_missing_pin(visit: Visit, *, now: datetime) -> None:
    if not Responder.objects.filter(person=visit.person_id).exclude(pin_hash="").exists():
        support.ring(
            Reason.NO_PIN, visit.support_request, about=About("person", str(visit.person_id)),
            person_id=visit.person_id, by=ENGINE, now=now,
        )  # fmt: skip


def confirm_crew(support_request: SupportRequest, crew: list[Visit], *, by: Actor, now: datetime) -> None:
    """Everyone needed has said yes: only now do the word, the links and "on the way" go out."""
    word = give_word(support_request, now=now)
    fresh = [visit for visit in crew if visit.stage == Stage.HELD]
    for visit in fresh:
        _set_out(visit, by=by, now=now)
        token = _make_token(visit)
        text = Text.BOTH_READY if support_request.kind == Kind.CHILDCARE else Text.ACCEPTED
        values: dict[str, object] = {"name": first_name(visit), "url": link(token), "word": word}
        if stages.comes_later(support_request.starts_at, now):
            text, values["when"] = Text.READY_AT, support_request.starts_at
        if support_request.drill_id:
            text, values = Text.DRILL_ACCEPTED, {"name": values["name"], "url": values["url"]}
        tell(visit, text, now=now, **values)
    _tell_who_comes(support_request, crew, word, now=now)
    _is_found(crew[0].offer.search, by=by, now=now)


def _set_out(visit: Visit, *, by: Actor, now: datetime) -> None:
    visit.stage = stages.after(Stage(visit.stage), VisitStep.CONFIRM)
    minutes = stages.trip_minutes(visit.offer.minutes, visit.offer.miles)
    visit.there_by = stages.there_by(now, minutes, starts_at=visit.support_request.starts_at)
    visit.asked_at = visit.flagged_at = None
    save_columns(visit, "stage", "there_by", "asked_at", "flagged_at")
    recorded("visit.going", visit, by=by, now=now)


def _tell_who_comes(support_request: SupportRequest, crew: list[Visit], word: str, *, now: datetime) -> None:
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
            support_request, Text.BOTH_ON_THE_WAY, now=now,
            name=names[0], other=names[1], word=word,
        )  # fmt: skip
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


def give_word(support_request: SupportRequest, *, now: datetime) -> str:
    """The word in force, or a new one that this request hasn't used."""
    current = queries.word_in_force(support_request.pk)
    if current:
        word: str = current.word
        return word
    used = [old.word for old in VisitWord.objects.filter(support_request=support_request)]
    duress = (support_request.member.duress_word or "").upper()
    fresh = stages.new_word(secrets.choice, used=used, forbidden=[duress])
    VisitWord.objects.create(
        support_request=support_request, key_id=support_request.key_id, word=fresh, given_at=now
    )
    return fresh


def void_word(support_request: SupportRequest, *, now: datetime) -> str | None:
    """Who comes has changed, so the word no longer opens the door. Returns it, if there was one."""
    current = queries.word_in_force(support_request.pk)
    if current is None:
        return None
    VisitWord.objects.filter(pk=current.pk).update(void_at=now)
    voided: str = current.word
    return voided


def _make_token(visit: Visit) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    visit.token_hash, visit.device_hash, visit.moves, visit.views = token_digest(token), None, 0, 0
    save_columns(visit, "token_hash", "device_hash", "moves", "views")
    return token


def link(token: str) -> str:
    """The responder's page. The token is in the fragment, which browsers send to no server."""
    return f"{settings.PUBLIC_URL}/visit#{token}"


@transaction.atomic
def new_link(visit_id: UUID, *, by: Actor, now: datetime) -> None:
    """Send the responder a new link, which opens on any one device, and settle needs about the old one.

    The old link stops working.
    """
    visit, support_request = lock_visit(visit_id)
    if Stage(visit.stage) not in stages.SHOWS_ADDRESS:
        raise stages.StepNotPossible("a held visit has no link")
    word = give_word(support_request, now=now)
    tell(visit, Text.NEW_LINK, now=now, url=link(_make_token(visit)), word=word)
    settle(*OF_A_LINK, about=About("visit", str(visit.pk)), by=by, now=now)
    recorded("visit.new_link", visit, by=by, now=now)


@transaction.atomic
def give_up(visit_id: UUID, *, by: Actor, now: datetime) -> Visit:
    """They can't go after all: tell the member that the word is void, and search on at once."""
    visit, support_request = lock_visit(visit_id)
    leave(visit, by=by, now=now)
    need_for_place(support_request, now=now)
    word = void_word(support_request, now=now)
    hold_the_others(support_request, now=now)
    if word and not support_request.duress:  # before the word went out, nothing was said of them
        if is_sought(support_request):
            support.tell_member(support_request, Text.CANT_GO, now=now, name=first_name(visit), word=word)
        else:
            support.tell_member(support_request, Text.WORD_VOID_ONLY, now=now, word=word)
    reopen(support_request, by=by, now=now, told=word is not None)
    return visit


def reopen(support_request: SupportRequest, *, by: Actor, now: datetime, told: bool) -> None:
    """Search on. A member who was told that somebody can come at a set time is told that it changed.

    `told`: they have had a text that says so and, if the search goes on, that we write in 20 minutes.
    """
    covered = support_request.state == State.COVERED
    searching.reopen(support_request, by=by, now=now, soon=told)
    search = Search.objects.get(support_request=support_request)
    if covered and not told and support_request.starts_at and not support_request.duress:
        support.tell_member(
            support_request, Text.TIME_REOPENED, now=now,
            when=support_request.starts_at, by=search.answer_by,
        )  # fmt: skip


def is_sought(support_request: SupportRequest) -> bool:
    """Whether the search goes on when somebody leaves. It does not once it was stopped."""
    return support_request.state in (State.SEARCHING, State.COVERED)


def tell_word_is_void(
    support_request: SupportRequest, word: str | None, *, sought: bool, now: datetime
) -> None:
    """Tell the member that the word is void. Mention 20 minutes only if somebody is `sought`."""
    if word and not support_request.duress:
        text = Text.WORD_VOID if sought else Text.WORD_VOID_ONLY
        support.tell_member(support_request, text, now=now, word=word)


def need_for_place(support_request: SupportRequest, *, now: datetime) -> None:
    support.ring(Reason.PLACE_LOST, support_request, by=ENGINE, now=now)


def leave(visit: Visit, *, by: Actor, now: datetime) -> None:
    """End a visit that wasn't carried out, and free its responder."""
    visit.stage = stages.after(Stage(visit.stage), VisitStep.LEAVE)
    end(visit, now=now)
    answering.release(visit.offer, by=by, now=now)
    recorded("visit.left", visit, by=by, now=now)


def end(visit: Visit, *, now: datetime) -> None:
    visit.ended_at, visit.token_hash, visit.device_hash = now, None, None
    visit.confirm_at = visit.confirm_asked_at = None
    visit.save(
        update_fields=["stage", "ended_at", "token_hash", "device_hash", "confirm_at", "confirm_asked_at"]
    )
    about = About("visit", str(visit.pk))
    settle(Reason.NOT_THERE, Reason.NOT_DONE, *OF_A_LINK, about=about, by=ENGINE, now=now)


def hold_the_others(support_request: SupportRequest, *, now: datetime) -> None:
    """Child care is never one adult alone: whoever is left waits, with a dead link, for the next pair.

    Somebody who is inside already stays; the coordinator decides.
    """
    for visit in queries.of_request(support_request.pk):
        if queries.is_promised(visit):  # knows neither word nor address yet
            continue
        if visit.stage == Stage.GOING and support_request.kind == Kind.CHILDCARE:
            hold(visit, now=now)
        if support_request.kind == Kind.CHILDCARE:
            tell(visit, Text.HELD_AGAIN, now=now, name=first_name(visit))


def hold(visit: Visit, *, now: datetime) -> None:
    """They wait, and their link stops working."""
    visit.stage, visit.token_hash, visit.device_hash, visit.there_by = Stage.HELD, None, None, None
    visit.save(update_fields=["stage", "token_hash", "device_hash", "there_by"])
    settle(*OF_A_LINK, about=About("visit", str(visit.pk)), by=ENGINE, now=now)


@transaction.atomic
def end_visit(visit_id: UUID, *, by: Actor, now: datetime) -> None:
    """A coordinator takes somebody off a request. They and the member are told."""
    visit, support_request = lock_visit(visit_id)
    leave(visit, by=by, now=now)
    tell(visit, Text.NO_LONGER_NEEDED, now=now)
    after_taking_off(support_request, by=by, now=now)


def after_taking_off(support_request: SupportRequest, *, by: Actor, now: datetime) -> None:
    """We took somebody off: void the word, and search on."""
    word = void_word(support_request, now=now)
    hold_the_others(support_request, now=now)
    tell_word_is_void(support_request, word, sought=is_sought(support_request), now=now)
    reopen(support_request, by=by, now=now, told=word is not None)


@transaction.atomic
def release_unsafe(visit_id: UUID, *, reason: Reason, by: Actor, now: datetime) -> None:
    """Take off somebody who may no longer come: tell them nothing, and raise a need."""
    visit, support_request = lock_visit(visit_id)
    leave(visit, by=by, now=now)
    raise_need(
        reason, about=About("person", str(visit.person_id)), now=now, by=ENGINE,
        request_id=support_request.pk, person_id=visit.person_id,
    )  # fmt: skip
    after_taking_off(support_request, by=by, now=now)


def lock_visit(visit_id: UUID) -> tuple[Visit, SupportRequest]:
    """The visit and its request, locked. Raises Visit.DoesNotExist once the visit has ended."""
    request_id = Visit.objects.values_list("support_request", flat=True).get(pk=visit_id)
    support_request = support.lock(request_id)
    return queries.live().get(pk=visit_id), support_request


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
            support.cant_text(visit.person), visit.support_request,
            about=About("person", str(visit.person_id)), person_id=visit.person_id,
            grave=visit.ended_at is None, by=ENGINE, now=now,
        )  # fmt: skip


def tell_at_home(visit: Visit, support_request: SupportRequest, text: Text, *, now: datetime) -> None:
    """Tell the family who is on the way; nothing under duress, or about a lawyer who calls."""
    by_phone = support_request.kind == Kind.LEGAL and visit.plan != Plan.GO
    if not (support_request.duress or by_phone or visit.offer.drill):
        support.tell_member(support_request, text, now=now, name=first_name(visit))


def recorded(action: str, visit: Visit, *, by: Actor, now: datetime) -> None:
    """One line of history about a visit."""
    record(
        action, f"visit:{visit.pk}", by=by, now=now,
        request_id=visit.support_request_id, person=visit.person_id,
    )  # fmt: skip
