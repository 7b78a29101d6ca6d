"""All that `doctor` looks at, in its order. Says codes and variables' names; no value of any."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from network.checks.configuration import configuration
from network.checks.database import clock, connections, database, database_log, key, migrations
from network.checks.line import BY_HAND, bodies_at_carrier, canary, carrier, number, receipts, texts_to_us
from network.checks.people import confirmed_homes, coordinators, forecast, pair, wording
from network.checks.result import CheckResult
from network.checks.upkeep import (
    backup,
    backup_folder,
    heartbeat,
    history,
    rehearsal,
    restored_copy,
    retention,
    worker,
)


def examine(*, now: datetime) -> list[CheckResult]:
    """All checks; those that need the database are skipped when it doesn't answer."""
    findings = list(configuration())
    answers = database()
    findings.append(answers)
    inside: tuple[Callable[[datetime], CheckResult], ...] = (
        connections, database_log, migrations, key, clock, worker, coordinators, pair,
        confirmed_homes, wording, forecast, restored_copy, texts_to_us, receipts, canary, heartbeat,
        bodies_at_carrier, retention, history, backup_folder, backup, rehearsal, carrier,
    )  # fmt: skip
    comes_first = "the database" if answers.verdict == "fail" else ""
    for check in inside:
        if comes_first:
            name = check.__name__.replace("_", " ")
            findings.append(CheckResult(name, "skip", f"{comes_first} comes first"))
            continue
        findings.append(check(now))
        if check is migrations and findings[-1].verdict == "fail":
            comes_first = "migrating"  # what the others ask for may not be there
    if findings[-1].verdict == "pass":  # the carrier's
        findings += number()
    if not settings.DEMO:
        findings += [CheckResult(what, "skip", mend) for what, mend in BY_HAND.items()]
    return findings
