"""The only writers of saved views."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import staff
from network.console.board.filters import Filter
from network.console.models import SavedView
from network.people.rules.plain_text import is_text, plain
from network.staff.models import Staff

MOST_VIEWS = 12
LONGEST_NAME = 40


class NoViewName(Exception):
    """A view needs a name of one to forty characters."""


class NothingChosen(Exception):
    """A view that hides nothing is the whole board, which is there already."""


class TooManyViews(Exception):
    """There are twelve already: one must go first."""


@transaction.atomic
def save_view(name: str, chosen: Filter, *, staff_id: UUID, now: datetime) -> SavedView:
    """Raises NoViewName, NothingChosen or TooManyViews."""
    if not chosen:
        raise NothingChosen
    owner = Staff.objects.select_for_update(no_key=True, of=("self",)).get(pk=staff_id)
    if SavedView.objects.filter(staff=owner).count() >= MOST_VIEWS:
        raise TooManyViews
    made = SavedView.objects.create(
        staff=owner, key_id=owner.key_id, name=_named(name), codes=chosen.codes, saved_at=now
    )
    record("view.saved", f"view:{made.pk}", by=staff(staff_id), now=now)
    return made


@transaction.atomic
def rename_view(view_id: UUID, name: str, *, staff_id: UUID, now: datetime) -> None:
    """Raises NoViewName; SavedView.DoesNotExist for another's."""
    view = SavedView.objects.select_for_update(no_key=True).get(pk=view_id, staff=staff_id)
    view.name = _named(name)
    view.save(update_fields=["name"])
    record("view.renamed", f"view:{view_id}", by=staff(staff_id), now=now)


@transaction.atomic
def delete_view(view_id: UUID, *, staff_id: UUID, now: datetime) -> None:
    """Deleting what is gone, or another's, changes nothing."""
    if SavedView.objects.filter(pk=view_id, staff=staff_id).delete()[0]:
        record("view.deleted", f"view:{view_id}", by=staff(staff_id), now=now)


def _named(name: str) -> str:
    words = plain(name)
    if not words or not is_text(words) or len(words) > LONGEST_NAME:
        raise NoViewName
    return words
