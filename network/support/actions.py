"""The only writers of support requests."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from network.audit.actions import record
from network.audit.rules import ENGINE, Actor, Detail
from network.database.compiled import Compiled
from network.database.writing import save_columns
from network.desk.actions import join_request, raise_need, settle, settle_read, settle_talk
from network.desk.rules import About, Reason
from network.messaging.outbox.queueing import Purpose, queue
from network.messaging.queries import Silence, silence_of
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text
from network.messaging.texts.languages import known
from network.messaging.texts.rendering import promised
from network.people.models import Member, Person
from network.staff.queries import first_refusal, second_refusal
from network.staff.rules.approvers import ApproverRefusal, NotEligible
from network.support.models import Drill, SupportRequest
from network.support.queries import when
from network.support.rules.requests import Event, Kind, Outcome, State, after

TIME_SILENCE = timedelta(minutes=30)


@transaction.atomic
def open_request(
    member: Member,
    *,
    source: SupportRequest.Source,
    by: Actor,
    now: datetime,
    kind: Kind | None = None,
    by_hand: bool = False,
    drill: Drill | None = None,
) -> SupportRequest:
    """Open a request for help at this member's own home. One may be open at a time.

    `by_hand` means that only a coordinator starts the search (another day was named, the home is frozen).
    """
    support_request = SupportRequest.objects.create(
        member=member,
        key_id=member.key_id,
        source=source,
        state=State.ASKING,
        kind=kind or "",
        by_hand=by_hand,
        drill=drill,
        opened_at=now,
    )
    _record("request.opened", support_request, by=by, now=now, source=source)
    if drill is None:
        join_request(member.person_id, request_id=support_request.pk)
    return support_request


def _held(*, skip_locked: bool) -> Compiled[SupportRequest]:
    return Compiled(
        lambda request_id: (
            SupportRequest.objects.select_for_update(no_key=True, of=("self",), skip_locked=skip_locked)
            .select_related("member__person", "member__organization")
            .filter(pk=request_id)
        )
    )


_locked, _locked_if_free = _held(skip_locked=False), _held(skip_locked=True)


def lock(request_id: UUID, *, wait: bool = True) -> SupportRequest:
    """Lock the request until the end of the transaction. Take this lock before changing who comes.

    With `wait` off, raises SupportRequest.DoesNotExist if another transaction holds the lock.
    """
    return (_locked if wait else _locked_if_free).get(request_id)


@transaction.atomic
def advance(
    support_request: SupportRequest,
    event: Event,
    *,
    by: Actor,
    now: datetime,
    outcome: Outcome | None = None,
) -> None:
    """Move the request to the state that follows `event` in the table. The caller holds its lock.

    Raises rules.NotAllowed.
    """
    state = after(State(support_request.state), event)
    closing = state is State.CLOSED
    support_request.state = state
    support_request.closed_at = now if closing else None
    support_request.outcome = (outcome or Outcome.MISTAKE) if closing else ""
    save_columns(support_request, "state", "closed_at", "outcome")
    _record(f"request.{event}", support_request, by=by, now=now, state=state)
    if event is Event.SEARCH:
        settle_reading(support_request, by=by, now=now)


def settle_reading(support_request: SupportRequest, *, by: Actor, now: datetime) -> None:
    """Close the needs that only asked somebody to read the request, if its search has begun.

    From then on the engine's clocks watch it. Before that, the family may still owe us an answer, so the
    needs stay open.
    """
    if support_request.state in (State.SEARCHING, State.COVERED):
        about = About("request", str(support_request.pk))
        settle_read(Reason.NEW_REQUEST, Reason.READ_PROMISED, about=about, by=by, now=now)


@transaction.atomic(savepoint=False)
def set_kind(support_request: SupportRequest, kind: Kind, *, by: Actor, now: datetime) -> None:
    support_request.kind = kind
    save_columns(support_request, "kind")
    _record("request.kind", support_request, by=by, now=now, kind=kind)


@transaction.atomic(savepoint=False)
def set_children(support_request: SupportRequest, count: int, *, by: Actor, now: datetime) -> None:
    support_request.children = count
    save_columns(support_request, "children")
    _record("request.children", support_request, by=by, now=now, count=count)


@transaction.atomic(savepoint=False)
def confirm_home(support_request: SupportRequest, *, by: Actor, now: datetime) -> None:
    """Note that the member is at home, which is the only place we send anybody to."""
    support_request.at_home = True
    save_columns(support_request, "at_home")
    _record("request.at_home", support_request, by=by, now=now)


@transaction.atomic
def set_time(
    support_request: SupportRequest,
    starts_at: datetime | None,
    *,
    right: bool = False,
    by: Actor,
    now: datetime,
) -> None:
    """Set when help is wanted. None means as soon as possible.

    `right` means that the member has already confirmed the time. Otherwise they are asked, and the search
    waits for their answer.
    """
    support_request.starts_at = starts_at
    support_request.time_asked_at = now if starts_at and not right else None
    support_request.time_right_at = now if starts_at and right else None
    support_request.time_flagged_at = None
    support_request.save(update_fields=["starts_at", "time_asked_at", "time_right_at", "time_flagged_at"])
    _record("request.time", support_request, by=by, now=now, starts_at=starts_at)


@transaction.atomic
def answer_time(support_request: SupportRequest, *, right: bool, by: Actor, now: datetime) -> None:
    """Note the member's answer to whether the time is right. A yes also confirms that they will be home."""
    support_request.time_asked_at = None
    support_request.time_right_at = now if right else None
    support_request.at_home = support_request.at_home or right
    support_request.save(update_fields=["time_asked_at", "time_right_at", "at_home"])
    _record("request.time_right" if right else "request.time_wrong", support_request, by=by, now=now)


def flag_unanswered_times(*, now: datetime) -> int:
    """Raise a need for each member who hasn't confirmed the time within half an hour.

    A coordinator then calls them, or writes if a call isn't safe. Returns how many there were.
    """
    silent = SupportRequest.objects.filter(
        time_asked_at__lte=now - TIME_SILENCE, time_flagged_at=None
    ).exclude(state=State.CLOSED)
    waiting = list(silent.values_list("pk", flat=True))
    for request_id in waiting:
        with transaction.atomic():
            person = lock(request_id).member.person  # they may have answered meanwhile
            if silent.filter(pk=request_id).update(time_flagged_at=now):
                raise_need(
                    speak_with(person),
                    about=About("request", str(request_id)),
                    now=now,
                    by=ENGINE,
                    request_id=request_id,
                    person_id=person.pk,
                )
    return len(waiting)


class NotCalled(Exception):
    """A request that found nobody can't be closed until somebody has called the member."""


@transaction.atomic
def record_call(support_request: SupportRequest, *, by: Actor, now: datetime) -> None:
    """Note that one of us spoke to the member, and close the needs that asked for a call."""
    support_request.called_at = now
    support_request.save(update_fields=["called_at"])
    _record("request.called", support_request, by=by, now=now)
    settle(
        Reason.CALL_MEMBER,
        Reason.CALL_PROMISED,
        Reason.DID_NOT_COME,
        Reason.NO_WORD_AFTER,
        about=About("request", str(support_request.pk)),
        by=by,
        now=now,
        how="called",
    )


def record_talk(person: Person, about: SupportRequest | None, *, by: Actor, now: datetime) -> None:
    """Note that one of us spoke with a member or a responder, and close the needs that asked only for that.

    Needs about a visit (not there yet, not done yet) stay open until the visit itself moves on.
    """
    with transaction.atomic():
        request_id = about.pk if about else None
        if about and about.member.person_id == person.pk and about.state != State.CLOSED:
            record_call(about, by=by, now=now)
        record(
            "person.called", f"person:{person.pk}", by=by, now=now, request_id=request_id, person=person.pk
        )
        settle_talk(person.pk, request_id=request_id, by=by, now=now)


@transaction.atomic
def ask_to_contact(request_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> None:
    """Under duress: ask a second coordinator to agree that this one may write or call. Raises NotEligible.

    An earlier asker who is no longer eligible is replaced.
    """
    if refusal := first_refusal(staff_id):
        raise NotEligible(refusal)
    support_request = lock(request_id)
    asked_by = support_request.contact_asked_by
    if asked_by is None or (
        support_request.contact_agreed_at is None
        and second_refusal(asked_by, staff_id) not in (None, ApproverRefusal.SAME_PERSON)
    ):
        support_request.contact_asked_by, support_request.contact_asked_at = staff_id, now
        support_request.save(update_fields=["contact_asked_by", "contact_asked_at"])
        _record("request.contact_asked", support_request, by=by, now=now)


@transaction.atomic
def agree_to_contact(request_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> None:
    """Agree to contact under duress. Raises NotEligible for the one who asked, or if nobody has."""
    support_request = lock(request_id)
    asked_by = support_request.contact_asked_by
    if refusal := second_refusal(asked_by or staff_id, staff_id):
        raise NotEligible(refusal)
    if support_request.contact_agreed_at is None:
        support_request.contact_agreed_by, support_request.contact_agreed_at = staff_id, now
        support_request.save(update_fields=["contact_agreed_by", "contact_agreed_at"])
        _record("request.contact_agreed", support_request, by=by, now=now)


@transaction.atomic
def leave_to_people(support_request: SupportRequest, *, by: Actor, now: datetime) -> None:
    """From now on, search only when a coordinator says so."""
    support_request.by_hand = True
    support_request.save(update_fields=["by_hand"])
    _record("request.by_hand", support_request, by=by, now=now)


@transaction.atomic
def mark_duress(support_request: SupportRequest, *, by: Actor, now: datetime) -> None:
    support_request.duress = True
    support_request.by_hand = True
    # They used the word again, so what two people agreed to before no longer counts.
    support_request.contact_asked_by = support_request.contact_asked_at = None
    support_request.contact_agreed_by = support_request.contact_agreed_at = None
    support_request.save(
        update_fields=[
            "duress",
            "by_hand",
            "contact_asked_by",
            "contact_asked_at",
            "contact_agreed_by",
            "contact_agreed_at",
        ]
    )
    _record("request.duress", support_request, by=by, now=now)


@transaction.atomic
def set_notes(support_request: SupportRequest, notes: str, *, by: Actor, now: datetime) -> None:
    """Keep a coordinator's note for the visitors. It is only shown together with the address."""
    support_request.notes = notes
    support_request.save(update_fields=["notes"])
    _record("request.notes", support_request, by=by, now=now)


def tell_member(support_request: SupportRequest, text: Text, *, now: datetime, **values: object) -> None:
    """Queue a text to the member in their language. Times among `values` are written in local time.

    If they can't be texted, raise a need for a person to call, unless the request is closed: whoever closed
    it has seen that no text goes there. In a drill there is nobody to tell.
    """
    if support_request.drill_id:
        return
    person = support_request.member.person
    text = promised(text, safe_to_call=person.safe_to_call)
    language = known(person.language, settings.NETWORK_LANGUAGES)
    values = {
        name: when(value, language) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    purpose = Purpose(Lane.ANSWER, support_request.pk)
    owed = queue(person.phone, text, language, purpose=purpose, now=now, **values)
    if owed is None and support_request.state != State.CLOSED:
        raise_need(
            cant_text(person),
            about=About("request", str(support_request.pk)),
            now=now,
            by=ENGINE,
            grave=support_request.state == State.COVERED,
            request_id=support_request.pk,
            person_id=person.pk,
        )


def ring(
    reason: Reason,
    support_request: SupportRequest,
    *,
    about: About | None = None,
    person_id: UUID | None = None,
    due_at: datetime | None = None,
    promise: bool = False,
    grave: bool = False,
    by: Actor,
    now: datetime,
) -> None:
    """Raise a need about this request and its member, unless `about` or `person_id` says otherwise.

    A drill raises none: its report shows what went wrong.
    """
    if support_request.drill_id:
        return
    raise_need(
        reason,
        about=about or About("request", str(support_request.pk)),
        now=now,
        by=by,
        due_at=due_at,
        promise=promise,
        grave=grave,
        request_id=support_request.pk,
        person_id=person_id or support_request.member.person_id,
    )


def speak_with(person: Person) -> Reason:
    """The need that asks a coordinator to call this person, or to write if a call isn't safe."""
    return Reason.CALL_MEMBER if person.safe_to_call else Reason.PERSON_PLEASE


def cant_text(person: Person) -> Reason:
    """The need to raise when a text to this person couldn't be queued."""
    unreachable = silence_of(bytes(person.fingerprint)) is Silence.UNREACHABLE
    return Reason.CANT_TEXT if unreachable else Reason.OPTED_OUT


def _record(
    action: str, support_request: SupportRequest, *, by: Actor, now: datetime, **detail: Detail
) -> None:
    about = f"request:{support_request.pk}"
    record(action, about, by=by, now=now, request_id=support_request.pk, shows=None, **detail)
