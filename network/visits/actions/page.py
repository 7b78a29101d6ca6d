"""The responder's page: the token and the PIN open it on one device, and every view is on record.

The PIN is asked for each time the page opens, on the bound device too: a phone that is taken from its
owner shows nothing by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NoReturn

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import ENGINE, person
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.people.actions.pins import forget_pin_failures, lock_pin, take_pin_try
from network.people.models import Member, Responder
from network.people.pins import check_pin
from network.privacy.rules.sealing import token_digest
from network.support.rules.requests import Kind, State
from network.visits import queries
from network.visits.actions.devices import admit, count_view
from network.visits.actions.harvest import after_first_look
from network.visits.actions.leaving import give_up
from network.visits.actions.steps import arrive, ask_for_person, finish, plan_help
from network.visits.models import Disclosure, Visit
from network.visits.rules.device import LinkAnswer
from network.visits.rules.stages import PIN_TRIES, SHOWS_ADDRESS, Plan, Stage, StepNotPossible

type Why = Literal["gone", "wrong_pin", "locked", "no_pin", "not_now", "elsewhere", "refused"]

NOT_HERE: dict[LinkAnswer, Why] = {LinkAnswer.ASK: "elsewhere", LinkAnswer.REFUSE: "refused"}


class PageRefused(Exception):
    """The page shows nothing, and says which of a few reasons it is."""

    def __init__(self, why: Why, tries_left: int | None = None) -> None:
        super().__init__(why)
        self.why: Why = why
        self.tries_left = tries_left


@dataclass(frozen=True, slots=True)
class PageView:
    """What one responder sees of one visit. `phone` is given only to a lawyer who calls, if safe."""

    stage: str
    plan: str
    kind: str
    language: str
    name: str
    street: str
    unit: str
    city: str
    state: str
    zip: str
    notes: str
    word: str
    children: int | None
    phone: str | None
    check_at: datetime | None  # when they are asked whether all is well, unless the next step is told before
    person_told: bool  # they asked for a person, and one has been told
    shown_to: str  # a picture of the page says whose it was,
    shown_at: datetime  # and when
    drill: bool


def open_page(token: str, pin: str, *, device: str, move: bool = False, now: datetime) -> PageView:
    """The address, for this visit, for now, on this device. Raises PageRefused.

    `device` is a secret that only this browser has. `move`: its user was told that the link is open
    elsewhere, and wants it here.
    """
    return _shown(_admitted(token, pin, device=device, move=move, now=now), now=now)


def _shown(visit: Visit, *, person_told: bool = False, now: datetime) -> PageView:
    lawyer = visit.support_request.kind == Kind.LEGAL
    with transaction.atomic():  # no look without its line
        what = "number" if visit.plan == Plan.CALL else "address"
        if lawyer and not visit.plan:
            what = "name"
        Disclosure.objects.create(visit=visit, at=now, what=what)
        record(
            "visit.shown",
            f"visit:{visit.pk}",
            by=person(visit.person_id),
            now=now,
            request_id=visit.support_request_id,
            what=what,
        )
        if count_view(visit, now=now) == 1 and what == "address":
            after_first_look(visit, now=now)
        return _view(visit, lawyer=lawyer, person_told=person_told, now=now)


def _view(visit: Visit, *, lawyer: bool, person_told: bool, now: datetime) -> PageView:
    support_request = visit.support_request
    member: Member = support_request.member
    word = queries.word_in_force(support_request.pk)
    goes = not lawyer or visit.plan == Plan.GO
    calls = visit.plan == Plan.CALL and member.person.safe_to_call
    return PageView(
        stage=visit.stage,
        plan=visit.plan,
        kind=support_request.kind,
        language=member.person.language,
        name=member.person.name,
        street=member.street if goes else "",
        unit=(member.unit or "") if goes else "",
        city=member.city if goes else "",
        state=member.state if goes else "",
        zip=member.zip,
        notes=support_request.notes or "",
        word=word.word if word else "",
        children=support_request.children if support_request.kind == Kind.CHILDCARE else None,
        phone=member.person.phone if calls else None,
        check_at=visit.done_by if visit.stage == Stage.THERE else visit.there_by,
        person_told=person_told,
        shown_to=visit.person.name,
        shown_at=now,
        drill=visit.offer.drill,
    )


def _admitted(token: str, pin: str, *, device: str, move: bool = False, now: datetime) -> Visit:
    visit = _visit_of(token)
    responder = Responder.objects.select_related("person").get(person=visit.person_id)
    if not responder.pin_hash:
        raise PageRefused("no_pin")
    tries = take_pin_try(responder.pk)
    if tries is None:
        _lock(visit, responder, now=now)
        raise PageRefused("locked")
    if not check_pin(responder, pin):
        _refuse(visit, responder, tries=tries, now=now)
    forget_pin_failures(responder.pk)
    # The PIN takes its time to check: look again, since the visit may have ended meanwhile.
    visit = _visit_of(token)
    try:
        opened = admit(visit, device, wants_move=move, now=now)
    except Visit.DoesNotExist:
        raise PageRefused("gone") from None
    if opened in NOT_HERE:
        raise PageRefused(NOT_HERE[opened])
    return visit


def _visit_of(token: str) -> Visit:
    # All in one query: a link that is void takes no longer than one that never was.
    visit = (
        Visit.objects.filter(
            token_hash=token_digest(token),
            stage__in=SHOWS_ADDRESS,
            person__suspended_at=None,
            support_request__member__frozen_at=None,
            offer__released_at=None,
        )
        .exclude(support_request__state=State.CLOSED)
        .select_related("person", "offer", "support_request__member__person")
        .first()
    )
    if visit is None or _is_of_old_home(visit):
        raise PageRefused("gone")
    return visit


def _is_of_old_home(visit: Visit) -> bool:
    """Accepted for a home that has changed since. Whoever comes now has a link and a word of their own."""
    moved_at = visit.support_request.member.moved_at
    return moved_at is not None and visit.began_at < moved_at


def _refuse(visit: Visit, responder: Responder, *, tries: int, now: datetime) -> NoReturn:
    with transaction.atomic():
        Disclosure.objects.create(visit=visit, at=now, what="wrong_pin")
        record(
            "visit.wrong_pin",
            f"visit:{visit.pk}",
            by=person(visit.person_id),
            now=now,
            request_id=visit.support_request_id,
            tries=tries,
        )
        if tries >= PIN_TRIES:
            _lock(visit, responder, now=now)
    if tries < PIN_TRIES:
        raise PageRefused("wrong_pin", PIN_TRIES - tries)
    raise PageRefused("locked")


@transaction.atomic
def _lock(visit: Visit, responder: Responder, *, now: datetime) -> None:
    """Lock the PIN once, and tell a coordinator. If it is locked already, nothing changes."""
    if not lock_pin(responder.pk, now=now):
        return
    raise_need(
        Reason.PIN_LOCKED,
        about=About("person", str(visit.person_id)),
        now=now,
        by=ENGINE,
        request_id=visit.support_request_id,
        person_id=visit.person_id,
    )


def page_step(token: str, pin: str, *, step: str, device: str, now: datetime) -> PageView | None:
    """A button of the page, on the device that has it open. None once the visit has ended by it.

    Raises PageRefused.
    """
    visit = _admitted(token, pin, device=device, now=now)
    by = person(visit.person_id)
    steps: dict[str, Callable[[], object]] = {
        "there": lambda: arrive(visit.pk, by=by, now=now),
        "done": lambda: finish(visit.pk, by=by, now=now),
        "cant_go": lambda: give_up(visit.pk, by=by, now=now),
        "call": lambda: plan_help(visit.pk, plan=Plan.CALL, by=by, now=now),
        "person": lambda: ask_for_person(visit.pk, by=by, now=now),
        "go": lambda: plan_help(visit.pk, plan=Plan.GO, by=by, now=now),
    }
    try:
        steps[step]()
    except (KeyError, StepNotPossible, Visit.DoesNotExist):
        raise PageRefused("not_now") from None
    if step in ("done", "cant_go"):
        return None
    return _shown(_visit_of(token), person_told=step == "person", now=now)
