"""Rows written by COPY, sealed on the way: a tenth of what an INSERT of as many takes."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

AS_THEY_ARE = (
    models.UUIDField, models.ForeignKey, models.CharField, models.DateField, models.BooleanField,
    models.IntegerField,
)  # fmt: skip


def copy_in(rows: Sequence[models.Model]) -> None:
    """New rows of one model, complete as they stand. Raises IntegrityError, as any INSERT."""
    if not rows:
        return
    connection, meta = connections[DEFAULT_DB_ALIAS], rows[0]._meta
    name = connection.ops.quote_name
    columns = ", ".join(name(str(field.column)) for field in meta.concrete_fields)
    words = f"COPY {name(meta.db_table)} ({columns}) FROM STDIN"
    values = [_value(field, connection) for field in meta.concrete_fields]
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(words) as copy:
        for row in rows:
            copy.write_row([value(row) for value in values])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _value(field: "models.Field[Any, Any]", connection: Any) -> Callable[[models.Model], Any]:
    """What the database is given of a row."""
    if isinstance(field, AS_THEY_ARE):
        return attrgetter(field.attname)
    return lambda row: field.get_db_prep_save(field.pre_save(row, add=True), connection)
