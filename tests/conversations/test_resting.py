""" "Off" for so long: the days that were said, or a person reads."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from network.conversations.handling.responders import _next
from network.conversations.rules import commands as c
from network.conversations.rules.context import Context, SenderStatus
from network.conversations.rules.understanding import understand
from network.support.queries import when

ANA = Context(SenderStatus.ACTIVE, is_responder=True)
DAYS = [
    ("off", None), ("off 3", 3), ("off 2 weeks", 14), ("OFF 2 WEEKS", 14), ("off for 2 weeks", 14), ("off a week", 7),
    ("off one week please", 7), ("off 3 days", 3), ("off for the next 3 days", 3), ("off 24 hours", 1),
    ("OFF 24 hours", 1), ("off 24h", 1), ("off 48 hrs", 2), ("off tonight", 1), ("off for tonight", 1), ("off today", 1),
    ("off until tomorrow", 1), ("off 1 day", 1), ("off 2 wks", 14),
    ("descanso", None), ("descanso 2 semanas", 14), ("descanso dos semanas", 14), ("descanso una semana", 7),
    ("descanso por 2 semanas", 14), ("descanso 5 días", 5), ("descanso 24 horas", 1), ("descanso hoy", 1),
    ("descanso esta noche", 1), ("descanso hasta mañana", 1), ("pausa un dia", 1), ("descanso por hoy", 1),
    ("repo", None), ("repo 2 semèn", 14), ("repo de semèn", 14), ("repo yon semèn", 7), ("repo 3 jou", 3),
    ("repo jodi a", 1), ("repo aswè a", 1), ("repo jiska demen", 1), ("repo 24 èdtan", 1), ("poze pandan 2 jou", 2),
]  # fmt: skip
WEEKDAYS = [
    ("off until monday", 0), ("off til Friday", 4), ("descanso hasta el lunes", 0), ("descanso hasta el miércoles", 2),
    ("descanso hasta el domingo", 6), ("repo jiska lendi", 0), ("poze jiska vandredi", 4),
]  # fmt: skip
UNPLAIN = [
    "off 2 hours", "off 30 hours", "off 2 months", "off 2 moons", "off 0 days", "off 9999 days", "off until may",
    "off until the 5th", "off at 5", "off a", "off weeks", "off de", "off 2 3", "descanso 2 meses", "descanso hasta",
    "descanso dos o tres semanas", "repo de", "off 2 weeks 3 days", "off in 2 weeks", "off monday",
]  # fmt: skip


@pytest.mark.parametrize(("text", "days"), DAYS)
def test_off_for_as_long_as_was_said(text, days):
    assert understand(text, ANA) == c.Off(days)


@pytest.mark.parametrize(("text", "weekday"), WEEKDAYS)
def test_off_until_a_day_of_the_week(text, weekday):
    assert understand(text, ANA) == c.OffUntil(weekday)


@pytest.mark.parametrize("text", UNPLAIN)
def test_what_is_not_plainly_a_time_is_a_persons_to_read(text):
    assert not isinstance(understand(text, ANA), c.Off | c.OffUntil)


@pytest.mark.parametrize(("weekday", "day"), [(0, 12), (1, 13), (2, 7), (6, 11)])
def test_until_a_day_is_until_it_begins_where_the_network_is(weekday, day):
    tuesday = datetime(2026, 10, 6, 22, 0, tzinfo=ZoneInfo("America/Chicago"))
    assert _next(weekday, now=tuesday) == datetime(2026, 10, day, tzinfo=ZoneInfo("America/Chicago"))


@pytest.mark.parametrize(
    ("text", "days"), [("off 2 weeks", 14), ("descanso hasta el lunes", 6), ("off tonight", 1)]
)
def test_the_answer_says_until_when(world, text, days):
    ana = world.responder("Ana")
    ana.sends(text)
    ana.person.responder.refresh_from_db()
    until = ana.person.responder.off_until
    assert 0 < (until - world.now).total_seconds() <= days * 86_400
    assert ana.got(when(until, "en"))
