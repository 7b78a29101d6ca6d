"""Who was in a line of history is forgotten before the line is."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from network.audit.models import Entry

# A line keeps when, what, which of staff, codes and counts; ids of anything else are taken out of it.
_NOBODY = f"""
    UPDATE {Entry._meta.db_table} SET
        request_id = NULL,
        actor = CASE WHEN actor LIKE 'staff:%%' THEN actor ELSE split_part(actor, ':', 1) END,
        about = split_part(about, ':', 1),
        detail = (
            SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each(detail)
            WHERE key = 'staff' OR NOT value #>> '{{}}' ~ '[0-9a-f]{{8}}-[0-9a-f]{{4}}-'
        )
    WHERE request_id = ANY(%(requests)s) OR about = ANY(%(about)s)
"""  # noqa: S608  our own names


def forget_whom(requests: Collection[UUID], *, about: Collection[str]) -> None:
    """Lines of these requests, and those about these things, no longer say whom they were about."""
    with connection.cursor() as cursor:
        cursor.execute(_NOBODY, {"requests": list(requests), "about": list(about)})
