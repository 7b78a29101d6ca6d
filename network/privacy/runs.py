"""The rounds of erasing: beginning one, counting in it, ending it. One runs at a time, on whatever worker."""

from collections.abc import Collection
from datetime import datetime, timedelta

from network.database.writing import insert_once
from network.privacy.keep import limits
from network.privacy.models import ErasingRun

EVERY = timedelta(hours=1)
RETRY_IN = timedelta(minutes=1)  # after a failure, or where whoever had begun it died
STOPPED_AFTER = timedelta(hours=24)  # without a round that was finished: somebody is told


def begin(*, now: datetime) -> ErasingRun | None:
    """The round to work on. None where none is due, or where another worker is at it."""
    last = last_run()
    if last is None or last.finished_at is not None:
        if last is not None and last.next_at > now:
            return None
        until = {keep.value: before.isoformat() for keep, before in limits(now=now).items()}
        fresh = ErasingRun(started_at=now, next_at=now + RETRY_IN, until=until)
        return ErasingRun.objects.get(finished_at=None) if insert_once(fresh) else None
    if last.next_at > now:
        return None
    seen = ErasingRun.objects.filter(pk=last.pk, next_at=last.next_at, finished_at=None)
    if not seen.update(next_at=now + RETRY_IN, failed=[]):
        return None
    last.refresh_from_db()
    return last


def count(run: ErasingRun, code: str, rows: int) -> None:
    """Note this many in the transaction that erased them, so that none is missed or counted twice."""
    held = ErasingRun.objects.select_for_update().get(pk=run.pk)
    held.erased[code] = held.erased.get(code, 0) + rows
    held.save(update_fields=["erased"])


def end(run: ErasingRun, *, left: bool, failed: Collection[str], now: datetime) -> None:
    """Finished, unless something is left, which is looked at again at once, or failed: in a while."""
    this = ErasingRun.objects.filter(pk=run.pk)
    if failed:
        this.update(failed=sorted(failed), next_at=now + RETRY_IN)
    elif left:
        this.update(next_at=now)
    else:
        this.update(finished_at=now, next_at=run.started_at + EVERY)


def last_run() -> ErasingRun | None:
    return ErasingRun.objects.order_by("-started_at").first()


def last_finished() -> ErasingRun | None:
    return ErasingRun.objects.filter(finished_at__isnull=False).order_by("-started_at").first()


def stopped(*, now: datetime) -> bool:
    """Whether no round was finished for a day. Not where none has begun yet: nothing runs then."""
    whole = last_finished()
    since = whole.finished_at if whole else ErasingRun.objects.values_list("started_at", flat=True).first()
    return since is not None and since <= now - STOPPED_AFTER
