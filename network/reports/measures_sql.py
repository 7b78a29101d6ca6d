"""The questions of network.reports.measures to PostgreSQL: a row a request, then what they come to.

A state is a word of a closed set (rules of support, dispatch and desk); the tables are our own.
"""

from network.desk.rules import Reason
from network.dispatch.rules.case import OfferState
from network.support.rules.requests import Outcome

_COVERED = "request.cover"  # as support.actions.advance records it
_NOT_NEEDED = f"'{Outcome.NOT_NEEDED}', '{Outcome.ELSEWHERE}'"

_OFFERS = f"""
    SELECT s.support_request_id AS request,
        count(*) AS asks,
        count(*) FILTER (WHERE o.state = '{OfferState.ACCEPTED}' OR o.late_yes_at IS NOT NULL) AS yeses,
        count(*) FILTER (WHERE o.late_yes_at IS NOT NULL AND o.state <> '{OfferState.ACCEPTED}')
            AS late_yeses,
        count(*) FILTER (WHERE o.state = '{OfferState.WITHDRAWN}' AND o.late_yes_at IS NULL) AS stood_down,
        min(o.answered_at) FILTER (WHERE o.state = '{OfferState.ACCEPTED}') AS first_yes
    FROM dispatch_offer o JOIN dispatch_search s ON s.id = o.search_id
    WHERE s.support_request_id IN (SELECT id FROM asked) AND NOT o.drill
    GROUP BY 1
"""  # noqa: S608


def _minutes_to(at: str) -> str:
    """The minutes from the opening to this, under its own name."""
    return f"extract(epoch FROM {at} - opened_at)::float8 / 60 AS {at}"


_ABOUT_EACH = f"""
    offers AS ({_OFFERS}),
    covers AS (
        SELECT request_id AS request, min(at) AS full_team FROM audit_entry
        WHERE action = '{_COVERED}' AND request_id IN (SELECT id FROM asked) GROUP BY 1
    ),
    arrivals AS (
        SELECT support_request_id AS request, min(there_at) AS arrival FROM visits_visit
        WHERE support_request_id IN (SELECT id FROM asked) GROUP BY 1
    ),
    lacks AS (
        SELECT DISTINCT request_id AS request FROM desk_need
        WHERE reason = '{Reason.DID_NOT_COME}' AND request_id IN (SELECT id FROM asked)
    ),
    each AS (
        SELECT kind, language, opened_at, starts_at,
            dispatch_search.id IS NOT NULL
                AND (full_team IS NOT NULL OR outcome NOT IN ({_NOT_NEEDED})) AS searched,
            coalesce(asks, 0) AS asks, coalesce(yeses, 0) AS yeses,
            coalesce(late_yeses, 0) AS late_yeses, coalesce(stood_down, 0) AS stood_down,
            came_answered_at IS NOT NULL OR lacks.request IS NOT NULL AS said_how,
            lacks.request IS NOT NULL AS not_come,
            {_minutes_to("first_yes")}, {_minutes_to("full_team")}, {_minutes_to("arrival")},
            coalesce(full_team < starts_at, false) AS in_time,
            coalesce(arrival <= starts_at, false) AS on_time
        FROM asked
        LEFT JOIN dispatch_search ON dispatch_search.support_request_id = asked.id
        LEFT JOIN offers ON offers.request = asked.id
        LEFT JOIN covers ON covers.request = asked.id
        LEFT JOIN arrivals ON arrivals.request = asked.id
        LEFT JOIN lacks ON lacks.request = asked.id
    )
"""  # noqa: S608


def _asked(which: str) -> str:
    """Requests that count, of those named by this condition."""
    return f"""
        SELECT r.id, r.kind, p.languages[1] AS language, r.opened_at, r.starts_at, r.outcome,
            r.came_answered_at
        FROM support_supportrequest r
        JOIN people_member m ON m.id = r.member_id JOIN people_person p ON p.id = m.person_id
        WHERE {which} AND r.drill_id IS NULL AND NOT r.duress AND r.outcome <> '{Outcome.MISTAKE}'
    """  # noqa: S608


_COLUMNS = """
    kind, language, opened_at, starts_at, searched, asks, yeses, late_yeses, stood_down, said_how, not_come,
    first_yes, full_team, arrival, in_time, on_time
"""


def _all(which: str, forgotten: str) -> str:
    """Those that are still kept, and the figures of those that are not."""
    return f"""
        WITH asked AS ({_asked(which)}), {_ABOUT_EACH}, counted AS (
            SELECT {_COLUMNS} FROM each UNION ALL SELECT {_COLUMNS} FROM reports_pastrequest WHERE {forgotten}
        )
    """  # noqa: S608


def _minutes(to: str) -> str:
    """How many, the median and the ninetieth percentile of these minutes."""
    parts = (f"percentile_cont({part}) WITHIN GROUP (ORDER BY {to})" for part in (0.5, 0.9))
    return ", ".join([f"count({to})", *parts])


FOR_NOW = f"""
    {
    _all(
        "r.opened_at > %(since)s AND r.opened_at <= %(until)s AND r.starts_at IS NULL",
        "opened_at > %(since)s AND opened_at <= %(until)s AND starts_at IS NULL",
    )
}
    SELECT grouping(kind) = 0, grouping(language) = 0, kind, language,
        count(*), count(*) FILTER (WHERE searched), count(full_team),
        sum(asks), sum(yeses), sum(late_yeses), sum(stood_down),
        count(*) FILTER (WHERE said_how), count(*) FILTER (WHERE not_come),
        {_minutes("first_yes")}, {_minutes("full_team")}, {_minutes("arrival")}
    FROM counted GROUP BY GROUPING SETS ((), (kind), (language)) ORDER BY 1, 2, 3, 4
"""  # noqa: S608
AT_SET_TIMES = f"""
    {
    _all(
        "r.starts_at > %(since)s AND r.starts_at <= %(until)s",
        "starts_at > %(since)s AND starts_at <= %(until)s",
    )
}
    SELECT count(*), count(*) FILTER (WHERE searched), count(full_team), count(*) FILTER (WHERE in_time),
        count(arrival), count(*) FILTER (WHERE on_time), sum(asks), sum(yeses)
    FROM counted
"""  # noqa: S608
# Their times are kept by the hour: the minute of an opening would tell whose it was.
KEEP_FIGURES = f"""
    WITH asked AS ({_asked("r.id = ANY(%(requests)s)")}), {_ABOUT_EACH}
    INSERT INTO reports_pastrequest ({_COLUMNS})
    SELECT kind, language, date_trunc('hour', opened_at), date_trunc('hour', starts_at), searched, asks,
        yeses, late_yeses, stood_down, said_how, not_come, first_yes, full_team, arrival, in_time, on_time
    FROM each
"""  # noqa: S608
