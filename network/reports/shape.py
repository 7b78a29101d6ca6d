"""The network in counts, for whoever looks where it is thin: no ids, no names, no phones."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from network.messaging.queries import silenced
from network.organizations.models import Place
from network.organizations.rules.distance import miles
from network.people.models import Member, Person, Responder
from network.support.queries import local
from network.support.rules.requests import Kind
from network.trust.queries import vouched_roles


def network_shape(*, now: datetime) -> dict[str, Any]:
    """As simulation.coverage reads it: those alike counted together, and miles between the ZIPs used."""
    responders = _responders(now=now)
    members = Counter(
        (member.zip, member.person.language)
        for member in Member.objects.select_related("person").filter(
            person__standing=Person.Standing.ACTIVE, person__suspended_at=None
        )
    )
    homes = {code for code, _ in members}
    return {
        "responders": [
            {
                "zip": code, "kinds": list(kinds), "languages": list(languages),
                "hours": [list(span) for span in hours], "wake": wake, "max_miles": far, "count": count,
            }
            for (code, kinds, languages, hours, wake, far), count in sorted(responders.items())
        ],
        "members": [
            {"zip": code, "language": language, "count": count}
            for (code, language), count in sorted(members.items())
        ],
        "miles": _miles(homes, {alike[0] for alike in responders}),
        "night": list(settings.OFFER_NIGHT),
    }  # fmt: skip


type Alike = tuple[str, tuple[str, ...], tuple[str, ...], tuple[tuple[int, ...], ...], bool, int]


def _responders(*, now: datetime) -> Counter[Alike]:
    """Those whom a search may ask for anything, by what tells them apart for it."""
    rows = list(
        Responder.objects.select_related("person").filter(
            person__standing=Person.Standing.ACTIVE, person__suspended_at=None, on_probation=False
        )
    )
    silent = silenced(bytes(row.person.fingerprint) for row in rows)
    sufficient = vouched_roles(now=now)
    counted: Counter[Alike] = Counter()
    for row in rows:
        kinds = _kinds(row, sufficient, now=now)
        if kinds and bytes(row.person.fingerprint) not in silent:
            hours = tuple(sorted(tuple(span) for span in row.hours))
            languages = tuple(sorted(row.person.languages))
            counted[row.zip, kinds, languages, hours, row.wake_at_night, row.max_miles] += 1
    return counted


def _kinds(row: Responder, sufficient: set[tuple[UUID, str]], *, now: datetime) -> tuple[str, ...]:
    """What they may be asked for, once clearance, bar and vouches are looked at, as the search does."""
    cleared = row.clearance_until is not None and row.clearance_until >= local(now).date()
    barred = row.bar_state != "" and row.bar_number is not None
    kept = {Kind.ACCOMPANIMENT: True, Kind.LEGAL: barred, Kind.CHILDCARE: cleared}
    return tuple(
        kind for kind in Kind if kind in row.kinds and kept[kind] and (row.person_id, kind) in sufficient
    )


def _miles(homes: set[str], others: set[str]) -> dict[str, dict[str, float]]:
    """From each ZIP of members to each of responders, where both are known places."""
    at = {
        place.zip: (place.latitude, place.longitude) for place in Place.objects.filter(zip__in=homes | others)
    }
    return {
        home: {other: round(miles(at[home], at[other]), 1) for other in sorted(others & at.keys())}
        for home in sorted(homes & at.keys())
    }
