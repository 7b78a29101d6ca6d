"""The roster's rows, about a hundred bytes each, read from the database in one pass."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction

from network.dispatch.models import Offer, Willingness
from network.dispatch.rules.ahead import AROUND
from network.dispatch.rules.case import STANDBY_FOR, OfferState
from network.dispatch.rules.crowd import KIND_BIT, Flags
from network.messaging.models import Contact
from network.people.models import Person, Responder
from network.people.rules.hours import WEEK
from network.support.queries import open_requests
from network.support.rules.requests import Kind
from network.trust.queries import trust_rules, vouched_sql

type Rows = npt.NDArray[np.void]

KINDS: tuple[Kind, ...] = tuple(Kind)
ACTIVE, SUSPENDED, PROBATION, OPTED_OUT, UNREACHABLE, BAR, WAKES, ENGAGED = (1 << n for n in range(8))
QUARTER = 15
LANGUAGES = 63  # that have a bit of their own
AT_ONCE = 20_000
ROW = np.dtype([
    ("person", "S16"), ("zip", "i4"), ("kinds", "u1"), ("speaks", "u8"), ("hours", "i4"),
    ("max_miles", "f4"), ("clearance", "i4"), ("vouched", "u1"), ("flags", "u1"),
    ("off_until", "u4"), ("rest_until", "u4"), ("holds_until", "u4"), ("standby_until", "u4"),
    ("asked_today", "u1"), ("asked_at", "u4"), ("asks", "f4"), ("missed", "f4"),
    ("accepts", "f4"), ("expected", "f4"),
])  # fmt: skip


class Codes:
    """Numbers for what many rows share: ZIPs, languages, kinds, and the hours of a week."""

    def __init__(self) -> None:
        self.zips: list[str] = []
        self.zip_codes: dict[str, int] = {}
        self.languages: dict[str, int] = {}
        self.hours: list[npt.NDArray[np.uint8]] = []  # a bit a quarter of an hour
        self.hour_codes: dict[str, int] = {}
        self.own_hours: list[bool] = []  # by the same code: written down, not "always"
        self.places: dict[str, tuple[float, float]] = {}
        self.spoken: dict[str, int] = {}
        self.done: dict[str, int] = {}
        self._table: npt.NDArray[np.uint8] = np.empty((0, WEEK // QUARTER // 8), dtype=np.uint8)

    def zip(self, code: str) -> int:
        if code not in self.zip_codes:
            self.zip_codes[code] = len(self.zips)
            self.zips.append(code)
        return self.zip_codes[code]

    def rank_of_zips(self) -> npt.NDArray[np.int64]:
        """The place of each in their order."""
        return np.argsort(np.argsort(np.array(self.zips, dtype=object))) if self.zips else np.empty(0, int)

    def speaks(self, languages: str) -> int:
        if languages not in self.spoken:
            bits = 0
            for language in languages.split():
                if language not in self.languages and len(self.languages) < LANGUAGES:
                    self.languages = {**self.languages, language: len(self.languages)}
                bits |= 1 << self.languages[language] if language in self.languages else 0
            self.spoken[languages] = bits
        return self.spoken[languages]

    def kinds(self, kinds: str) -> int:
        if kinds not in self.done:
            self.done[kinds] = sum(KIND_BIT.get(kind, 0) for kind in set(kinds.split()))
        return self.done[kinds]

    def week(self, hours: str) -> int:
        """A quarter counts if any minute of it is theirs."""
        if hours not in self.hour_codes:
            minutes = np.zeros(WEEK, dtype=np.bool_)
            spans = json.loads(hours)
            for start, long in spans:
                minutes[np.arange(start, start + long) % WEEK] = True
            quarters = minutes.reshape(-1, QUARTER).any(axis=1) if spans else np.ones(WEEK // QUARTER, bool)
            self.hours.append(np.packbits(quarters))
            self.own_hours.append(bool(spans))
            self.hour_codes[hours] = len(self.hours) - 1
        return self.hour_codes[hours]

    def on_hours(self, at: int) -> Flags:
        """For each week's code, whether this quarter is in it."""
        if len(self._table) != len(self.hours):
            self._table = np.array(self.hours, dtype=np.uint8)
        return np.asarray((self._table[:, at // 8] >> (7 - at % 8)) & 1, dtype=np.bool_)


def quarter(here: datetime, *, holiday: bool) -> int:
    """Of the week; a holiday is a Sunday."""
    return (6 if holiday else here.weekday()) * 96 + here.hour * 4 + here.minute // QUARTER


def read(codes: Codes, people: Collection[UUID] | None = None, *, now: datetime) -> Rows:
    """All responders, or those of these people who are."""
    values: dict[str, Any] = {
        "now": now, "standby": STANDBY_FOR, "around": AROUND, "people": list(people or ()),
        "asking": list(open_requests().values_list("member__person", flat=True)),
    }  # fmt: skip
    parts = [np.empty(0, dtype=ROW)]
    # A cursor on the server: a million rows are never here as Python's own values at once.
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_select(some=people is not None), values)
        while lines := cursor.fetchmany(AT_ONCE):
            parts.append(np.array([_row(line, codes) for line in lines], dtype=ROW))
    return np.concatenate(parts)


def _row(line: tuple[Any, ...], codes: Codes) -> tuple[Any, ...]:
    person, zip_, kinds, languages, hours, *others = line
    return (
        bytes(person), codes.zip(zip_), codes.kinds(kinds), codes.speaks(languages), codes.week(hours),
        *others,
    )  # fmt: skip


def _epoch(value: str) -> str:
    return f"LEAST(COALESCE(EXTRACT(EPOCH FROM {value}), 0), 4294967295)::bigint"


def _table(model: Any) -> str:
    return f'"{model._meta.db_table}"'


def _select(some: bool) -> str:
    def who(column: str) -> str:
        return f" AND {column} = ANY(%(people)s)" if some else ""

    bits = " ".join(f"WHEN '{kind}' THEN {KIND_BIT[kind]}" for kind in KINDS)
    flags = " + ".join(
        f"({1 << n} * COALESCE({fact}, false)::int)"
        for n, fact in enumerate(
            (
                f"p.standing = '{Person.Standing.ACTIVE}'",
                "p.suspended_at IS NOT NULL",
                "r.on_probation",
                "c.stopped",
                "c.dead",
                "r.bar_state <> '' AND r.bar_number IS NOT NULL",
                "r.wake_at_night",
                "o.engaged OR p.id = ANY(%(asking)s)",
            )
        )
    )
    phones = f"AND fingerprint IN (SELECT fingerprint FROM {_table(Person)} WHERE id = ANY(%(people)s))"  # noqa: S608
    return f"""
        SELECT uuid_send(p.id), r.zip, array_to_string(r.kinds, ' '), array_to_string(p.languages, ' '),
            r.hours::text, r.max_miles, COALESCE(r.clearance_until - DATE '0001-01-01' + 1, 0),
            COALESCE(v.bits, 0), {flags},
            {_epoch("r.off_until")}, {_epoch("r.rest_until")}, {_epoch("o.holds_until")},
            {_epoch("o.standby_until")}, LEAST(COALESCE(o.today, 0), 255), {_epoch("w.asked_at")},
            COALESCE(w.asks, 0), COALESCE(w.missed, 0), COALESCE(w.accepts, 0), COALESCE(w.expected, 0)
        FROM {_table(Responder)} r JOIN {_table(Person)} p ON p.id = r.person_id
        LEFT JOIN {_table(Willingness)} w ON w.person_id = p.id
        LEFT JOIN (SELECT fingerprint, bool_or(opted_out_at IS NOT NULL) AS stopped,
                bool_or(unreachable_at IS NOT NULL) AS dead
            FROM {_table(Contact)} WHERE (opted_out_at IS NOT NULL OR unreachable_at IS NOT NULL)
                {phones if some else ""} GROUP BY fingerprint) c ON c.fingerprint = p.fingerprint
        LEFT JOIN (SELECT person_id, sum(CASE role {bits} ELSE 0 END) AS bits
            FROM ({vouched_sql(trust_rules(), some=some)}) w GROUP BY person_id) v ON v.person_id = p.id
        LEFT JOIN (SELECT person_id, max(holds_until) FILTER (WHERE holding) AS holds_until,
                bool_or(state = '{OfferState.ACCEPTED}' AND released_at IS NULL AND NOT drill
                    AND (starts_at IS NULL OR starts_at < %(now)s + %(around)s)) AS engaged,
                max(late_yes_at) + %(standby)s AS standby_until,
                count(*) FILTER (WHERE NOT drill AND asked_at > %(now)s - INTERVAL '24 hours') AS today
            FROM {_table(Offer)} WHERE true{who("person_id")} GROUP BY person_id) o ON o.person_id = p.id
        WHERE true{who("p.id")}
    """  # noqa: S608  our own names
