"""What a form's field says, as a value; what it can't say is one named refusal, never a bare ValueError."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import QueryDict


class NotAChoice(BadRequest):
    """A field is empty, or holds what the page never offered; its name is the argument."""


def posted[T](form: QueryDict, field: str, convert: Callable[[str], T]) -> T:
    """The field as `convert` reads it: UUID, int, an enum. Raises NotAChoice."""
    return _read(form.get(field) or "", field, convert)


def posted_all[T](form: QueryDict, field: str, convert: Callable[[str], T]) -> list[T]:
    """The same of a field that may be there several times."""
    return [_read(text, field, convert) for text in form.getlist(field)]


def _read[T](text: str, field: str, convert: Callable[[str], T]) -> T:
    try:
        return convert(text)
    except (ValueError, OverflowError):
        raise NotAChoice(field) from None
