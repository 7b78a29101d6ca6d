"""Writing rows by statements that are put together once a table."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Field, Model
from django.db.models.fields import NOT_PROVIDED

from network.database.compiled import ALIAS, prepared

type Fields = tuple[Field[object, object], ...]


def insert_once(row: Model) -> bool:
    """INSERT ... ON CONFLICT DO NOTHING. False if a unique constraint says that it is there already.

    Django's own way takes two statements to tell.
    """
    words, fields = _one(type(row))
    with prepared() as cursor:
        cursor.execute(words, [_value(field, row) for field in fields])
        if cursor.fetchone() is None:
            return False
    _is_there(row)
    return True


def insert_all(rows: Sequence[Model], *, unless_there: bool = False) -> None:
    """Rows of one table, however many, by the same statement. What the database fills in isn't read back.

    `unless_there`: a row that a unique constraint refuses is left out.
    """
    if not rows:
        return
    words, fields = _many(type(rows[0]), unless_there)
    columns = [[_value(field, row) for row in rows] for field in fields]
    with prepared() as cursor:
        cursor.execute(words, columns)
    for row in rows:
        _is_there(row)


def save_columns(row: Model, *names: str) -> None:
    """As `row.save(update_fields=names)`. Raises DatabaseError where the row isn't there any more."""
    words, fields = _update(type(row), names)
    with prepared() as cursor:
        cursor.execute(words, [*(_value(field, row, add=False) for field in fields), row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"no {row._meta.object_name} was there to be saved")


def _value(field: "Field[object, object]", row: Model, *, add: bool = True) -> Any:
    value: Any = field.get_db_prep_save(field.pre_save(row, add), connection)
    # Django's own kinds of whole numbers say how long they may be, and the driver cuts off what is longer; a
    # plain one is refused by the server where it doesn't fit.
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _is_there(row: Model) -> None:
    row._state.adding, row._state.db = False, ALIAS


@cache
def _fields(model: type[Model]) -> Fields:
    return tuple(field for field in model._meta.concrete_fields if field.db_default is NOT_PROVIDED)


@cache
def _one(model: type[Model]) -> tuple[str, Fields]:
    fields = _fields(model)
    places = ", ".join(["%s"] * len(fields))
    return f"{_into(model)} VALUES ({places}) ON CONFLICT DO NOTHING RETURNING 1", fields


@cache
def _many(model: type[Model], unless_there: bool) -> tuple[str, Fields]:
    fields = _fields(model)
    lists = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
    end = " ON CONFLICT DO NOTHING" if unless_there else ""
    return f"{_into(model)} SELECT * FROM unnest({lists}){end}", fields  # noqa: S608  our own names


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, Fields]:
    by_name = {field.name: field for field in model._meta.concrete_fields}
    fields = tuple(by_name[name] for name in names)
    changes = ", ".join(f'"{field.column}" = %s' for field in fields)
    key = model._meta.pk.column
    return f'UPDATE "{model._meta.db_table}" SET {changes} WHERE "{key}" = %s', fields  # noqa: S608  our own names


def _into(model: type[Model]) -> str:
    columns = ", ".join(f'"{field.column}"' for field in _fields(model))
    return f'INSERT INTO "{model._meta.db_table}" ({columns})'
