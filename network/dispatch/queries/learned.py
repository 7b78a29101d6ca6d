"""What has been learned, read from its tables: the policy's numbers, and whether they are right."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum

from network.database.compiled import Compiled, prepared
from network.dispatch.models import Calibration, Cell, Delay, Learning, Surge
from network.dispatch.rules.case import DAILY_CAP, SURGE_CAP, Policy
from network.dispatch.rules.chance import KAPPA, Count, Delays, Learned, Part

LEARNED = f"""
    SELECT
        (SELECT json_build_array(noes, silences, kappa) FROM {Learning._meta.db_table} ORDER BY id LIMIT 1),
        (SELECT json_agg(json_build_array(name, accepts, expected)) FROM {Cell._meta.db_table}),
        (SELECT json_agg(json_build_array(part, count, mean, squares)) FROM {Delay._meta.db_table})
"""  # noqa: S608  our own names


def learned() -> Learned:
    """Everything that the network has learned, in the form that the rules take."""
    with prepared() as cursor:
        cursor.execute(LEARNED)
        row, cells, delays = cursor.fetchone()
    noes, silences, kappa = row or (0.0, 0.0, KAPPA)
    return Learned(
        cells={name: Count(accepts, expected) for name, accepts, expected in cells or ()},
        delays={Part(part): Delays(count, mean, squares) for part, count, mean, squares in delays or ()},
        noes=noes,
        silences=silences,
        kappa=kappa,
    )


_surge = Compiled(
    lambda now: (
        Surge.objects.select_related("declared_by").filter(ended_at=None, ends_at__gt=now).order_by("pk")[:1]
    )
)


def surge(*, now: datetime) -> Surge | None:
    """The surge that a coordinator has declared, if it is not over."""
    return _surge.first(now)


def daily_cap(*, now: datetime) -> int:
    """How often one person may be asked in 24 hours."""
    return SURGE_CAP if surge(now=now) else DAILY_CAP


def policy(*, now: datetime) -> Policy:
    return Policy(learned=learned(), daily_cap=daily_cap(now=now))


@dataclass(frozen=True, slots=True)
class Fit:
    """Yeses predicted and received over the last days. `ratio` is None until enough were predicted."""

    offers: int
    foretold: float
    came: int

    @property
    def ratio(self) -> float | None:
        if self.foretold < ENOUGH_FORETOLD:
            return None
        return self.foretold / max(self.came, 0.5)

    @property
    def is_off(self) -> bool:
        return self.ratio is not None and not RIGHT[0] <= self.ratio <= RIGHT[1]


RIGHT = (0.7, 1.4)
ENOUGH_FORETOLD = 20.0  # by chance alone the ratio of so few leaves RIGHT about one day in fifteen
CALIBRATED_OVER = timedelta(days=14)


def calibration(today: date) -> Fit:
    """Predicted against actual yeses over the last two weeks."""
    days = Calibration.objects.filter(day__gt=today - CALIBRATED_OVER)
    sums = days.aggregate(offers=Sum("offers"), foretold=Sum("foretold"), came=Sum("came"))
    return Fit(sums["offers"] or 0, sums["foretold"] or 0.0, sums["came"] or 0)
