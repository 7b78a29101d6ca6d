"""Everything is down while people text; then it starts."""

import time
from collections.abc import Callable

from network.bench.town import town

LONGEST_S = 180.0


def run(texts: int, waiting: Callable[[dict[str, str]], int]) -> bool:
    """`waiting(environment)` gives the texts in not handled and texts out without an end.

    Half of the texts are members', half strangers'. True if all were handled within 60 s of the
    start, everybody was answered, and nobody got the same text twice.
    """
    with town(members=texts // 2, responders=0) as here:
        here.stop()
        for phone in here.members:
            here.types(phone, "I need help")
        for n in range(texts - len(here.members)):
            here.types(f"+1414{2000000 + n}", "hello?")
        time.sleep(3)
        began = time.monotonic()
        print(f"ready again after     {here.start():.1f} s")
        db = here.carrier.store.db
        sql = (
            "SELECT count(*), count(DISTINCT receiver || body), count(DISTINCT receiver)"
            " FROM messages WHERE direction = 'outbound-api'"
        )
        while time.monotonic() - began < LONGEST_S:
            sent, different, people = db.execute(sql).fetchone()
            if people >= texts and not waiting(here.environment):
                break
            time.sleep(1)
        took = time.monotonic() - began
        print(
            f"texts that waited     {texts}, answered to {people} phones; {sent - different} texts sent twice"
        )
        print(f"all handled after     {took:.1f} s from the start")
        return took <= 60 and people == texts and sent == different
