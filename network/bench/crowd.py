"""Fills a running town's tables, as a process beside it: `python -m network.bench.crowd WHAT FIRST END`.

`members` and `responders` number FIRST to END are put in by COPY, sealed under keys of their own as an import
seals them; a spreadsheet of 100,000 takes the better part of an hour. They live in the town's eight ZIPs and
are all fit: everybody may be asked for company at any hour. `open` are requests of further families, looked
for since a moment ago, whose next wave is an hour away. `over` empties what requests leave (texts, requests,
offers, needs), so that the next burst meets what the first met; people, history and what was learned stay.
"""

import os
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from network.bench.town import ZIPS

if TYPE_CHECKING:
    from django.db.models import Model

AREAS = {"members": "312", "responders": "773", "open": "872"}
AT_A_TIME = 4000  # a process holds 4096 keys open, and COPY leaves no room to look one up
LEFT_BY_REQUESTS = (
    "messaging_inbound", "messaging_outbound", "messaging_receipt", "support_supportrequest", "desk_need",
    "desk_claim", "conversations_conversation",
)  # fmt: skip


def phone_of(what: str, n: int) -> str:
    """A phone that may be dialed, of number n among members, responders or families with open requests."""
    return f"+1{AREAS[what]}{600 + n // 10_000}{n % 10_000:04d}"


def main(what: str, first: int, end: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "network.settings"
    import django  # noqa: PLC0415  the environment comes first

    django.setup()
    from django.db import connection, transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from network.audit.actions import record  # noqa: PLC0415
    from network.audit.rules import COMMAND_LINE  # noqa: PLC0415
    from network.privacy import keyring  # noqa: PLC0415

    now = timezone.now()
    if what == "over":
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(LEFT_BY_REQUESTS)} CASCADE")
            cursor.execute("UPDATE messaging_contact SET unasked = 0, unasked_since = NULL WHERE unasked > 0")
    for begin in range(first, end, AT_A_TIME):
        keyring.forget_all()
        with transaction.atomic():
            for rows in _people(what, range(begin, min(begin + AT_A_TIME, end)), now):
                _copy(rows)
    with transaction.atomic():  # by such a line each process knows that it must read all people anew
        record("import.responders", "network", by=COMMAND_LINE, now=now, added=end - first, changed=0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _people(what: str, numbers: Sequence[int], now: datetime) -> list[list[Any]]:
    """Rows of each table, in the order in which they point at each other."""
    from network.messaging.models import Contact  # noqa: PLC0415
    from network.organizations.models import Organization  # noqa: PLC0415
    from network.people.models import Person  # noqa: PLC0415
    from network.privacy.models import KnownPhone  # noqa: PLC0415
    from network.privacy.queries import fingerprint  # noqa: PLC0415
    from network.trust.models import Vouch  # noqa: PLC0415

    keys = [_key(now) for _ in numbers]
    phones = [phone_of(what, n) for n in numbers]
    prints = [fingerprint(phone) for phone in phones]
    people = [
        Person(
            key_id=key.pk,
            fingerprint=print_,
            phone=phone,
            name=f"N{n}",
            languages=["en", "es"],
            standing=Person.Standing.ACTIVE,
            consent_on=now.date(),
            enrolled_at=now,
        )
        for n, key, phone, print_ in zip(numbers, keys, phones, prints, strict=True)
    ]
    contacts = [
        Contact(fingerprint=print_, key_id=key.pk, phone=phone, introduced_at=now)
        for key, phone, print_ in zip(keys, phones, prints, strict=True)
    ]
    known = [KnownPhone(fingerprint=print_, key_id=key.pk) for key, print_ in zip(keys, prints, strict=True)]
    by, role = Organization.objects.get(slug="casa"), "accompaniment" if what == "responders" else "member"
    vouches = [
        Vouch(
            organization=by,
            person=person,
            role=role,
            founding=True,
            given_at=now,
            ends_at=now + timedelta(days=300),
        )
        for person in people
    ]
    roles = _responders(numbers, people) if what == "responders" else _members(numbers, people, by, now)
    asked = _requests(roles, now) if what == "open" else []
    return [keys, people, contacts, known, vouches, roles, *asked]


def _key(now: datetime) -> Any:
    from uuid import uuid4  # noqa: PLC0415

    from django.conf import settings  # noqa: PLC0415

    from network.privacy import keyring  # noqa: PLC0415
    from network.privacy.models import Key  # noqa: PLC0415
    from network.privacy.rules import sealing  # noqa: PLC0415

    key_id, plain = uuid4(), sealing.new_key()
    keyring.remember(key_id, plain)  # it is in no table yet
    wrapped = sealing.wrap(plain, key_id=key_id, field_key=settings.FIELD_KEY)
    return Key(id=key_id, wrapped=wrapped, holder=Key.Holder.PERSON, made_at=now)


def _responders(numbers: Sequence[int], people: list[Any]) -> list[Any]:
    from network.people.models import Responder  # noqa: PLC0415

    return [
        Responder(
            person=person,
            key_id=person.key_id,
            kinds=["accompaniment"],
            zip=ZIPS[n % len(ZIPS)],
            max_miles=30,
            hours=[],
            wake_at_night=True,
        )
        for n, person in zip(numbers, people, strict=True)
    ]


def _members(numbers: Sequence[int], people: list[Any], by: Any, now: datetime) -> list[Any]:
    from network.people.models import Member  # noqa: PLC0415

    return [
        Member(
            person=person,
            key_id=person.key_id,
            organization=by,
            street=f"{n} Sample Street",
            city="Chicago",
            state="IL",
            zip=ZIPS[n % len(ZIPS)],
            attested_at=now,
        )
        for n, person in zip(numbers, people, strict=True)
    ]


def _requests(members: list[Any], now: datetime) -> list[list[Any]]:
    from network.dispatch.models import Search  # noqa: PLC0415
    from network.support.models import SupportRequest  # noqa: PLC0415

    made = [
        SupportRequest(
            member=member,
            key_id=member.key_id,
            kind="accompaniment",
            at_home=True,
            state="searching",
            source=SupportRequest.Source.TEXT,
            opened_at=now,
        )
        for member in members
    ]
    soon = now + timedelta(hours=1)
    return [
        made,
        [
            Search(
                support_request=person,
                wave=1,
                started_at=now,
                clock_from=now,
                due_at=soon,
                answered_at=now,
                nobody_at=now,
                late_at=now,
                many_at=now,
                nobody_told_at=now,
                nobody_answered_at=now,
                last_call_at=now,
            )
            for person in made
        ],
    ]


def _copy(rows: list["Model"]) -> None:
    """Into their table, each column as Django would write it; left out is what the database gives itself."""
    from django.db import connection  # noqa: PLC0415
    from django.db.models import NOT_PROVIDED  # noqa: PLC0415

    if not rows:
        return
    meta = rows[0]._meta
    fields = [
        field
        for field in meta.concrete_fields
        if field.db_default is NOT_PROVIDED and field.get_internal_type() not in ("AutoField", "BigAutoField")
    ]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{meta.db_table}" ({columns}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(
                [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
            )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
