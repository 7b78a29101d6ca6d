"""What is kept how long, what is past its time, and what was erased, in words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from network import forgetting
from network.console.shell.forgetting import ERASERS
from network.privacy import runs
from network.privacy.keep import Keep, kept_for
from network.privacy.models import ErasingRun

SHOWN_RUNS = 24
HOURS_UP_TO = timedelta(hours=72)  # longer times are told in days

WHAT: Mapping[Keep, tuple[str | Promise, str | Promise]] = {
    Keep.WORDS: (
        _("Words"),
        _("Texts both ways, pictures, notes, drafts and hand-offs: counted from when their request closed."),
    ),
    Keep.CASE: (
        _("Who asked, and who came"),
        _("Requests, searches, offers, visits, what was on the board: counted from when the request closed."),
    ),
    Keep.DAY: (
        _("Unknown phones"),
        _("Whoever wrote or called and is not in the network: counted from when we last heard them."),
    ),
    Keep.LEDGER: (
        _("History"),
        _("Who of staff did what, shifts, proposals, rounds of erasing. The history goes by whole days."),
    ),
    Keep.SESSION: (_("Sign-ins and links"), _("Counted from when they ended.")),
    Keep.MEASURES: (
        _("Figures of requests that are gone"),
        _("Nobody is named in them: the measures look back so far."),
    ),
}


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One class of data: how long it is kept, and what is left to do."""

    name: str | Promise
    what: str | Promise
    kept: str
    until: datetime | None  # whatever was over by then is gone
    waiting: int  # rows past their time
    erased: int  # in the rounds shown


@dataclass(frozen=True, slots=True)
class RetentionPage:
    rows: list[KeptRow]
    rounds: list[tuple[ErasingRun, int]]  # the last ones first, with how many rows each erased
    finished_at: datetime | None
    stopped: bool


def retention(*, now: datetime) -> RetentionPage:
    classes = {eraser.code: eraser.keep for eraser in ERASERS}
    rounds = list(ErasingRun.objects.order_by("-started_at")[:SHOWN_RUNS])
    waiting = _by_class(forgetting.waiting(now=now, erasers=ERASERS), classes)
    erased = Counter[Keep]()
    for run in rounds:
        erased.update(_by_class(run.erased, classes))
    whole = runs.last_finished()
    return RetentionPage(
        rows=[
            KeptRow(name, what, _kept(kept_for()[keep]), _until(whole, keep), waiting[keep], erased[keep])
            for keep, (name, what) in WHAT.items()
        ],
        rounds=[(run, sum(run.erased.values())) for run in rounds],
        finished_at=whole.finished_at if whole else None,
        stopped=runs.stopped(now=now),
    )


def _by_class(rows: Mapping[str, int], classes: Mapping[str, Keep]) -> Counter[Keep]:
    """Counts by the code of an eraser, added up; codes of an older version are left out."""
    added = Counter[Keep]()
    for code, many in rows.items():
        if code in classes:
            added[classes[code]] += many
    return added


def _until(run: ErasingRun | None, keep: Keep) -> datetime | None:
    told = run.until.get(keep.value) if run else None
    return datetime.fromisoformat(told) if told else None


def _kept(span: timedelta) -> str:
    if span <= HOURS_UP_TO:
        hours = int(span / timedelta(hours=1))
        return ngettext("%d hour", "%d hours", hours) % hours
    return ngettext("%d day", "%d days", span.days) % span.days
