"""What the network was made to tell, to keep and to erase: counts of the last 90 days, small ones hidden."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from network.audit.models import Line
from network.reports.rules.small_counts import Figure, count
from network.trust.rules.proposals import ProposalKind

SPAN = timedelta(days=90)  # the longest that the history is kept


@dataclass(frozen=True, slots=True)
class Transparency:
    asked: Figure  # legal requests
    allowed: Figure
    printed: Figure
    held: Figure
    erased: Figure


def transparency(*, now: datetime) -> Transparency:
    since = now - SPAN
    lines = Line.objects.filter(at__gte=since)
    asked = lines.filter(action="proposal.made", detail__what=ProposalKind.DISCLOSE.value)

    def many(action: str) -> Figure:
        return count(lines.filter(action=action).count())

    return Transparency(
        asked=count(asked.count()),
        allowed=many("disclosure.allowed"),
        printed=many("disclosure.printed"),
        held=many("request.held"),
        erased=many("person.erased"),
    )
