"""What a burst of requests is, what stands in the tables before it, and what it took."""

from collections.abc import Iterator
from dataclasses import dataclass

from network.bench.processes import GROUPS, Amounts
from network.bench.times import spread

IN_TURN, AT_ONCE, SPREAD_S = 10, 100, 60.0


@dataclass(frozen=True, slots=True)
class Burst:
    """So many requests: one after another, all at once, or spread over some seconds."""

    requests: int
    over_s: float = 0.0
    in_turn: bool = False

    def __str__(self) -> str:
        if self.in_turn:
            return f"1 at a time, {self.requests} times"
        return f"{self.requests} over {self.over_s:.0f} s" if self.over_s else f"{self.requests} at once"


def burst_of(requests: int) -> Burst:
    """One is the latency of an idle program, ten times; more than a hundred come over a minute."""
    if requests == 1:
        return Burst(IN_TURN, in_turn=True)
    return Burst(requests, over_s=SPREAD_S if requests > AT_ONCE else 0.0)


@dataclass(frozen=True, slots=True)
class TableSize:
    """What stands in the tables before a burst."""

    people: int
    opened: int

    def __str__(self) -> str:
        return f"{self.people:,} responders, {self.opened:,} requests open before"


@dataclass(frozen=True, slots=True)
class Result:
    """What one burst took. Times in seconds, memory in megabytes."""

    burst: Burst
    seconds: float
    spent: Amounts
    idle: Amounts  # a second
    memory: Amounts
    waits: list[float]
    first: list[float]
    last: list[float]
    out: int
    out_s: float
    unanswered: int
    beside: float = 0.0  # processor seconds of the carrier and the families, in this process

    @property
    def cost(self) -> float:
        """Processor seconds a request, beyond what the program takes when nobody texts."""
        return (sum(self.spent.values()) - sum(self.idle.values()) * self.seconds) / self.burst.requests

    def lines(self) -> Iterator[str]:
        n = self.burst.requests
        yield f"{self.burst}"
        yield f"  a text to its answer            p50 / p95   {spread(self.waits)}"
        yield f"  third text to its first offer   p50 / p95   {spread(self.first)}"
        yield f"  third text to its last offer    p50 / p95   {spread(self.last)}"
        rate = "" if self.burst.in_turn else f", {self.out / self.out_s:.1f} a second"
        yield f"  texts out                       {self.out} in all, {self.out / n:.1f} a request{rate}"
        by = ", ".join(f"{group} {self.spent.get(group, 0) / n:.3f}" for group in GROUPS)
        total = sum(self.spent.values()) / n
        yield f"  processor seconds a request     {total:.3f} ({by}); {self.cost:.3f} beyond idle"
        yield f"  the carrier and families, too   {self.beside / n:.3f}"
        if self.unanswered:
            yield f"  NOT ANSWERED                    {self.unanswered} of {n} families"
        yield f"  memory (PSS)                    {memory_line(self.memory)}"


def memory_line(held: Amounts) -> str:
    by = ", ".join(f"{group} {held.get(group, 0):.0f}" for group in GROUPS)
    return f"{sum(held.values()):.0f} MB ({by})"
