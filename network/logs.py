"""Log lines as fields, in which no private word can be: ids, codes, kinds of errors and places in the code.

An exception's message may hold what somebody typed, and a trace's locals hold more. So of an exception only
its kind and the places it came through are written, and of a library's own sentence what its code says.
"""

import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from structlog.processors import LogfmtRenderer

OURS = "porchlight"
SAFE = ("psycopg.pool",)  # what these fill in is about our own connections
DEEPEST = 12  # places of a trace that are written, the last ones


class LineFormatter(logging.Formatter):
    """Each record, of ours and of libraries, as one line of key=value."""

    render = LogfmtRenderer()

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        fields: dict[str, Any] = {
            "at": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        request = getattr(record, "request", None)
        fields |= {"event": _sentence(record)} if request is None else _of_request(record, request)
        if record.exc_info and record.exc_info[1] is not None:
            fields |= _of_error(record.exc_info[1])
        return self.render(None, "", {name: value for name, value in fields.items() if value is not None})


def _of_request(record: logging.LogRecord, request: Any) -> dict[str, Any]:
    """Which page, by the pattern of its address: an address itself has ids, and what was searched for."""
    match = getattr(request, "resolver_match", None)
    return {
        "event": "a request was not answered",
        "fault": getattr(request, "fault", None),
        "status": getattr(record, "status_code", None),
        "method": request.method,
        "route": match.route if match else None,
    }


def _sentence(record: logging.LogRecord) -> str:
    """Ours holds ids and codes alone. Of others' only what stands in their code, and its first line."""
    if record.name == OURS or record.name in SAFE:
        return record.getMessage()
    return (str(record.msg).splitlines() or [""])[0]


def _of_error(error: BaseException) -> dict[str, Any]:
    before = error.__cause__ or error.__context__
    places = [_place(frame) for frame in traceback.extract_tb(error.__traceback__)][-DEEPEST:]
    return {
        "error": type(error).__name__,
        "cause": type(before).__name__ if before else None,
        "places": " < ".join(reversed(places)) or None,
    }


def _place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    return f"{path.parent.name}/{path.name}:{frame.lineno}"
