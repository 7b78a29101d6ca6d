"""Raising, claiming and closing needs."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest, Least

from network.audit.actions import announce, record
from network.audit.rules import ENGINE, Actor, Detail
from network.database.compiled import Compiled
from network.database.writing import insert_once
from network.desk.models import Claim, Need, Tick
from network.desk.queries import signs_of_life, strays
from network.desk.rules import (
    CLAIM_LASTS,
    JOINS_A_REQUEST,
    PARTS,
    About,
    Reason,
    due_in,
    gone_workers,
    grouped,
    is_of,
    severity,
    silent_parts,
    subject_of,
)


class AlreadyTaken(Exception):
    """Somebody else claimed this need first."""


class OfThemself(Exception):
    """The need asks what this one of staff does: another takes it and closes it."""


_open_need = Compiled(
    lambda reason, about: Need.objects.select_for_update(no_key=True).filter(
        reason=reason, about=about, closed_at=None
    )
)
_open_needs = Compiled(
    lambda reasons, about: Need.objects.filter(reason__any=reasons, about=about, closed_at=None)
)
_owner_of = Compiled(lambda subject: Claim.objects.filter(subject=subject).values_list("staff_id", flat=True))


@transaction.atomic(savepoint=False)
def raise_need(
    reason: Reason,
    *,
    about: About,
    now: datetime,
    by: Actor,
    due_at: datetime | None = None,
    promise: bool = False,
    grave: bool = False,
    request_id: UUID | None = None,
    person_id: UUID | None = None,
) -> Need:
    """Put it on the board, or flag the one that is open for the same reason and subject.

    A fresh one is returned as it was written, without the number that the database gave it.
    The due time is the one given, else the reason's own; an open need only ever becomes due sooner.
    Where somebody is at work on the request it is theirs, but duress, which everybody hears.
    """
    due = due_at or now + due_in(reason)
    fresh = Need(
        reason=reason,
        about=str(about),
        subject=subject_of(str(about), request_id=request_id, person_id=person_id),
        due_at=due,
        promise=promise,
        grave=grave,
        raised_at=now,
        request_id=request_id,
        person_id=person_id,
    )
    if not insert_once(fresh):
        need = _open_need.get(reason, str(about))
        Need.objects.filter(pk=need.pk).update(
            raised_again_at=now, read_at=None, due_at=Least("due_at", due), grave=need.grave or grave
        )
        need.refresh_from_db(fields=["due_at", "grave"])
        announce(f"need:{need.pk}", shows=_row(need, now=now))
        return need
    record(
        "need.raised",
        f"need:{fresh.pk}",
        by=by,
        now=now,
        request_id=request_id,
        shows=_row(fresh, now=now),
        reason=reason,
    )
    owner = None if reason is Reason.DURESS else _owner(fresh.subject)
    if owner:
        _give([fresh], owner, by=by, now=now)
    return fresh


def _owner(subject: str) -> UUID | None:
    return _owner_of.first(subject)


def _give(needs: Iterable[Need], staff_id: UUID, *, seen: bool = False, by: Actor, now: datetime) -> int:
    """Mark these as taken; what another has meanwhile, or what is closed, stays. Returns how many.

    `seen`: they took it themselves, and so know of it; else it rings for them until they open it.
    """
    given = 0
    for need in needs:
        free = Need.objects.filter(pk=need.pk, closed_at=None, claimed_by=None)
        if free.update(claimed_by=staff_id, claimed_at=now, read_at=now if seen else need.read_at):
            shows = _shows(need, "taken")
            record(
                "need.claimed",
                f"need:{need.pk}",
                by=by,
                now=now,
                request_id=need.request_id,
                shows=shows,
                staff=staff_id,
            )
            need.claimed_by, need.claimed_at = staff_id, now
            given += 1
    return given


@transaction.atomic
def claim(need_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> None:
    """Take it, with all else that waits about the same request, else the same person.

    Raises OfThemself, and AlreadyTaken when another has it; claiming one's own again changes nothing.
    Duress that came up while another was at work goes to whoever answers first, and the request with it.
    """
    need = Need.objects.filter(pk=need_id, closed_at=None).first()
    if need is None:
        raise AlreadyTaken
    if is_of(by, need.reason, need.about):
        raise OfThemself
    if need.reason == Reason.DURESS and need.claimed_by is None:
        for owner in Claim.objects.filter(subject=need.subject).exclude(staff_id=staff_id):
            _free(owner.subject, owner.staff_id, by=by, now=now)
    _take(need.subject, staff_id=staff_id, by=by, now=now)


def claim_next(*, staff_id: UUID, by: Actor, now: datetime) -> Need | None:
    """Take the worst of all that nobody has; None where there is nothing to take."""
    for group in grouped(Need.objects.filter(closed_at=None, claimed_by=None), now=now):
        try:
            claim(group.worst.pk, staff_id=staff_id, by=by, now=now)
        except (AlreadyTaken, OfThemself):
            continue
        return group.worst
    return None


def claim_request(request_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> int:
    """Be the one at work on a request, whether anything waits about it or not.

    Returns how much was taken. Raises AlreadyTaken when another has it.
    """
    subject = subject_of("", request_id=request_id, person_id=None)
    with transaction.atomic():
        return _take(subject, staff_id=staff_id, by=by, now=now)


def _take(subject: str, *, staff_id: UUID, by: Actor, now: datetime) -> int:
    row = Claim(subject=subject, staff_id=staff_id, claimed_at=now, seen_at=now)
    Claim.objects.bulk_create([row], ignore_conflicts=True)
    held = Claim.objects.select_for_update(no_key=True).get(subject=subject)
    if held.staff_id != staff_id:
        raise AlreadyTaken
    Claim.objects.filter(subject=subject).update(seen_at=now)
    free = Need.objects.filter(subject=subject, closed_at=None, claimed_by=None).order_by("number")
    return _give(list(free), staff_id, seen=True, by=by, now=now)


@transaction.atomic
def unclaim(need_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> None:
    """Give it back, with all else about the same request: each rings until somebody has it."""
    for need in Need.objects.filter(pk=need_id, closed_at=None, claimed_by=staff_id):
        _free(need.subject, staff_id, by=by, now=now)


def _free(subject: str, staff_id: UUID, *, lapsed: bool = False, by: Actor, now: datetime) -> int:
    """Nobody has this subject any more. Returns how many needs that frees."""
    Claim.objects.filter(subject=subject, staff_id=staff_id).delete()
    freed = 0
    for need in Need.objects.filter(subject=subject, closed_at=None, claimed_by=staff_id).order_by("number"):
        own = Need.objects.filter(pk=need.pk, closed_at=None, claimed_by=staff_id)
        if own.update(claimed_by=None, claimed_at=None, freed_at=now):
            record(
                "need.lapsed" if lapsed else "need.unclaimed",
                f"need:{need.pk}",
                by=by,
                now=now,
                request_id=need.request_id,
                shows=_shows(need, "free"),
            )
            freed += 1
    return freed


def keep_claims(staff_id: UUID, *, request_id: UUID | None = None, now: datetime) -> None:
    """Whoever has taken something is at work on it: on this request, or on all that they have."""
    own = Claim.objects.filter(staff_id=staff_id)
    if request_id:
        own = own.filter(subject=subject_of("", request_id=request_id, person_id=None))
    own.update(seen_at=now)


def lapse_claims(*, now: datetime) -> int:
    """What somebody took and did not touch for ten minutes is free again. Returns how many needs that are.

    What was raised in the very moment in which its request was taken goes to whoever took it.
    """
    lapsed = 0
    for subject, staff_id in Claim.objects.filter(seen_at__lte=now - CLAIM_LASTS).values_list(
        "subject", "staff_id"
    ):
        with transaction.atomic():
            held = Claim.objects.select_for_update(no_key=True).filter(subject=subject, staff_id=staff_id)
            if held.filter(seen_at__lte=now - CLAIM_LASTS).exists():
                lapsed += _free(subject, staff_id, lapsed=True, by=ENGINE, now=now)
    for need in strays():
        owner = _owner(need.subject)
        if owner:
            _give([need], owner, by=ENGINE, now=now)
    return lapsed


@transaction.atomic
def free_claims(staff_id: UUID, *, by: Actor, now: datetime) -> int:
    """Everything that somebody had taken is free again: they have left. Returns how many needs that were."""
    subjects = list(Claim.objects.filter(staff_id=staff_id).values_list("subject", flat=True))
    return sum(_free(subject, staff_id, by=by, now=now) for subject in subjects)


@transaction.atomic
def join_request(person_id: UUID, *, request_id: UUID) -> None:
    """What somebody wrote before they asked, and nobody has read yet, waits with what they ask for."""
    waiting = Need.objects.filter(
        person_id=person_id, request_id=None, closed_at=None, reason__in=JOINS_A_REQUEST, claimed_by=None
    )
    waiting.update(request_id=request_id, subject=subject_of("", request_id=request_id, person_id=None))


def read(request_id: UUID, *, now: datetime) -> None:
    """Somebody has opened the request: nothing about it is unread, and all of it still waits."""
    unread = Need.objects.filter(request_id=request_id, closed_at=None, read_at=None)
    if unread.update(read_at=now):
        announce(f"request:{request_id}")


def settle_read(*reasons: Reason, about: About, by: Actor, now: datetime) -> None:
    """Close those that asked only to be read, where somebody has opened or taken them."""
    waiting = _open_needs.all([reason.value for reason in reasons], str(about))
    _close((need for need in waiting if need.read_at or need.claimed_by), by=by, now=now, how="read")


def close(need_id: UUID, *, by: Actor, now: datetime, how: str = "done") -> None:
    """Closing what is closed changes nothing. Raises OfThemself."""
    for reason, about in Need.objects.filter(pk=need_id, closed_at=None).values_list("reason", "about"):
        if is_of(by, reason, about):
            raise OfThemself
    _close(Need.objects.filter(pk=need_id, closed_at=None), by=by, now=now, how=how)


def settle(*reasons: Reason, about: About, by: Actor, now: datetime, how: str = "settled") -> None:
    """Close the open needs of these reasons for this subject: what they asked for has happened."""
    _close(_open_needs.all([reason.value for reason in reasons], str(about)), by=by, now=now, how=how)


def settle_all(
    *reasons: Reason, about: Iterable[About], by: Actor, now: datetime, how: str = "settled"
) -> None:
    """As `settle`, of many subjects."""
    subjects = [str(subject) for subject in about]
    waiting = Need.objects.filter(reason__in=reasons, about__in=subjects, closed_at=None)
    _close(waiting, by=by, now=now, how=how)


TALKED_ABOUT = frozenset({
    Reason.VISITOR_NEEDS_PERSON, Reason.CALL_CAME, Reason.CALL_MEMBER, Reason.CALL_PROMISED,
    Reason.DID_NOT_COME, Reason.NO_WORD_AFTER, Reason.REFUSED_SEND, Reason.CANT_TEXT, Reason.OPTED_OUT,
    Reason.STOP_ASKED, Reason.PERSON_PLEASE, Reason.CLOSED_BY_TEXT,
})  # fmt: skip


def settle_talk(person_id: UUID, *, request_id: UUID | None, by: Actor, now: datetime) -> None:
    """Close what asked for no more than to speak with this person: about one request, or about none."""
    about = Need.objects.filter(person_id=person_id, reason__in=TALKED_ABOUT)
    _close(
        about.filter(Q(request_id=request_id) | Q(request_id=None), closed_at=None),
        by=by,
        now=now,
        how="called",
    )


def settle_request(request_id: UUID, *, by: Actor, now: datetime, how: str) -> None:
    """Close every open need of a request that has ended, but a text of a person that nobody has read yet."""
    unread = Need.objects.filter(
        request_id=request_id,
        closed_at=None,
        read_at=None,
        claimed_by=None,
        person_id__isnull=False,
        reason__in=JOINS_A_REQUEST,
    )
    for need in unread.exclude(about=f"request:{request_id}"):
        Need.objects.filter(pk=need.pk).update(
            request_id=None, subject=subject_of(need.about, request_id=None, person_id=need.person_id)
        )
    _close(Need.objects.filter(request_id=request_id, closed_at=None), by=by, now=now, how=how)
    Claim.objects.filter(subject=subject_of("", request_id=request_id, person_id=None)).delete()


REOPENS_FOR = timedelta(minutes=5)


@transaction.atomic
def restore_request(request_id: UUID, *, closed_at: datetime, by: Actor, now: datetime) -> None:
    """What waited about a request when it was closed, and still means something, waits again.

    Not what was about a visit or an offer: those have ended.
    """
    ended = Need.objects.filter(request_id=request_id, closed_at=closed_at).exclude(
        Q(about__startswith="visit:") | Q(about__startswith="offer:") | Q(reason__in=OF_A_SEARCH)
    )
    for need in ended.order_by("number"):
        if not Need.objects.filter(reason=need.reason, about=need.about, closed_at=None).exists():
            Need.objects.filter(pk=need.pk).update(
                closed_at=None, closed_by="", how="", claimed_by=None, claimed_at=None, freed_at=now
            )
            shows = _row(need, now=now)
            record("need.reopened", f"need:{need.pk}", by=by, now=now, request_id=request_id, shows=shows)


OF_A_SEARCH = frozenset({
    Reason.NOBODY_FOUND, Reason.SEARCH_LATE, Reason.MANY_ASKED, Reason.PLACE_LOST, Reason.ANSWER_PROMISED,
    Reason.NO_PIN, Reason.PIN_LOCKED,
})  # fmt: skip


class TooLateToReopen(Exception):
    """It was closed too long ago, or by what happened, or has come up again meanwhile."""


@transaction.atomic
def reopen(need_id: UUID, *, by: Actor, now: datetime) -> None:
    """Undo a person's "done" on one need: it waits again, with its own due time. Raises TooLateToReopen."""
    need = Need.objects.select_for_update(no_key=True).filter(pk=need_id).first()
    if need is None or not is_reopenable(need, now=now):
        raise TooLateToReopen
    if Need.objects.filter(reason=need.reason, about=need.about, closed_at=None).exists():
        raise TooLateToReopen
    owner = _owner(need.subject)
    Need.objects.filter(pk=need.pk).update(
        closed_at=None,
        closed_by="",
        how="",
        claimed_by=owner,
        claimed_at=now if owner else None,
        freed_at=None if owner else now,
    )
    shows = _row(need, now=now)
    record("need.reopened", f"need:{need.pk}", by=by, now=now, request_id=need.request_id, shows=shows)


def is_reopenable(need: Need, *, now: datetime) -> bool:
    """Whether somebody's "done" on it may still be taken back."""
    return need.how == "done" and need.closed_at is not None and now - need.closed_at < REOPENS_FOR


def _close(needs: Iterable[Need], *, by: Actor, now: datetime, how: str) -> None:
    """Open needs; one that somebody else has closed meanwhile stays as it is."""
    for need in needs:
        with transaction.atomic(savepoint=False):
            closed = Need.objects.filter(pk=need.pk, closed_at=None)
            if closed.update(closed_at=Greatest(Value(now), F("raised_at")), closed_by=str(by), how=how):
                record(
                    "need.closed",
                    f"need:{need.pk}",
                    by=by,
                    now=now,
                    request_id=need.request_id,
                    shows=_shows(need, "closed"),
                    reason=need.reason,
                    how=how,
                )


def _row(need: Need, *, now: datetime) -> dict[str, Detail]:
    """What a board paints of a need before it has fetched whom it is about."""
    return _shows(need, "open") | {
        "reason": need.reason, "due": need.due_at, "promise": need.promise,
        "severity": int(severity(need, now=now)),
    }  # fmt: skip


def _shows(need: Need, state: str) -> dict[str, Detail]:
    return {"need": need.pk, "state": state, "subject": need.subject}


def show_life(worker: str, signs: Mapping[str, datetime]) -> None:
    """When each part of this worker was last at work."""
    rows = [Tick(worker=f"{worker}:{part}", at=at) for part, at in sorted(signs.items())]
    Tick.objects.bulk_create(rows, update_conflicts=True, unique_fields=["worker"], update_fields=["at"])


def leave_work(worker: str) -> None:
    """This worker was told to stop: nobody is to wait for it."""
    Tick.objects.filter(worker__startswith=f"{worker}:").delete()


@transaction.atomic
def watch_workers(*, now: datetime) -> None:
    """Put on the board each part of the workers that shows no sign of life, and take it off when it does."""
    signs = signs_of_life()
    silent = silent_parts(signs, now=now) if signs else set()
    rung = Need.objects.filter(reason=Reason.QUEUE_SILENT, closed_at=None)
    told = set(rung.values_list("about", flat=True))
    for part in PARTS:
        about = About("queue", part)
        if part in silent and str(about) not in told:
            raise_need(Reason.QUEUE_SILENT, about=about, now=now, by=ENGINE)
        elif part not in silent and str(about) in told:
            settle(Reason.QUEUE_SILENT, about=about, by=ENGINE, now=now)
    for worker in gone_workers(signs, now=now):
        leave_work(worker)
