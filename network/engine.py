"""Everything that happens without a click, as one ordered list.

Whatever a crash lost is a row that one of these steps finds: losing a task, a worker or the whole
queue costs seconds, not messages.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from network import due, forgetting
from network.audit.actions import wake
from network.audit.chain import seal_lines
from network.audit.locks import Lock, give_back, take_if_free
from network.audit.publishing import publish_head
from network.audit.rules import Task, error_of
from network.backups.nightly import make_nightly_backup
from network.console.shell.forgetting import ERASERS
from network.conversations.outreach.phone_recheck import check_phones
from network.conversations.outreach.unanswered import escalate_half_requests, follow_up_invitations
from network.desk.actions import lapse_claims, watch_workers
from network.dispatch.actions import answering, learning, offering, searching, surge
from network.duty.actions.paging import page
from network.duty.queries import alarm_calls_of_taken, alarm_calls_to_look_at, next_page
from network.enrollment.actions import approvals
from network.enrollment.actions.exports import end_exports
from network.heartbeat import wake_heartbeat
from network.messaging.canary import send_canary
from network.messaging.gateway import erasing
from network.messaging.inbox import backfill, media
from network.messaging.inbox.receiving import wake_for
from network.messaging.models import Inbound, Outbound
from network.messaging.outbox import sending
from network.messaging.outbox.queueing import wake_sender
from network.messaging.quiet import is_quiet
from network.messaging.receipts import asking
from network.messaging.retention import forget_strangers
from network.messaging.rules.states import InState, OutState
from network.support.actions import flag_unanswered_times
from network.trust.actions.vouches import remind_renewals
from network.visits.actions import clocks, drills, homes, set_time, trust

log = logging.getLogger("porchlight")


def handle_waiting_texts(*, now: datetime) -> None:
    """Wake the workers again for what the queue has lost."""
    waiting = Inbound.objects.filter(state=InState.WAITING, next_attempt_at__lte=now, contact__isnull=False)
    for text in (*waiting.filter(ours=True)[:1], *waiting.filter(ours=False)[:1]):
        wake_for(text)


def send_owed_texts(*, now: datetime) -> None:
    """Wake the sender: what talks to the carrier may be slow, and the clocks must not wait for it."""
    owed = Q(state=OutState.OWED, not_before__lte=now)
    to_look_for = Q(state__in=(OutState.SENDING, OutState.UNKNOWN), leased_until__lte=now)
    if Outbound.objects.filter(owed | to_look_for).exists():
        wake_sender()


def ask_the_carrier(*, now: datetime) -> None:
    """Wake what asks for receipts and pictures, and takes our words off it."""
    for task, is_due in (
        (Task.ASK_FOR_RECEIPTS, bool(asking.due(now=now))),
        (Task.FETCH_MEDIA, bool(media.due(now=now))),
        (Task.ERASE_AT_CARRIER, bool(erasing.left(now=now, most=1))),
    ):
        if is_due:
            wake(task)


def ring_coordinators(*, now: datetime) -> None:
    """Wake what calls coordinators, and what ends calls about what somebody has taken."""
    for task, rows in (
        (Task.CALL_COORDINATORS, alarm_calls_to_look_at(now=now)),
        (Task.END_ALARM_CALLS, alarm_calls_of_taken(now=now)),
    ):
        if rows:
            wake(task)


def read_the_carriers_list(*, now: datetime) -> None:
    if backfill.is_due(now=now):
        wake(Task.BACKFILL)


def expire_texts(*, now: datetime) -> None:
    sending.expire(now=now)


def erase_what_is_over(*, now: datetime) -> None:
    forgetting.forget(now=now, erasers=ERASERS)


@dataclass(frozen=True, slots=True)
class EngineStep:
    """Something that happens without a click, and what says when it is next wanted.

    `owed` are rows with a moment of their own; `by_clock` is for what a row alone doesn't tell, and is asked
    once the first of the rows' moments has come. Where `without` is set, the step makes its own row, and is
    wanted as long as there is none. In a restored copy, which must be quiet, a step runs only if it says
    `in_copy`: it erases, or tidies the board, and nobody outside notices.
    """

    run: Callable[..., object]
    owed: Callable[[], due.Owed]
    by_clock: Callable[[datetime], datetime | None] | None = None
    without: bool = False
    in_copy: bool = False

    @property
    def name(self) -> str:
        return self.run.__name__


STEPS: tuple[EngineStep, ...] = (
    EngineStep(handle_waiting_texts, due.texts_in),
    EngineStep(watch_workers, due.workers, in_copy=True),
    EngineStep(lapse_claims, due.claims, in_copy=True),
    EngineStep(trust.suspend_unvouched, due.unvouched),
    EngineStep(clocks.release_suspended, due.suspended),
    EngineStep(homes.release_moved, due.moved),
    EngineStep(drills.end_drills, due.drills),
    EngineStep(approvals.settle_proposals, due.proposals),
    EngineStep(remind_renewals, due.vouches, due.renewals),
    EngineStep(end_exports, due.exports, in_copy=True),
    EngineStep(answering.act_on_undelivered_texts, due.texts_not_delivered),
    EngineStep(answering.expire_offers, due.offers),
    EngineStep(offering.release_holds, due.holds),
    EngineStep(learning.settle_offers, due.answers),
    EngineStep(learning.forget_slowly, due.forgetting, without=True),
    EngineStep(surge.end_surges, due.surges),
    EngineStep(searching.last_calls, due.last_calls),
    EngineStep(searching.plan_due_searches, due.searches),
    EngineStep(searching.keep_promises, due.promises),
    EngineStep(set_time.ask_to_confirm, due.confirmations),
    EngineStep(set_time.flag_unconfirmed, due.unconfirmed),
    EngineStep(clocks.ask_the_silent, due.not_there),
    EngineStep(clocks.flag_the_silent, due.silent),
    EngineStep(flag_unanswered_times, due.times),
    EngineStep(escalate_half_requests, due.half_requests),
    EngineStep(follow_up_invitations, due.invitations),
    EngineStep(check_phones, due.phones, due.silence),
    EngineStep(page, due.needs, next_page),
    EngineStep(ring_coordinators, due.alarm_calls),
    EngineStep(expire_texts, due.texts_out_late),
    EngineStep(send_owed_texts, due.texts_out),
    EngineStep(ask_the_carrier, due.at_the_carrier),
    EngineStep(read_the_carriers_list, due.the_carriers_list, without=True),
    EngineStep(backfill.check_for_silent_line, due.the_line),
    EngineStep(forget_strangers, due.strangers, in_copy=True),
    EngineStep(seal_lines, due.unsealed, in_copy=True),
    EngineStep(publish_head, due.heads, without=True),
    EngineStep(erase_what_is_over, due.erasing, without=True, in_copy=True),
    EngineStep(forgetting.check_for_stopped_erasing, due.stopped_erasing),
    EngineStep(make_nightly_backup, due.backups),
    EngineStep(send_canary, due.canary),
    EngineStep(wake_heartbeat, due.heartbeat),
)
BY_ROWS = tuple((step.name, step.owed) for step in STEPS)


def next_due(now: datetime) -> dict[str, datetime]:
    """When each step is next wanted, by its name; what isn't named owes nothing."""
    moments = due.earliest(BY_ROWS)
    for step in STEPS:
        if step.without and step.name not in moments:
            moments[step.name] = now
        if step.by_clock and step.name in moments and moments[step.name] <= now:
            del moments[step.name]
            if at := step.by_clock(now):
                moments[step.name] = at
    return moments


MOST_ROUNDS = 5  # at one moment: what one step did may be due for another at once
EVERY_STEP_EVERY = timedelta(minutes=1)
_last_full_round: datetime | None = None  # of this process


def step(now: datetime) -> bool:
    """Run what is due, and what that makes due; False where another process is at it.

    Nothing due costs one statement. A step that fails is logged by its kind of error, and the next one runs.
    Once a minute every step runs, whatever the rows seem to owe. In a restored copy most steps wait.
    """
    global _last_full_round
    full = _last_full_round is None or now >= _last_full_round + EVERY_STEP_EVERY
    if not (full or _due(now)):
        return True
    if not take_if_free(Lock.ENGINE):
        return False
    try:
        quiet = is_quiet()
        allowed = {step.name for step in STEPS if step.in_copy or not quiet}
        if full:
            _last_full_round = now
            _run_steps(allowed, now=now)
        done: dict[str, datetime] = {}
        for _ in range(MOST_ROUNDS):
            due_now = {name: at for name, at in _due(now).items() if name in allowed}
            if due_now == done:  # nothing more, or nothing that can be done now
                break
            _run_steps(due_now, now=now)
            done = due_now
    finally:
        give_back(Lock.ENGINE)
    return True


def _due(now: datetime) -> dict[str, datetime]:
    return {name: at for name, at in next_due(now).items() if at <= now}


def _run_steps(names: Collection[str], *, now: datetime) -> None:
    for step in STEPS:
        if step.name in names:
            _run(step.run, now=now)


def _run(step: Callable[..., object], *, now: datetime) -> None:
    try:
        step(now=now)
    except Exception as error:  # one broken row must not stop the clocks of all others
        log.error("step %s failed: %s", step.__name__, error_of(error))
