"""Staff by name, and which of them have a conversation open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from network.conversations.outreach.coordinators import Beside
from network.privacy.keyring import open_keys
from network.staff.models import Staff


def staff_name(staff: Staff) -> str:
    return staff.name or staff.email.partition("@")[0]


@dataclass(frozen=True, slots=True)
class ReaderRow:
    name: str
    writing: bool


def readers_by_person(beside: Mapping[UUID, Sequence[Beside]]) -> dict[UUID | None, list[ReaderRow]]:
    """Who has each person's conversation open, by one query for all of them."""
    everybody = {one.staff_id for some in beside.values() for one in some}
    staff = list(Staff.objects.filter(pk__in=everybody)) if everybody else []
    open_keys(one.key_id for one in staff)
    names = {one.pk: staff_name(one) for one in staff}
    return {
        person_id: [ReaderRow(names.get(one.staff_id, ""), one.writing) for one in some]
        for person_id, some in beside.items()
    }
