"""Queries that are put together once a process and run many times with other values.

Putting a query together costs the ORM several times what running it does (docs/adr/0012). Worth it for what
is asked with every text, wave or answer.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from enum import Enum
from typing import Any, cast

from django.db import connection, connections, transaction
from django.db.models import Expression, Field, ForeignObject, Lookup, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg import sql

ALIAS = "default"
PLACEHOLDER = re.compile(r"%s|%%")


def values_apart() -> AbstractContextManager[None]:
    """Within it the values of a statement go to the server apart from its words, which are prepared at the
    second use over a connection."""
    apart: AbstractContextManager[None] = cast(Any, connection).values_apart()  # of our own backend
    return apart


@contextmanager
def prepared() -> Iterator[Any]:
    """A cursor for statements in SQL that run often: prepared, as `values_apart` says."""
    with values_apart(), connection.cursor() as cursor:
        yield cursor


class Given(Expression):
    """Where a value goes that is known when the query runs."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class Compiled[Row]:
    """A query of which each value is given when it runs.

    `build` is called once, and puts its arguments where values go: `lambda pk: Person.objects.filter(pk=pk)`;
    a list goes into `fingerprint__any=prints`. Whatever else it uses has to be the same for the life of the
    process: no setting, no time. Constants become words of the statement, so that partial indexes serve it.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._put_together: tuple[QuerySet[Any, Row], SQLCompiler, str, tuple[int, ...], Any] | None = None

    def all(self, *values: object) -> list[Row]:
        queryset, compiler, words, places, converters = self._put_together or self._compile()
        if queryset.query.select_for_update and not connection.in_atomic_block:
            raise transaction.TransactionManagementError(
                "rows are held to a transaction's end: there is none"
            )
        given = tuple(_plain(values[at]) for at in places)
        # The copies are this call's own: threads share what was compiled.
        own = copy(compiler)
        own.connection = connections[ALIAS]  # itself, since the proxy looks for it each time it is asked
        own.get_converters = lambda _: converters  # type: ignore[method-assign]
        own.as_sql = lambda *_, **__: (words, given)  # type: ignore[method-assign]
        ready: Any = _Answered(own, queryset.query)
        rows: Any = QuerySet(queryset.model, query=ready, using=ALIAS)
        with values_apart():
            found: Any = queryset._iterable_class(rows)
            return list(found)

    def first(self, *values: object) -> Row | None:
        """Of an ordered query, or one that has no more than one row."""
        return next(iter(self.all(*values)), None)

    def get(self, *values: object) -> Row:
        """Raises the model's DoesNotExist."""
        found = self.first(*values)
        if found is None:
            model = (self._put_together or self._compile())[0].model
            raise model.DoesNotExist(f"no such {model._meta.object_name}")
        return found

    def _compile(self) -> Any:
        count = self._build.__code__.co_argcount
        queryset = self._build(*(Given(at) for at in range(count)))
        compiler = queryset.query.get_compiler(ALIAS)
        words, parameters = compiler.as_sql()
        left = iter(parameters)
        places: list[int] = []

        def place(match: re.Match[str]) -> str:
            if match[0] == "%%":
                return "%%"
            value = next(left)
            if isinstance(value, Given):
                places.append(value.at)
                return "%s"
            return sql.Literal(_plain(value)).as_string(None).replace("%", "%%")

        words = PLACEHOLDER.sub(place, words)
        converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
        self._put_together = queryset, compiler, words, tuple(places), converters
        return self._put_together


class _Answered:
    """In place of a query: its compiler is ready."""

    def __init__(self, compiler: SQLCompiler, query: Any) -> None:
        self._compiler = compiler
        self._query = query

    def get_compiler(self, *_: Any, **__: Any) -> SQLCompiler:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


@Field.register_lookup
@ForeignObject.register_lookup
class AnyOf(Lookup):
    """One of a list that is a single value of the statement, however long it is."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, values = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", [*values, self.rhs]
