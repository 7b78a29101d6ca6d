"""Being at the console, and climbing the alarm's ladder until somebody takes a need."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from network.audit.actions import announce
from network.audit.locks import Lock, hold
from network.desk.models import Need
from network.desk.queries import open_needs
from network.desk.rules import in_order
from network.duty.actions import calling
from network.duty.models import Page, Presence
from network.duty.queries import crew, last_texted, paged, waiting
from network.duty.rules.alarm import (
    CALLED,
    DueRung,
    OpenNeed,
    PageText,
    Rung,
    begins,
    calls,
    rings,
    steps_due,
)
from network.duty.rules.shifts import Crew
from network.messaging.outbox.queueing import Purpose, queue
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text
from network.staff.models import Staff

OF_USE_FOR = timedelta(minutes=30)  # a page that couldn't leave for so long isn't sent any more


def be_present(staff_id: UUID, *, now: datetime) -> None:
    Presence.objects.update_or_create(staff_id=staff_id, defaults={"seen_at": now})


def stay_present(staff_ids: Collection[UUID], *, now: datetime) -> None:
    """Those whose console is still open."""
    Presence.objects.filter(staff__in=staff_ids).update(seen_at=now)


@transaction.atomic
def page(*, now: datetime) -> int:
    """Tell whom the ladder says about each unclaimed need. Returns the texts owed.

    Pages and texts are written together, so that a crash repeats nothing and loses nothing.
    """
    hold(Lock.PAGING)
    needs = [waiting(need, now=now) for need in open_needs().filter(claimed_by=None)]
    if not needs:
        return 0
    on = crew(now=now)
    _ring(needs, on, now=now)
    told = paged(need.id for need in needs)
    due = [due_step for need in needs for due_step in steps_due(need, on, told, now=now)]
    free = _still_free({due_step.need_id for due_step in due})
    due = [due_step for due_step in due if due_step.need_id in free]
    return sum(_tell(call, free, now=now) for call in calls(due, last_texted(now=now), now=now))


def _ring(needs: Iterable[OpenNeed], on: Crew, *, now: datetime) -> None:
    """Let the consoles look at what begins to ring by the clock alone."""
    loud = [need for need in needs if rings(need, on.since, now=now)]
    quiet = set(
        Need.objects.filter(pk__in=[need.id for need in loud], rang_at=None).values_list("pk", flat=True)
    )
    Need.objects.filter(pk__in=quiet).update(rang_at=now)
    for need in loud:
        if need.id in quiet and begins(need, on.since) != need.raised_at:
            announce(f"need:{need.id}")


def _still_free(need_ids: Iterable[UUID]) -> dict[UUID, Need]:
    """These needs in hand, but for those just claimed or closed: who claims one meanwhile, waits for us."""
    free = Need.objects.select_for_update(no_key=True).filter(
        pk__in=list(need_ids), claimed_by=None, closed_at=None
    )
    return {need.pk: need for need in free.order_by("number")}


def _tell(call: PageText, needs: dict[UUID, Need], *, now: datetime) -> bool:
    Page.objects.bulk_create(
        Page(at=now, need_id=due.need_id, step=due.step, staff_id=call.staff_id, began_at=due.began_at)
        for due in call.dues
    )
    if called := [due for due in call.dues if due.step in CALLED]:
        loudest = in_order({due.need_id: needs[due.need_id] for due in called}.values(), now=now)[0]
        began_at = next(due.began_at for due in called if due.need_id == loudest.pk)
        calling.owe(loudest.pk, call.staff_id, began_at=began_at, now=now)
    worst = in_order({due.need_id: needs[due.need_id] for due in call.dues}.values(), now=now)[0]
    first = min(
        (due for due in call.dues if due.need_id == worst.pk),
        key=lambda due_step: due_step.step != Rung.DURESS,
    )
    return _text(Staff.objects.get(pk=call.staff_id), first, worst, now=now)


def _text(staff: Staff, due: DueRung, need: Need, *, now: datetime) -> bool:
    about = {"number": need.number}
    match due.step:
        case Rung.DURESS:
            text = Text.STAFF_URGENT
        case Rung.ALONE | Rung.EVERYONE:
            text = Text.STAFF_PAGE
        case _:
            text = Text.STAFF_ALARM
            about["minutes"] = int((now - due.began_at).total_seconds() // 60)
    purpose = Purpose(Lane.STAFF, need.request_id, expires_at=now + OF_USE_FOR)
    return queue(staff.phone, text, staff.language, purpose=purpose, now=now, **about) is not None
