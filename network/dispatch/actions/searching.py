"""The search: started, planned wave by wave, resumed, stopped."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists

from network.audit.actions import record
from network.audit.locks import Lock, hold_if_free
from network.audit.rules import ENGINE, Actor
from network.database.compiled import Compiled
from network.database.writing import insert_all, save_columns
from network.desk.actions import settle
from network.desk.rules import About, Reason
from network.dispatch.actions.offering import Asked, hold_the_free, make_offers
from network.dispatch.models import Search
from network.dispatch.queries import candidates, engagements, situations
from network.dispatch.queries.learned import policy
from network.dispatch.rules.ahead import waits_for_morning
from network.dispatch.rules.case import WavePlan, Width
from network.dispatch.rules.surge import MANY, SURGE, plan_surge
from network.dispatch.rules.waves import plan_wave
from network.duty.queries import who_is_on
from network.messaging.queries import texts_to_handle
from network.messaging.texts.keys import Text
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.queries import local, zone
from network.support.rules.requests import Event, Kind, State
from network.support.rules.set_time import LAST_CALL, answer_by, is_ahead

LOOK_AGAIN = timedelta(seconds=2)
GIVES_WAY_FOR = timedelta(seconds=3)
RING_AGAIN = timedelta(minutes=10)  # about a request for which nobody is left to ask
RING_AGAIN_AHEAD = timedelta(hours=6)  # the same, days before a set time
CALLED_BEFORE = timedelta(minutes=30)  # a set time for which nobody was found by the last call


class NotReady(Exception):
    """The request lacks what a search needs; the message says what."""


@transaction.atomic
def start(request_id: UUID, *, at_home: bool = False, by: Actor, now: datetime) -> Search:
    """Start the search, or resume it. The first wave is due now.

    `at_home`: a coordinator asked whether they are home, and they are.

    Raises NotReady if kind, home or the number of children is missing, or the home is frozen.
    """
    support_request = support.lock(request_id)
    if at_home and not support_request.at_home:
        support.confirm_home(support_request, by=by, now=now)
    return start_held(support_request, by=by, now=now)


@transaction.atomic(savepoint=False)
def start_held(support_request: SupportRequest, *, by: Actor, now: datetime) -> Search:
    """As `start`, for a request that the caller has locked. Raises NotReady."""
    require_ready(support_request)
    if support_request.state in (State.ASKING, State.STOPPED):
        support.advance(support_request, Event.SEARCH, by=by, now=now)
        settle(Reason.HALF_REQUEST, about=About("request", str(support_request.pk)), by=by, now=now)
    search = _search_of.first(support_request.pk)
    if search is None:
        search = Search(support_request=support_request, started_at=now, due_at=now)
        _set_clock(search, now=now)
        insert_all([search])
        _ring_when_promised(search, now=now)
        return search
    search.support_request = support_request
    if engagements.places_left(support_request) == 0:
        support.advance(support_request, Event.COVER, by=by, now=now)
        return search
    begin_clock(search, now=now)
    look_now(search, now=now)
    return search


_search_of = Compiled(lambda request_id: Search.objects.filter(support_request_id=request_id))


def require_ready(support_request: SupportRequest) -> None:
    """Raises NotReady for a request that nobody may be asked about yet."""
    if not support_request.kind:
        raise NotReady("kind")
    if support_request.kind == Kind.CHILDCARE and not support_request.children:
        raise NotReady("children")
    if support_request.starts_at and not support_request.time_right_at:
        raise NotReady("time")
    if not support_request.at_home:
        raise NotReady("at_home")
    if support_request.member.frozen_at is not None:
        raise NotReady("frozen")


def begin_clock(search: Search, *, now: datetime, soon: bool = False, again: bool = False) -> None:
    """Start the target's clock, and set by when we text the member: a row with a time.

    `again`: a place came free. They have waited since the target's clock began, so it goes on.

    Within 20 minutes; later for a set time far ahead, unless `soon` says that we named 20 minutes.
    """
    _set_clock(search, now=now, soon=soon, again=again)
    save_columns(
        search,
        "width",
        "clock_from",
        "nobody_at",
        "late_at",
        "many_at",
        "last_call_at",
        "answer_by",
        "answered_at",
    )
    _ring_when_promised(search, now=now)


def _set_clock(search: Search, *, now: datetime, soon: bool = False, again: bool = False) -> None:
    search.width = Width.NEAR
    if not (again and search.clock_from):
        search.clock_from = now
    search.nobody_at = search.late_at = search.many_at = None
    starts_at = search.support_request.starts_at
    search.last_call_at = None if is_ahead(starts_at, now) else now
    search.answer_by = answer_by(None if soon else starts_at, now, zone())
    search.answered_at = None


def _ring_when_promised(search: Search, *, now: datetime) -> None:
    """The promised answer is a need with a time."""
    support.ring(
        Reason.ANSWER_PROMISED,
        search.support_request,
        due_at=search.answer_by,
        promise=True,
        by=ENGINE,
        now=now,
    )


def promise_kept(search: Search, *, now: datetime) -> None:
    """The member was told who goes, or that there is nobody yet."""
    Search.objects.filter(pk=search.pk).update(answered_at=now)
    settle(Reason.ANSWER_PROMISED, about=_about(search.support_request_id), by=ENGINE, now=now)


def look_now(search: Search, *, now: datetime) -> None:
    """The next wave is due: whoever handles the text that asked for it plans it, else the engine does."""
    search.due_at = now
    save_columns(search, "due_at")


def look_if_searching(search: Search, *, now: datetime) -> None:
    if search.support_request.state == State.SEARCHING:
        look_now(search, now=now)


def _about(request_id: UUID) -> About:
    return About("request", str(request_id))


_due = Compiled(
    lambda now: (
        Search.objects.filter(due_at__lte=now)
        .annotate(text_waits=Exists(texts_to_handle(now)))
        .values_list("pk", "support_request", "due_at", "text_waits")
    )
)
_some_open = Compiled(lambda until: engagements.searching_until(until).values_list("pk", flat=True)[:MANY])


def plan_due_searches(*, now: datetime) -> int:
    """Send every wave that is due, each by itself or, when they are many, planned as one.

    While families still wait for an answer, a wave waits a few seconds for them.
    """
    made = 0
    due = {
        search_id: request_id
        for search_id, request_id, due_at, text_waits in _due.all(now)
        if due_at and (not text_waits or due_at <= now - GIVES_WAY_FOR)
    }
    if not due:
        return made
    open_now = len(_some_open.all(now + LAST_CALL))
    if open_now >= SURGE:
        made = plan_together(open_now, now=now)
        for search_id in engagements.searching(now=now).values_list("pk", flat=True):
            due.pop(search_id, None)
    return made + sum(
        plan(search_id, request_id, now=now, wait=False) for search_id, request_id in due.items()
    )


@transaction.atomic
def plan(search_id: UUID, request_id: UUID, *, now: datetime, wait: bool = True) -> int:
    """Send the wave that is due for this request, if one is. Returns the number of offers made.

    With `wait` off, a request that another worker has locked is left to that worker.
    """
    held = _due_search(search_id, request_id, now=now, wait=wait)
    if held is None:
        return 0
    search, support_request = held
    situation = situations.situation(support_request, search, now=now)
    people = candidates.candidates(search, situation, now=now)
    numbers = policy(now=now)
    wave = plan_wave(situation, people, numbers, now=now)
    how_far = {c.person: c.miles for c in people}
    return _send(search, support_request, wave, how_far, cap=numbers.daily_cap, now=now)


_search = Compiled(lambda search_id: Search.objects.filter(pk=search_id))


def _due_search(
    search_id: UUID, request_id: UUID, *, now: datetime, wait: bool
) -> tuple[Search, SupportRequest] | None:
    """The search and its request, locked. None if no wave is due, or another worker has them."""
    try:
        support_request = support.lock(request_id, wait=wait)
    except SupportRequest.DoesNotExist:
        return None
    search = _search.get(search_id)
    if search.due_at is None or search.due_at > now:
        return None
    if support_request.state != State.SEARCHING or support_request.member.frozen_at:
        Search.objects.filter(pk=search_id).update(due_at=None)
        return None
    starts_at = support_request.starts_at
    if starts_at and is_ahead(starts_at, now) and (morning := waits_for_morning(starts_at, local(now))):
        Search.objects.filter(pk=search_id).update(due_at=morning)
        return None
    search.support_request = support_request
    return search, support_request


def plan_together(open_now: int, *, now: datetime) -> int:
    """A surge: weigh all searches that are due, so that none takes somebody whom another needs more.

    Some are due in any second, not all that are open: the simulator found no gain in waiting for the rest.
    `open_now`: how many are open; from MANY on, so many at least.

    Planned without a lock; then each wave is sent in a transaction of its own that checks again.
    """
    with transaction.atomic():
        if not hold_if_free(Lock.SURGE):
            return 0
        due = list(
            engagements.searching(now=now)
            .filter(due_at__lte=now)
            .select_related("support_request__member__person", "support_request__member__organization")
        )
        seen = situations.situations([(search.support_request, search) for search in due], now=now)
        crowds = candidates.crowds(list(zip(due, seen, strict=True)), now=now)
        numbers = policy(now=now)
        waves = plan_surge(list(zip(seen, crowds, strict=True)), numbers, now=now, open_now=open_now)
    made = 0
    for search, crowd, wave in zip(due, crowds, waves, strict=True):
        how_far = {who: float(crowd.miles[crowd.row_of[who]]) for who in wave.ask}
        made += _send_if_due(search, wave, how_far, cap=numbers.daily_cap, now=now)
    return made


@transaction.atomic
def _send_if_due(
    search: Search, wave: WavePlan, how_far: Mapping[UUID, float | None], *, cap: int, now: datetime
) -> int:
    held = _due_search(search.pk, search.support_request_id, now=now, wait=False)
    return _send(*held, wave, how_far, cap=cap, now=now) if held else 0


def _send(
    search: Search,
    support_request: SupportRequest,
    wave: WavePlan,
    how_far: Mapping[UUID, float | None],
    *,
    cap: int,
    now: datetime,
) -> int:
    """Make the offers of a wave, for those whom no other search took first."""
    free = hold_the_free(wave.ask, now=now, starts_at=support_request.starts_at, cap=cap) if wave.ask else {}
    search.wave += bool(free)
    search.due_at = wave.next_at
    save_columns(search, "wave", "due_at")
    asked = [
        Asked(free[person_id], how_far[person_id], wave.forecasts[person_id])
        for person_id in wave.ask
        if person_id in free
    ]
    if asked:
        make_offers(search, support_request, asked, now=now, width=wave.width)
    elif wave.ask:  # other searches were first with all of them: look again at once
        Search.objects.filter(pk=search.pk).update(due_at=now + LOOK_AGAIN)
    _tell_the_board(search, support_request, wave, now=now)
    return len(asked)


def _tell_the_board(
    search: Search, support_request: SupportRequest, wave: WavePlan, *, now: datetime
) -> None:
    """Tell the board what a person should know of this wave: how wide it searches, and any trouble."""
    if wave.ask and wave.width > search.width:
        Search.objects.filter(pk=search.pk).update(width=wave.width)
        record(
            "search.widened",
            f"search:{search.pk}",
            by=ENGINE,
            now=now,
            request_id=support_request.pk,
            width=wave.width.name.lower(),
        )
    ring_again = RING_AGAIN_AHEAD if is_ahead(support_request.starts_at, now) else RING_AGAIN
    if wave.nobody_left and (search.nobody_at is None or search.nobody_at <= now - ring_again):
        Search.objects.filter(pk=search.pk).update(nobody_at=now)
        nobody_yet(search, support_request, now=now)
    for reason, is_so, mark in (
        (Reason.SEARCH_LATE, wave.late, "late_at"),
        (Reason.MANY_ASKED, wave.too_many, "many_at"),
    ):
        if is_so and getattr(search, mark) is None:
            Search.objects.filter(pk=search.pk).update(**{mark: now})
            support.ring(reason, support_request, by=ENGINE, now=now)


def nobody_yet(search: Search, support_request: SupportRequest, *, now: datetime) -> None:
    """Keep the promise with the honest answer that there is nobody yet, and raise a need.

    Under duress nothing automatic tells the member.
    """
    support.ring(Reason.NOBODY_FOUND, support_request, by=ENGINE, now=now)
    if search.answered_at is not None or support_request.duress:
        return
    on = who_is_on(now=now)
    if on and on.name:
        support.tell_member(support_request, Text.NOBODY_YET, now=now, name=on.name)
    else:
        support.tell_member(support_request, Text.NOBODY_YET_TEAM, now=now)
    search.nobody_told_at, search.nobody_answered_at = now, None
    search.save(update_fields=["nobody_told_at", "nobody_answered_at"])
    promise_kept(search, now=now)


def keep_promises(*, now: datetime) -> int:
    """Tell the members whose 20 minutes are over that there is nobody yet."""
    due = Search.objects.filter(
        answer_by__lte=now,
        answered_at=None,
        support_request__state__in=(State.SEARCHING, State.STOPPED),
        support_request__duress=False,
    )
    waiting = list(due.values_list("pk", "support_request"))
    for search_id, request_id in waiting:
        with transaction.atomic():
            support_request = support.lock(request_id)
            search = due.filter(pk=search_id).first()  # closed, covered or told meanwhile
            if search:
                nobody_yet(search, support_request, now=now)
    return len(waiting)


def last_calls(*, now: datetime) -> int:
    """Two hours before a set time with places open: everybody may be asked again, and offers hold.

    The member is told that nobody is found yet, and who calls them before that time.
    """
    near = Search.objects.filter(
        last_call_at=None,
        support_request__state=State.SEARCHING,
        support_request__starts_at__lte=now + LAST_CALL,
    )
    waiting = list(near.values_list("pk", "support_request"))
    for search_id, request_id in waiting:
        with transaction.atomic():
            support_request = support.lock(request_id)
            search = near.filter(pk=search_id).first()  # the time may have changed meanwhile
            if search:
                search.support_request = support_request
                _last_call(search, support_request, now=now)
    return len(waiting)


def _last_call(search: Search, support_request: SupportRequest, *, now: datetime) -> None:
    search.last_call_at = search.started_at = search.clock_from = now
    search.width, search.nobody_at = Width.NEAR, None
    search.save(update_fields=["last_call_at", "started_at", "clock_from", "width", "nobody_at"])
    look_now(search, now=now)
    starts_at, on = support_request.starts_at, who_is_on(now=now)
    if support_request.duress or starts_at is None or starts_at <= now:
        return
    called_by, promised = max(now, starts_at - CALLED_BEFORE), bool(on and on.name)
    reason = support.speak_with(support_request.member.person)
    if promised and reason is Reason.PERSON_PLEASE:
        reason = Reason.WRITE_PROMISED
    support.ring(reason, support_request, due_at=called_by, promise=promised, by=ENGINE, now=now)
    if on and on.name:
        support.tell_member(support_request, Text.TIME_LAST_CALL, now=now, when=starts_at, name=on.name)
        promise_kept(search, now=now)


def reopen(support_request: SupportRequest, *, by: Actor, now: datetime, soon: bool = False) -> None:
    """A place came free: the search goes on at once, and the member is promised an answer again.

    The caller holds the request's lock. `soon`: the member was told 20 minutes, whatever the time.
    """
    if support_request.state == State.COVERED:
        support.advance(support_request, Event.REOPEN, by=by, now=now)
    search = Search.objects.filter(support_request=support_request).first()
    if search and support_request.state == State.SEARCHING:
        search.support_request = support_request
        begin_clock(search, now=now, soon=soon, again=True)
        look_now(search, now=now)
