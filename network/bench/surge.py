"""Many families at once: how long they wait, what each costs, and how that grows with what is there."""

import time
from collections.abc import Iterator, Mapping, Sequence

from network.bench import baselines, books
from network.bench.bursts import AT_ONCE, Burst, Result, TableSize, burst_of
from network.bench.processes import roots_of
from network.bench.stage import BenchStage, idle_of, play
from network.bench.town import town

REQUESTS, PEOPLE = (1, 100, 400), 2000
FLAT = 1.2


def run(
    requests: Sequence[int], people: Sequence[int], opened: Sequence[int], *, workers: int, alone: bool
) -> bool:
    """Print all of it; True if everybody was answered. `alone` leaves out the baselines."""
    cases = [TableSize(some, many) for some in people or [PEOPLE] for many in opened or [0]]
    bursts = [burst_of(request) for request in requests or (REQUESTS if len(cases) == 1 else (AT_ONCE,))]
    with town(members=0, responders=0, workers=workers, light=True) as here:
        print("a light carrier in this process, which answers at once; nobody answers offers")
        stage = BenchStage(here, books.dsn(here.environment), roots_of(here))
        here.bring_in_organizations()
        stage.fill("members", max(burst.requests for burst in bursts))
        results = {(case, burst): result for case in cases for burst, result in _case(stage, case, bursts)}
        _compare(results)
        if not alone:
            baselines.compare(stage, list(results.values()))
        if here.light.failed:
            print(f"the carrier's posts that were not taken: {here.light.failed}")
        return not any(result.unanswered for result in results.values())


def _case(stage: BenchStage, case: TableSize, bursts: Sequence[Burst]) -> Iterator[tuple[Burst, Result]]:
    began = time.monotonic()
    stage.fill("responders", case.people)
    processes = f"{stage.here.workers} worker{'s' if stage.here.workers > 1 else ''}"
    print(f"{case}; {processes}; put in within {time.monotonic() - began:.0f} s", flush=True)
    for burst in bursts:
        stage.clear(case.opened)
        result = play(stage, burst, idle=idle_of(stage))
        print("\n".join(result.lines()), flush=True)
        yield burst, result


def _compare(results: Mapping[tuple[TableSize, Burst], Result]) -> None:
    """What a request costs in each case, to what it costs in the first."""
    first: dict[Burst, Result] = {}
    for (_, burst), result in results.items():
        first.setdefault(burst, result)
    for (case, burst), result in results.items():
        if result is not first[burst]:
            ratio = result.cost / first[burst].cost
            said = "" if ratio <= FLAT else f", above {FLAT}"
            print(f"ratio of a request's cost: {ratio:.2f} with {case} ({burst}){said}")
