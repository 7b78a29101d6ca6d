"""What an eraser is. Each package lists its own in `forgetting.py`; network/forgetting.py runs them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet

from network.privacy.keep import Keep
from network.privacy.models import ErasingRun

EVERY_FIELD = "*"

type Rows = QuerySet[Any]
type Fields = Mapping[type[models.Model], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Eraser:
    """One kind of rows: which of them are past their time, and how they are erased.

    `due` says which, from the moment before which they had to be over, and now. `erase` is given the primary
    keys of some of them, whose rows are locked. `fields` are what is gone afterward: a test compares them
    with what models name in `class Retention`.
    """

    code: str
    keep: Keep
    fields: Fields
    due: Callable[[datetime, datetime], Rows]
    erase: Callable[[list[Any], datetime], object]
    at_once: int = 500


def deleting(
    code: str,
    keep: Keep,
    due: Callable[[datetime, datetime], Rows],
    *rows: type[models.Model],
    at_once: int = 500,
) -> Eraser:
    """An eraser that deletes rows of the first of these models, and with them those of the others."""
    model = rows[0]

    def delete(keys: list[Any], now: datetime) -> None:
        model._default_manager.filter(pk__in=keys).delete()

    return Eraser(code, keep, dict.fromkeys(rows, (EVERY_FIELD,)), due, delete, at_once)


def _old_runs(before: datetime, now: datetime) -> Rows:
    return ErasingRun.objects.filter(finished_at__lt=before)


ERASERS = (deleting("runs", Keep.LEDGER, _old_runs, ErasingRun),)
