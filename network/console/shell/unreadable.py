"""The one place that refuses what no field can hold, for every page: a NUL, or a number beyond all bounds.

A NUL is never typed. A number may be far too large for a clock, a calendar or the database, each of which
says so in its own way: an error over what was sent is a refusal, any other is ours.
"""

import logging
import re
from collections.abc import Callable, Iterator

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from network.audit.rules import error_of
from network.console.shell import refusals

GIANT = re.compile(r"\d{7,}")  # more than any number that a form of ours asks for
CARRIERS = "/twilio/"  # a member's words are taken with whatever is in them; fields have formats of their own
MOST_DIGITS = 4000  # Python itself refuses to read more

log = logging.getLogger("porchlight")


class RefuseUnreadable:
    """Refuses before the page is asked, and where the page could not be made of what was sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(CARRIERS):
            return self.get_response(request)
        if refused := getattr(request, "refused", 0):  # by the door: its body was too large or too slow
            return refusals.page(request, refused)
        try:
            values = list(sent(request))
        except RequestDataTooBig:
            return refusals.page(request, 413)
        except (MultiPartParserError, SuspiciousOperation, UnicodeError):
            return refusals.page(request, 400)
        if any(is_unreadable(value) for value in values):
            return refusals.page(request, 400)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DataError | OverflowError) or request.path.startswith(CARRIERS):
            return None
        if not any(GIANT.search(value) for value in sent(request)):
            return None
        log.warning("refused a number: %s", error_of(error))
        return refusals.page(request, 400)


def sent(request: HttpRequest) -> Iterator[str]:
    """The path, and the names and values of all parameters, fields and files."""
    yield request.path
    for name, values in request.GET.lists():
        yield from (name, *values)
    if request.method != "POST":
        return
    for name, fields in request.POST.lists():
        yield from (name, *map(str, fields))
    for name, files in request.FILES.lists():
        yield from (name, *(file.name or "" for file in files))


def is_unreadable(value: str) -> bool:
    return "\0" in value or (len(value) > MOST_DIGITS and value.strip().isdecimal())
