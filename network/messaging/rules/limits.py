"""How many texts one phone may get, and when a silent line can't be chance. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

# One phone's share, forged or in a child's hands: what is beyond goes to a person, and nobody else pays.
UNASKED_AN_HOUR = 5  # of what we say only to say something
ANSWERS_AN_HOUR = 20  # of all answers: a whole request with three misunderstandings needs a dozen
SAME_ANSWER_AN_HOUR = 5  # whoever got it five times isn't helped by a sixth
PHONES_SHARE = 0.05  # of the day's texts, as answers to one phone; an hour's share at least
TURNS = (
    6  # answers to one phone in TURNS_IN that go before others' offers: a request's questions and the word
)
TURNS_IN = timedelta(minutes=1)
NEUTRAL_EVERY = timedelta(hours=24)

EXPECTED_BY_NOW = 6.0  # texts; by chance none of six expected comes once in 400 times


def is_quiet_too_long(heard: datetime, now: datetime, *, texts_an_hour: Mapping[int, float]) -> bool:
    """Whether we would have expected so many texts since then that silence can't be chance.

    `texts_an_hour` is by hour of the day (UTC): at three in the morning, hours of silence are normal.
    """
    expected, at = 0.0, heard
    while at < now and expected < EXPECTED_BY_NOW:
        end = min(now, (at + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0))
        expected += texts_an_hour.get(at.astimezone(UTC).hour, 0.0) * (end - at) / timedelta(hours=1)
        at = end
    return expected >= EXPECTED_BY_NOW
