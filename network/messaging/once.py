"""Writing a row unless its like is there, in one statement that says which it was."""

from functools import cache

from django.db import connection
from django.db.models import Field, Model
from django.db.models.fields import NOT_PROVIDED


def insert_once(row: Model) -> bool:
    """INSERT ... ON CONFLICT DO NOTHING. False if a unique constraint says that it is there already.

    Django's own way takes two statements to tell; this is on the path of every text in.
    """
    sql, fields = _statement(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone() is not None


@cache
def _statement(model: type[Model]) -> tuple[str, tuple["Field[object, object]", ...]]:
    fields = tuple(field for field in model._meta.concrete_fields if field.db_default is NOT_PROVIDED)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = model._meta.db_table
    return f'INSERT INTO "{table}" ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING RETURNING 1', fields  # noqa: S608  our own names
