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
    everybody = {reader.staff_id for some in beside.values() for reader in some}
    staff = list(Staff.objects.filter(pk__in=everybody)) if everybody else []
    open_keys(account.key_id for account in staff)
    names = {account.pk: staff_name(account) for account in staff}
    return {
        person_id: [ReaderRow(names.get(reader.staff_id, ""), reader.writing) for reader in some]
        for person_id, some in beside.items()
    }
