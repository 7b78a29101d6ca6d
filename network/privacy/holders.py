"""Which rows are sealed under a key.

A key is named by a plain UUID, since keys needn't lie in the same database as the rows they seal. So no
foreign key keeps a key that is still needed: whatever erases keys asks here first.
"""

from collections.abc import Collection
from functools import cache
from uuid import UUID

from django.apps import apps
from django.db import models

from network.privacy.models import KnownPhone


@cache
def models_with_keys() -> tuple[type[models.Model], ...]:
    """Every model whose rows name a key. KnownPhone isn't one: it goes with its key."""
    return tuple(
        model
        for model in apps.get_models()
        if model is not KnownPhone and any(field.name == "key_id" for field in model._meta.concrete_fields)
    )


def keys_in_use(key_ids: Collection[UUID]) -> set[UUID]:
    """Those of these keys that a row still needs."""
    unknown, used = set(key_ids), set[UUID]()
    for model in models_with_keys():
        if not unknown:
            break
        rows = model._default_manager.filter(key_id__in=unknown).order_by()
        found = set(rows.values_list("key_id", flat=True).distinct())
        used |= found
        unknown -= found
    return used
