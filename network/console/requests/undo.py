"""Which acts of staff may be undone from the timeline, and by which act that exists already. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

UNDO_FOR = timedelta(minutes=5)
STEPS = frozenset({
    "request.search", "request.cover", "request.reopen", "request.stop", "request.close", "request.resume",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Past:
    """One line: what it did, to what, when, and whether a member of staff did it; `mine`: this reader."""

    id: int
    action: str
    about: str
    at: datetime
    by_staff: bool
    mine: bool


def undoable(past: Collection[Past], standing: Collection[str], *, now: datetime) -> dict[int, str]:
    """The act that undoes each line, by the line's id. `past`: newest first.

    `standing`: what is still as the line left it (needs that the reader has or that somebody called done,
    proposals still open, a request that may be opened again).
    """
    steps = [entry for entry in past if entry.action in STEPS]
    found = {}
    if steps and steps[0].action == "request.close" and steps[0].about in standing:
        found[steps[0].id] = "resume"
    if steps and (undo := _step_back(steps[0].action, steps[1].action if len(steps) > 1 else "")):
        found[steps[0].id] = undo
    seen: set[str] = set()
    for entry in past:
        if entry.about in standing and entry.about not in seen:
            if entry.action == "need.claimed" and entry.mine:
                found[entry.id] = "unclaim"
            if entry.action == "need.closed":
                found[entry.id] = "undone"
            if entry.action == "exemption.proposed":
                found[entry.id] = "unexempt"
            seen.add(entry.about)
    fresh = {entry.id for entry in past if entry.by_staff and now - entry.at < UNDO_FOR}
    return {line: undo for line, undo in found.items() if line in fresh}


def _step_back(last: str, before: str) -> str:
    """A stopped search is begun again; one that was begun again is stopped. Nothing else goes back."""
    if last == "request.stop" and before in ("request.search", "request.reopen", "request.cover"):
        return "start"
    return "stop" if (last, before) == ("request.search", "request.stop") else ""
